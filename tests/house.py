"""A small house with the people of the demo departments, and what tests do with it.

    公司 (head gaoguan) > 销售部 (head zhuguan; jingli, jingli2, yewu), 大客户部 (head bumen; jingli3),
                          市场部 (shichang), 客服部 (kefu); admin sits in 公司

The house is built once a session through verbs, kept in side tables, and copied back for each test that asks for it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import Client

from tests.prints import forget, tables

PASSWORD = "liuke-demo"
# user name: (name, department, role)
PEOPLE = {
    "admin": ("何建平", "公司", "system_admin"),
    "gaoguan": ("方致远", "公司", "executive"),
    "zhuguan": ("林国栋", "销售部", "sales_supervisor"),
    "jingli": ("陈静", "销售部", "account_manager"),
    "jingli2": ("周明远", "销售部", "account_manager"),
    "yewu": ("赵小满", "销售部", "salesperson"),
    "bumen": ("顾维钧", "大客户部", "department_head"),
    "jingli3": ("沈若兰", "大客户部", "account_manager"),
    "shichang": ("唐雨桐", "市场部", "marketing_staff"),
    "kefu": ("许文丽", "客服部", "service_staff"),
}
# name: (part of, head)
DEPARTMENTS = {
    "公司": (None, "gaoguan"),
    "销售部": ("公司", "zhuguan"),
    "大客户部": ("公司", "bumen"),
    "市场部": ("公司", None),
    "客服部": ("公司", None),
}


class House:
    """The people by user name (`house.jingli`), departments, and shortcuts to make records through their verbs."""

    def __init__(self) -> None:
        from liuke.accounts.models import Department, User

        self.people = {user.username: user for user in User.objects.filter(username__in=PEOPLE)}
        self.departments = {one.name: one for one in Department.objects.filter(name__in=DEPARTMENTS)}

    def __getattr__(self, username: str) -> Any:
        try:
            return self.__dict__["people"][username]
        except KeyError:
            raise AttributeError(username) from None

    def again(self, username: str) -> Any:
        """The person as he is in the database now, without anything remembered."""
        from liuke.accounts.models import User

        return User.objects.get(username=username)

    def item(self, category: str, value: str) -> Any:
        """An entry of the dictionary."""
        from liuke.base.models import DictionaryItem

        return DictionaryItem.objects.get(category=category, value=value)

    def customer(self, owner: Any, name: str = "宁波海川港务", **values: Any) -> Any:
        """With everything that people must fill in."""
        from liuke.customers.models import Customer

        given = {"region": self.item("地区", "浙江"), "level": self.item("客户等级", "1"), "phone": "0574-27690000"}
        return Customer(name=name, owner=owner, **{**given, "address": "港口路 8 号", **values}).create(by=owner)

    def contact(self, customer: Any, name: str = "王经理", **values: Any) -> Any:
        from liuke.customers.models import Contact

        given = {"gender": "male", "position": "采购经理", "office_phone": "0574-87651234", **values}
        return Contact(customer=customer, name=name, **given).create(by=customer.owner)

    def interaction(self, customer: Any, by: Any = None, **values: Any) -> Any:
        """Written by the customer's owner, unless somebody else is named."""
        from liuke.core import clock
        from liuke.customers.models import Interaction

        given = {"date": clock.today(), "place": "电话", "summary": "谈了交货期", "detail": "月底前要六台", **values}
        return Interaction(customer=customer, **given).create(by=by or customer.owner)

    def assessment(self, customer: Any, score: int = 4, by: Any = None, **values: Any) -> Any:
        from liuke.customers.models import CreditAssessment

        given = {"basis": "三年无逾期", **values}
        return CreditAssessment(customer=customer, score=score, **given).create(by=by or customer.owner)

    def opportunity(self, creator: Any, assignee: Any = None, **values: Any) -> Any:
        """Unassigned, or assigned by the general manager."""
        from liuke.marketing.models import Opportunity

        given = {
            "customer_name": "宁波港口机械",
            "success_rate": 40,
            "summary": "需要流量计",
            "description": "新建码头",
        }
        made = Opportunity(**{**given, **values}).create(by=creator)
        if assignee:
            made.assign(assignee, by=self.gaoguan)
        return made

    def plan_item(self, opportunity: Any, by: Any = None, **values: Any) -> Any:
        from liuke.core import clock
        from liuke.marketing.models import PlanItem

        given = {"date": clock.today() + timedelta(days=3), "content": "上门拜访", **values}
        return PlanItem(opportunity=opportunity, **given).create(by=by or opportunity.assignee)

    def management_report(self, by: Any = None, to: Any = None, **values: Any) -> Any:
        """A draft of the supervisor for the general manager and one account manager."""
        from liuke.reports.models import ManagementReport

        given = {"title": "十一月客户管理报告", "contribution_note": "前十名占六成", **values}
        sent = {"recipients": to or [self.gaoguan, self.jingli]}
        return ManagementReport(**given).create(by=by or self.zhuguan, many=sent)

    def office(self) -> Any:
        """Somebody of the back office, who keeps products, stock and orders."""
        from liuke.accounts.models import Role, User

        if "shangwu" not in self.people:
            made = User(username="shangwu", name="邵文博", department=self.departments["公司"]).create(by=self.admin)
            made.roles.add(Role.objects.get(code="back_office"))
            self.people["shangwu"] = self.again("shangwu")
        return self.people["shangwu"]

    def note(self, opportunity: Any, by: Any = None, **values: Any) -> Any:
        from liuke.marketing.models import FollowUpNote

        return FollowUpNote(opportunity=opportunity, **{"text": "客户要报价", **values}).create(
            by=by or opportunity.assignee
        )

    def alert(self, customer: Any, *measures: str, reason: str = "") -> Any:
        """A churn alert of the weekly check, for a customer that last ordered seven months ago; with measures it is
        postponed, with a reason confirmed."""
        from liuke.core import clock
        from liuke.retention.check import check
        from liuke.retention.models import OPEN, ChurnAlert
        from liuke.retention.silence import months_before

        self.ordered(customer, months_before(clock.today(), 7))
        check(clock.today())
        alert = ChurnAlert.objects.get(customer=customer, status__in=OPEN)
        for measure in measures:
            alert.postpone(measure, by=customer.owner)
        if reason:
            alert.confirm(reason, by=customer.owner)
        return alert

    def ordered(self, customer: Any, *days: Any) -> Any:
        """Orders of those days."""
        for day in days:
            self.order(customer, day)
        customer.refresh_from_db()
        return customer

    def order(self, customer: Any, day: Any, amount: Any = None, **values: Any) -> Any:
        """An order of that day, with one line where it has an amount; read from elsewhere, so that any day will do."""
        from liuke.commerce.models import Order, OrderLine

        made = Order(customer=customer, order_date=day, **values).create(by=None)
        if amount is not None:
            OrderLine(order=made, product_name="涡街流量计", quantity=1, unit_price=amount).create(by=None)
        return made

    def service(
        self, customer: Any, by: Any = None, to: Any = None, handled: bool = False, mark: int = 0, **values: Any
    ) -> Any:
        """A service request: new, or assigned `to` somebody by the supervisor, handled, answered with a mark."""
        from liuke.service.models import ServiceRequest

        given = {"summary": "读数漂移", "request": "读数比校验仪高三度", "type": self.item("服务类型", "1"), **values}
        made = ServiceRequest(customer=customer, **given).create(by=by or customer.owner)
        if to:
            made.assign(to, by=self.zhuguan)
        if handled or mark:
            made.handle("重新标定", by=to)
        if mark:
            made.feedback("客户复测", mark, by=customer.owner)
        return made

    def complaint(self, customer: Any, by: Any = None, staff: Any = None, result: str = "", **values: Any) -> Any:
        """A complaint for the service staff to look into, unless somebody else is named; closed where it has a
        result."""
        from liuke.core import clock
        from liuke.service.models import Complaint

        given = {"content": "表头进水，读数不准", "category": self.item("投诉类别", "产品损坏"), **values}
        given.setdefault("complained_at", clock.now())
        made = Complaint(customer=customer, staff=staff or self.kefu, **given).create(by=by or customer.owner)
        if result:
            made.close(result, by=staff or self.kefu)
        return made

    def task(self, by: Any, executor: Any, about: Any = None, until: str = "new", **values: Any) -> Any:
        """Given by one to another, about some record; carried on until it stands where it is wanted."""
        from liuke.core.links import link_to
        from liuke.workspace.models import Task

        given = {"title": "准备样机", "record": link_to(about) if about else "", **values}
        made = Task(executor=executor, **given).create(by=by)
        steps = {"accepted": made.accept, "in_progress": made.start}
        for status in ("accepted", "in_progress", "done")[: ("new", "accepted", "in_progress", "done").index(until)]:
            steps[status](by=executor) if status != "done" else made.finish("样机备好了", by=executor)
        return made


# building, and keeping for the next test


def build() -> None:
    """Seed a house as it is installed, and let its people move in."""
    from liuke.accounts.models import Department, Role, User
    from liuke.config.install import seed

    seed()
    word = make_password(PASSWORD)
    rooms: dict[str, Department] = {}
    for name, (above, _head) in DEPARTMENTS.items():
        rooms[name] = Department(name=name, parent=rooms.get(above)).create(by=None)
    chief = None
    for username, (name, department, role) in PEOPLE.items():
        user = User(username=username, name=name, department=rooms[department], password=word)
        user.create(by=chief)
        user.roles.add(Role.objects.get(code=role))
        chief = chief or user
    for name, (_above, head) in DEPARTMENTS.items():
        if head:
            rooms[name].update({"head": User.objects.get(username=head)}, by=chief)


KEPT = "kept_house_"


def keep() -> list[str]:
    """Build the house, put it aside, leave the database empty again. Returns the tables it fills."""
    from liuke.core.audit.keeping import unlocked

    with transaction.atomic():
        build()
    tables = [table for table in _tables() if _rows(table)]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS {KEPT}{table}")
            cursor.execute(f"CREATE TABLE {KEPT}{table} AS SELECT * FROM {table}")
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        with unlocked():
            cursor.execute("DELETE FROM core_auditentry")
    return tables


def move_in(tables: list[str]) -> House:
    forget()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {KEPT}{table}")
    return House()


def _tables() -> list[str]:
    return list(tables())


def _rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
        return cursor.fetchone() is not None


# clients


def page_client(user: Any = None, **kwargs: Any) -> Client:
    client = Client(**kwargs)
    if user is not None:
        client.force_login(user)
    return client


class Api:
    """A program that signs in with a token of this person. Paths are given behind /api/v1/."""

    def __init__(self, user: Any = None) -> None:
        from liuke.accounts.models import ApiToken

        self.client = Client()
        self.headers = {"Authorization": f"Bearer {ApiToken.issue(user, 'test')}"} if user else {}

    def get(self, path: str, **params: Any) -> Any:
        return self._send("get", path, params or None)

    def post(self, path: str, body: Any = None, key: str = "", **fields: Any) -> Any:
        more = {"Idempotency-Key": key} if key else {}
        return self._send("post", path, fields if body is None else body, more)

    def patch(self, path: str, body: Any = None, **fields: Any) -> Any:
        return self._send("patch", path, fields if body is None else body)

    def delete(self, path: str) -> Any:
        return self._send("delete", path)

    def _send(self, method: str, path: str, data: Any = None, more: dict[str, str] | None = None) -> Any:
        kind = {} if method == "get" else {"content_type": "application/json"}
        where = path if path.startswith("/") or "://" in path else f"/api/v1/{path}"
        return getattr(self.client, method)(where, data, headers={**self.headers, **(more or {})}, **kind)
