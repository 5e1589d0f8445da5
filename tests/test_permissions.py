"""Every door for every person: each address and operation there is, on records near and far, against the table.

What is walked comes from the URL resolver, so that a new address without a line in permissions_table.py fails here.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import get_resolver

from liuke.core import clock
from liuke.core.models import Errand, Notice
from liuke.core.register import resources
from liuke.core.urls import batch_names
from tests.house import PASSWORD, Api, page_client
from tests.permissions_table import BY_LINK, FILES, ONE_OFF, OPERATIONS, PAGES, ROLES, SIGNING, TABLE
from tests.prints import fingerprints

MISSING = 987_654_321
SIGNS = {200: "+", 201: "+", 204: "+", 302: "+", 403: "x", 404: ".", 409: "9", 422: "2", 401: "login"}


# the addresses there are


def routes(patterns=None, before=""):
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from routes(one.url_patterns, route)
        else:
            yield route


def page_act(route: str) -> tuple[str, str] | None:
    """(resource, act) of a page of a Resource."""
    name, _slash, rest = route.partition("/")
    if name not in TABLE:
        return None
    if rest in PAGES:
        return name, PAGES[rest]
    verb = re.fullmatch(r"(?:<int:pk>|batch)/([a-z_]+)/", rest)
    return (name, verb[1]) if verb and verb[1] in TABLE[name] else None


def operation_act(method: str, path: str) -> tuple[str, str] | None:
    name, slash, rest = path.removeprefix("/api/v1/").partition("/")
    if name not in TABLE:
        return None
    if (method, slash + rest) in OPERATIONS:
        return name, OPERATIONS[method, slash + rest]
    verb = re.fullmatch(r"{id}/([a-z_]+)", rest)
    return (name, verb[1]) if verb and method == "post" and verb[1] in TABLE[name] else None


def one_off_routes() -> set[str]:
    return {re.sub(r"{\w+}", "*", path) for _method, path, _who, _sign in ONE_OFF}


def plain(route: str) -> str:
    return re.sub(r"<[^>]+>", "*", route)


def test_every_address_has_a_line_in_the_table():
    known = one_off_routes() | {*SIGNING, *map(plain, BY_LINK)}
    known |= {"jobs/*/run/", "api/v1/openapi.json", "api/*"}
    lost = [
        route
        for route in routes()
        if not (page_act(route) or plain(route) in known or _is_operation_address(route) or is_of_files(route))
    ]
    assert not lost, f"No line in permissions_table.py covers {lost}"


def is_of_files(route: str) -> bool:
    """Walked in test_file_permissions.py."""
    return route.removeprefix("/").removeprefix("api/v1/").partition("/")[0] in FILES and "/attachments" in route


def _is_operation_address(route: str) -> bool:
    path = "/" + route.replace("<int:pk>", "{id}")
    return any(operation_act(method, path) for method in ("get", "post"))


def test_every_operation_of_the_api_has_a_line_in_the_table(house, api):
    paths = api(house.admin).get("openapi.json").json()["paths"]
    operations = [(method, path) for path, one in paths.items() for method in one if method != "parameters"]
    assert len(operations) > 70
    known = one_off_routes()
    lost = [one for one in operations if not operation_act(*one) and re.sub(r"{\w+}", "*", one[1][1:]) not in known]
    assert [one for one in lost if not is_of_files(one[1])] == []


def test_every_resource_and_act_of_the_table_exists():
    entered = {"create", "update", "delete", "restore", "purge", "import"}
    acts = {one.name: {"list", "view", "export", *(entered if one.fields else ())} for one in resources()}
    for resource in resources():
        acts[resource.name] |= {verb.name for verb in resource.verbs}
    told = {
        name: {act for act in lines if act not in ("objects", "create_objects", "create_for")}
        for name, lines in TABLE.items()
    }
    assert told == acts


# the records


@pytest.fixture
def things(house):
    """Everything the table names, by its short name: a record."""
    return make_things(house)


def make_things(house):
    from liuke.accounts.models import Department, Position, Role, User
    from liuke.base.models import City, CustomField, DictionaryItem, Industry
    from liuke.customers.models import CustomerCategory, CustomerStatus, Ownership
    from liuke.marketing.models import SalesProfile, SalesStage

    admin, t = house.admin, {}
    key_accounts = house.departments["大客户部"]
    t["jingli4"] = User(username="jingli4", name="韩冰", department=key_accounts).create(by=admin)
    t["jingli4"].roles.add(Role.objects.get(code="account_manager"))
    t["us"], t["ua"] = house.jingli2, admin
    t["ux"] = User(username="tingyong", name="停用的人").create(by=admin)
    t["ux"].disable(by=admin)
    t["uf"] = User(username="kongxian", name="手上没事的人").create(by=admin)
    t["ud"] = User(username="zouliao", name="走了的人").create(by=admin)
    t["ud"].delete(by=admin)
    for n, username in enumerate(("jingli", "jingli2", "jingli3"), start=1):
        person = getattr(house, username)
        t[username] = person
        t[f"u{n}"] = house.opportunity(person, customer_name=f"待指派{n}")
        t[f"a{n}"] = house.opportunity(
            person, person, customer_name=f"开发中{n}", contact_name="周工", contact_phone="13800138000"
        )
        t[f"p{n}"] = house.plan_item(t[f"a{n}"])
        t[f"n{n}"] = house.note(t[f"a{n}"])
        t[f"c{n}"] = house.customer(person, name=f"客户{n}")
        t[f"k{n}"] = house.contact(t[f"c{n}"])
        t[f"t{n}"] = house.interaction(t[f"c{n}"])
        t[f"q{n}"] = house.assessment(t[f"c{n}"])
    jingli, zhuguan = house.jingli, house.zhuguan
    t["uy"] = house.opportunity(house.yewu, customer_name="业务员录入")
    t["w1"] = house.opportunity(
        jingli, jingli, customer_name="已成交", contact_name="吴总", contact_phone="13900139000"
    )
    t["pw"], t["nw"] = house.plan_item(t["w1"]), house.note(t["w1"])
    t["w1"].win(by=jingli)
    t["d1"] = house.opportunity(jingli, customer_name="已删除").delete(by=jingli)
    t["py"] = house.plan_item(t["a1"], executor=house.yewu)
    t["pj"] = house.plan_item(t["a1"], executor=house.jingli2)
    t["px"] = house.plan_item(t["a1"])
    t["px"].execute("见到了采购经理", by=jingli)
    t["pd"] = house.plan_item(t["a1"]).delete(by=jingli)
    t["nz"], t["nd"] = house.note(t["a1"], by=zhuguan), house.note(t["a1"]).delete(by=jingli)
    t["kd"] = house.contact(t["c1"]).delete(by=jingli)
    t["ch"] = house.customer(jingli, name="流失客户")
    t["kh"], t["th"] = house.contact(t["ch"]), house.interaction(t["ch"])
    t["ty"], t["td"] = house.interaction(t["c1"], by=house.yewu), house.interaction(t["c1"]).delete(by=jingli)
    type(t["ch"]).objects.filter(pk=t["ch"].pk).update(status="churned")
    t["cd"] = house.customer(jingli, name="删除的客户")
    t["kc"], t["tc"], t["qc"] = house.contact(t["cd"]), house.interaction(t["cd"]), house.assessment(t["cd"])
    t["ec"] = house.service(t["cd"])
    t["cd"].delete(by=jingli)
    for n in (1, 2, 3):
        t[f"y{n}"] = house.alert(house.customer(t[f"c{n}"].owner, name=f"沉默的{n}"))
        t[f"z{n}"] = _postponed(house, t[f"c{n}"].owner, f"打过电话的{n}")
    t["yp"] = t["z1"].alert
    t["yc"] = house.alert(house.customer(jingli, name="确认流失的"), "上门谈过", reason="停产")
    t["zc"] = t["yc"].measures.get()
    t["yx"] = house.alert(house.customer(jingli, name="沉默又删除的"), "打过电话")
    t["zd"] = t["yx"].measures.get()
    t["yx"].customer.delete(by=jingli)
    t["cp"] = house.customer(house.jingli, name="客户池里的")
    t["cp"].release(by=house.jingli)
    Ownership.objects.filter(customer=t["cp"]).update(owner=None)  # so long ago that nobody has to wait
    kefu = house.kefu
    t["e1"], t["ey"] = house.service(t["c1"]), house.service(t["c1"], by=house.yewu)
    t["e3"] = house.service(t["c3"])
    t["ga"], t["gk"] = house.service(t["c1"], to=jingli), house.service(t["c1"], to=kefu)
    t["gy"] = house.service(t["c3"], by=kefu, to=house.yewu)
    t["he"], t["va"] = house.service(t["c1"], to=kefu, handled=True), house.service(t["c1"], to=kefu, mark=5)
    t["r1"], t["rv"] = t["he"].handlings.get(), t["va"].handlings.get()
    t["ed"] = house.service(t["c1"]).delete(by=jingli)
    _make_promises(t, house)
    _make_articles(t, house)
    _make_complaints(t, house)
    _make_tasks(t, house)
    t["df"], t["du"] = Department(name="空部门").create(by=admin), house.departments["客服部"]
    t["dd"] = Department(name="撤销的部门").create(by=admin).delete(by=admin)
    t["rf"], t["ru"] = Role(name="没人用", code="unused").create(by=admin), Role.objects.get(code="service_staff")
    t["rd"] = Role(name="删除的角色", code="gone").create(by=admin).delete(by=admin)
    level = DictionaryItem.objects.get(category="客户等级", value="2")
    t["iu"] = level
    house.customer(jingli, name="大客户", level=level)
    t["if"] = DictionaryItem(category="地区", entry="海南", value="海南").create(by=admin)
    t["id"] = DictionaryItem(category="地区", entry="西藏", value="西藏").create(by=admin).delete(by=admin)
    t["fi"] = DictionaryItem(category="地区", entry="固定", value="固定", editable=False).create(by=admin)
    added = {"resource": "customers", "kind": "number"}
    t["xu"] = CustomField(label="计量器具数量", code="meters", **added).create(by=admin)
    t["xf"] = CustomField(resource="contacts", label="片区", kind="choice", category="地区").create(by=admin)
    t["xd"] = CustomField(label="撤销的字段", **added).create(by=admin).delete(by=admin)
    t["c1"].update({"x_meters": 12}, by=jingli)
    stage = {"position": 90, "win_probability": 5}
    t["sf"], t["su"] = SalesStage(name="没用的阶段", **stage).create(by=admin), t["u1"].stage
    t["sd"] = SalesStage(name="删除的阶段", **stage).create(by=admin).delete(by=admin)
    t["f1"] = SalesProfile(user=jingli).create(by=zhuguan)
    t["f3"] = SalesProfile(user=house.jingli3).create(by=zhuguan)
    t["fd"] = SalesProfile(user=house.jingli2).create(by=zhuguan).delete(by=zhuguan)
    house.used_position = Position(name="客户经理").create(by=admin)
    house.jingli.update({"position": house.used_position}, by=admin)
    used_industry, used_city = Industry.objects.first(), City.objects.first()
    house.customer(jingli, name="有行业的", industry=used_industry, city=used_city)
    used_status, used_category = CustomerStatus.objects.first(), CustomerCategory(name="沿海港口").create(by=admin)
    sorted_one = house.customer(jingli, name="归了类的", follow_status=used_status)
    sorted_one.update({}, by=jingli, many={"categories": [used_category]})
    _make_commerce(t, house)
    t["customer-statuses"] = _free_used_gone(CustomerStatus, used_status, admin)
    t["customer-categories"] = _free_used_gone(CustomerCategory, used_category, admin)
    t["g1"], t["g2"] = house.management_report(), house.management_report(title="十月报告")
    t["g2"].submit(by=zhuguan)
    t["gd"] = house.management_report(title="删除的报告").delete(by=zhuguan)
    t["positions"] = _free_used_gone(Position, house.used_position, admin)
    t["industries"] = _free_used_gone(Industry, used_industry, admin)
    t["cities"] = _free_used_gone(City, used_city, admin)
    return t


def _make_promises(t, house):
    from liuke.base.models import CalendarDay
    from liuke.service.models import ServiceAgreement, ServiceDue

    t["wf"] = CalendarDay(name="厂庆", date=date(2030, 5, 6)).create(by=house.admin)
    t["wm"] = CalendarDay(name="厂庆调休", date=date(2030, 5, 5), kind="worked").create(by=house.admin)
    t["wd"] = CalendarDay(name="取消的", date=date(2030, 5, 7)).create(by=house.admin).delete(by=house.admin)
    hours = {"name": "年度保障", "response_hours": 4, "valid_from": date(2020, 1, 1)}
    for label, customer in (("s1", "c1"), ("s3", "c3"), ("sx", "c1")):
        t[label] = ServiceAgreement(customer=t[customer], **hours).create(by=house.zhuguan)
    t["sx"].delete(by=house.zhuguan)
    t["sc"] = ServiceAgreement(customer=t["c1"], **hours).create(by=house.zhuguan)
    ServiceAgreement.objects.filter(pk=t["sc"].pk).update(customer=t["cd"])  # it was there before its customer went
    due = {"agreement": t["s1"], "kind": "response", "due_at": clock.now()}
    t["m1"] = ServiceDue(request=t["ga"], **due).create(by=house.zhuguan)
    t["mk"] = ServiceDue(request=t["gk"], **due).create(by=house.zhuguan)


def _make_articles(t, house):
    from liuke.service.models import KnowledgeArticle

    given = {"title": "温漂处理", "text": "升级固件", "knowledge_class": house.item("知识类别", "faq")}
    t["j3"] = KnowledgeArticle(**given).create(by=house.jingli3)
    for label in ("j1", "jr", "jw", "jx"):
        t[label] = KnowledgeArticle(**given).create(by=house.jingli)
    for label in ("jr", "jw"):
        t[label].release(by=house.kefu)
    t["jw"].withdraw("过时了", by=house.kefu)
    t["jx"].delete(by=house.jingli)
    t["jv"] = KnowledgeArticle.of(t["va"])


def _make_complaints(t, house):
    from liuke.service.models import Complaint, FollowUpVisit

    t["ts1"] = house.complaint(t["c1"])
    t["ts3"] = house.complaint(t["c3"], by=house.kefu, staff=house.yewu)
    t["tsc"], t["tsd"] = house.complaint(t["c1"], result="换了新表"), house.complaint(t["c1"]).delete(by=house.jingli)
    t["tse"] = house.complaint(t["c1"])
    t["wa"], t["wx"] = FollowUpVisit.objects.get(request=t["va"]), FollowUpVisit.objects.get(complaint=t["tsc"])
    t["wx"].record(4, "来得快", by=house.kefu)
    t["wy"] = house.complaint(t["c3"], by=house.kefu, staff=house.yewu, result="补发了").visits.get()
    Complaint.objects.filter(pk=t["tse"].pk).update(customer=t["cd"])  # it was there before its customer went


def _make_tasks(t, house):
    jingli, kefu, yewu = house.jingli, house.kefu, house.yewu
    t["xn"] = house.task(jingli, house.jingli2)
    t["xa"] = house.task(house.zhuguan, jingli, until="accepted")
    t["xp"] = house.task(kefu, house.jingli3, until="in_progress")
    t["xo"] = house.task(jingli, jingli, until="done")
    t["xr"] = house.task(jingli, yewu)
    t["xr"].refuse("没有时间", by=yewu)
    t["xx"] = house.task(jingli, yewu).delete(by=jingli)


def _make_commerce(t, house):
    from liuke.commerce.models import Order, OrderLine, Product, StockRecord, Warehouse

    office = house.office()
    t["v1"], t["vd"] = Product(name="流量计").create(by=office), Product(name="旧型号").create(by=office)
    t["vd"].disable(by=office)
    t["vx"] = Product(name="删除的产品").create(by=office).delete(by=office)
    t["h1"] = Warehouse(name="总仓").create(by=office)
    t["hx"] = Warehouse(name="撤销的仓库").create(by=office).delete(by=office)
    t["b1"] = StockRecord(product=t["v1"], warehouse=t["h1"], bin="A-01").create(by=office)
    t["bx"] = StockRecord(product=t["v1"], warehouse=t["h1"], bin="A-02").create(by=office).delete(by=office)
    line = {"product": t["v1"], "quantity": 2, "unit_price": 100}
    for n in (1, 2, 3):
        t[f"o{n}"] = Order(customer=t[f"c{n}"]).create(by=t[f"c{n}"].owner)
        t[f"l{n}"] = OrderLine(order=t[f"o{n}"], **line).create(by=t[f"c{n}"].owner)
    t["oh"], t["od"] = Order(customer=t["ch"]).create(by=house.jingli), Order(customer=t["c1"]).create(by=house.jingli)
    t["od"].delete(by=office)
    t["op"] = Order(customer=t["c1"], fulfilment=2).create(by=office)
    t["oc"] = Order(customer=t["c1"]).create(by=house.jingli)
    Order.objects.filter(pk=t["oc"].pk).update(customer=t["cd"])  # it was there before its customer was deleted
    t["lx"] = OrderLine(order=t["o1"], **line).create(by=house.jingli).delete(by=office)


def _postponed(house, owner, name):
    return house.alert(house.customer(owner, name=name), "打过电话").measures.get()


def _free_used_gone(model, used, admin):
    free = model(name="没人用").create(by=admin)
    return {"df": free, "du": used, "dd": model(name="删除的").create(by=admin).delete(by=admin)}


def thing_id(things, resource: str, name: str) -> int:
    if name == "--":
        return MISSING
    return (things.get(resource) or things)[name].pk if isinstance(things.get(resource), dict) else things[name].pk


# what is sent


def entry(resource: str, things, role: str, target: str = "") -> dict:
    """A whole form for a new record."""
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    return {
        "opportunities": {"customer_name": "新机会", "success_rate": 50, "summary": "概要", "description": "描述"},
        "plan-items": {"opportunity": _pk(things, target or "a1"), "date": tomorrow, "content": "电话回访"},
        "follow-up-notes": {"opportunity": _pk(things, target or "a1"), "text": "对方在比价"},
        "customers": {
            "name": "新客户",
            "kind": "organization",
            "owner": _pk(things, target or "jingli"),
            "region": "北京",
            "level": "1",
            "address": "人民路 1 号",
            "phone": "010-12345678",
        },
        "contacts": {
            "customer": _pk(things, target or "c1"),
            "name": "新联系人",
            "gender": "female",
            "position": "经理",
            "office_phone": "0571-1234567",
        },
        "interactions": {
            "customer": _pk(things, target or "c1"),
            "date": clock.today().isoformat(),
            "place": "电话",
            "summary": "谈了价格",
            "detail": "对方要三个点",
        },
        "credit-assessments": {
            "customer": _pk(things, target or "c1"),
            "score": 4,
            "date": clock.today().isoformat(),
            "basis": "三年无逾期",
        },
        "service-requests": {
            "customer": _pk(things, target or "c1"),
            "type": "1",
            "summary": "新来电",
            "request": "读数偏高",
        },
        "service-handlings": {"request": _pk(things, "he"), "round": 7, "method": "重启"},
        "complaints": {
            "customer": _pk(things, target or "c1"),
            "category": "产品损坏",
            "content": "表头进水",
            "complained_at": clock.now().isoformat(),
            "staff": _pk(things, "jingli"),
        },
        "service-agreements": {
            "name": "新保障",
            "customer": _pk(things, target or "c1"),
            "kind": "paid",
            "response_hours": 2,
            "valid_from": "2026-01-01",
        },
        "service-dues": {
            "request": _pk(things, "he"),
            "agreement": _pk(things, "s1"),
            "kind": "onsite",
            "due_at": clock.now().isoformat(),
        },
        "knowledge-articles": {"title": "新文章", "knowledge_class": "faq", "text": "正文"},
        "calendar-days": {"name": "新假日", "date": "2031-05-06", "kind": "free"},
        "customer-statuses": {"name": "新状态", "tone": "blue", "position": 9},
        "customer-categories": {"name": "新分类", "position": 9},
        "users": {"username": "xinren", "name": "新人"},
        "departments": {"name": "新部门"},
        "positions": {"name": "新职位"},
        "industries": {"name": "新行业"},
        "cities": {"name": "新城市"},
        "roles": {"name": "新角色", "code": "brand_new"},
        "dictionary-items": {"category": "地区", "entry": "新疆", "value": "新疆", "position": 5, "editable": True},
        "sales-stages": {"name": "新阶段", "position": 50, "win_probability": 20},
        "management-reports": {"title": "新报告", "year": 2026},
        "custom-fields": {"resource": "customers", "label": "新字段", "kind": "text", "position": 1},
        "products": {"name": "新产品"},
        "warehouses": {"name": "新仓库"},
        "stock-records": {"product": things["v1"].pk, "warehouse": things["h1"].pk, "bin": "Z-9"},
        "orders": {"customer": _pk(things, target or "c1"), "order_date": clock.today().isoformat()},
        "order-lines": {
            "order": _pk(things, target or "o1"),
            "product_name": "阀门",
            "quantity": "2.5",
            "unit_price": "9.90",
        },
        "tasks": {"title": "准备样机", "executor": _pk(things, "us"), "priority": 2},
        "sales-profiles": {"user": _pk(things, "jingli4" if role == "bumen" else "us"), "region": "北京"},
    }[resource]


def _pk(things, name: str) -> int | str:
    return "pool" if name == "POOL" else things[name].pk  # a new customer may go to the pool instead of to somebody


OWN_CREATION = {
    "customers": {"jingli2": "jingli2", "jingli3": "jingli3"},
    "plan-items": {"bumen": "a3", "jingli2": "a2", "jingli3": "a3"},
    "follow-up-notes": {"bumen": "a3", "jingli2": "a2", "jingli3": "a3"},
    "contacts": {"bumen": "c3", "jingli2": "c2", "jingli3": "c3"},
    "interactions": {"bumen": "c3", "jingli2": "c2", "jingli3": "c3"},
    "credit-assessments": {"bumen": "c3", "jingli2": "c2", "jingli3": "c3"},
}


def change(resource: str, record, api: bool) -> dict:
    """A change that everybody who may change this record may make; a page sends its whole form."""
    if resource == "opportunities":
        whole = {"customer_name": "改了名", "success_rate": 60, "summary": "新的", "description": "新"}
        return whole if record.status == "unassigned" else {"subject": "流量计"}  # then the seven fields are frozen
    if resource == "service-requests" and not api and record.status == "new":
        return {"customer": record.customer_id, "type": "3", "summary": "改了概要", "request": "改了"}
    small = {
        "plan-items": {"content": "改为视频会议"},
        "follow-up-notes": {"text": "改过的记录"},
        "customers": {"name": "改了名的客户"},
        "contacts": {"name": "改了名的人"},
        "interactions": {"summary": "改过的概要"},
        "credit-assessments": {"basis": "改过的依据"},
        "service-requests": {"type": "3"},
        "service-handlings": {"method": "改过的方法"},
        "complaints": {"category": "其他"},
        "service-dues": {"kind": "onsite"},
        "knowledge-articles": {"title": "改了标题"},
        "users": {"name": "改了名的人"},
        "dictionary-items": {"entry": "改了"},
        "sales-stages": {"name": "改了名"},
        "management-reports": {"title": "改了名的报告", "year": 2026},
        "sales-profiles": {"region": "上海"},
        "custom-fields": {"label": "改了名"},
        "tasks": {"title": "改了题目"},
    }.get(resource, {"name": "改了名"})
    if api:
        return small
    whole = {
        "customers": lambda: {
            "kind": "organization",
            "owner": record.owner_id,
            "region": "北京",
            "level": "1",
            "address": "人民路 1 号",
            "phone": "010-12345678",
        },
        "contacts": lambda: {
            "customer": record.customer_id,
            "gender": "female",
            "position": "经理",
            "office_phone": "0571-1234567",
        },
        "interactions": lambda: {
            "customer": record.customer_id,
            "date": record.date,
            "place": record.place,
            "detail": record.detail,
        },
        "customer-statuses": lambda: {"tone": "red", "position": 1},
        "customer-categories": lambda: {"position": 1},
        "users": lambda: {"username": record.username},
        "roles": lambda: {"code": record.code},
        "tasks": lambda: {"executor": record.executor_id, "priority": 2},
        "dictionary-items": lambda: {
            "category": record.category,
            "value": record.value,
            "position": 1,
            "editable": "on",
        },
        "sales-stages": lambda: {"position": 50, "win_probability": 20},
        "sales-profiles": lambda: {"user": record.user_id},
        "complaints": lambda: {
            "customer": record.customer_id,
            "content": record.content,
            "complained_at": record.complained_at.isoformat(),
            "staff": record.staff_id,
        },
        "service-agreements": lambda: {
            "customer": record.customer_id,
            "kind": "free",
            "response_hours": 3,
            "valid_from": "2026-01-01",
        },
        "calendar-days": lambda: {"date": record.date.isoformat(), "kind": "free"},
        "knowledge-articles": lambda: {"knowledge_class": "faq", "text": "改过的正文"},
        "custom-fields": lambda: {
            "resource": record.resource,
            "code": record.code,
            "kind": record.kind,
            "category": record.category,
            "position": 1,
        },
    }.get(resource, dict)()
    return whole | small


def verb_input(name: str, act: str, things) -> dict:
    return {
        "hand_over": {"to": _pk(things, "jingli4"), "reason": "离职"},
        "transfer": {"owner": _pk(things, "jingli4")},
        "assign": {"owner" if name == "customers" else "assignee": _pk(things, "jingli4")},
        "handle": {"method": "重新标定"},
        "close": {"result": "换了新表"},
        "take_in": {"text": "补充过的正文"},
        "hand_on": {"staff": _pk(things, "jingli4"), "reason": "要看现场"},
        "record": {"satisfaction": 4},
        "give_up": {"reason": "空号"},
        "raise_request": {"summary": "表头进水"},
        "feedback": {"result": "客户复测", "satisfaction": 4},
        "escalate": {"reason": "停产了"},
        "reassign": {"executor" if name == "tasks" else "assignee": _pk(things, "jingli4"), "reason": "休假"},
        "finish": {"result": "样机备好了"},
        "refuse": {"reason": "没有时间"},
        "win": {"customer": "new"},
        "lose": {"reason": "没有预算"},
        "reopen": {"reason": "弄错了"},
        "set_stage": {"stage": _pk(things, "sf")},
        "execute": {"result": "客户同意试用"},
        "postpone": {"measure": "带样机上门"},
        "confirm": {"reason": "停产"},
        "reactivate": {"reason": "又来询价"},
        "withdraw": {"reason": "过时了"},
        "save_as_article": {"title": "温漂处理", "knowledge_class": "faq", "text": "升级固件"},
        "set_follow_status": {"follow_status": things["customer-statuses"]["du"].pk},
    }.get(act, {})


# the walk


def expected(resource: str, act: str, role: str) -> dict[str, str]:
    """{object: sign} as the table tells it."""
    objects = TABLE[resource]["objects"].split()
    signs = _line(TABLE[resource][act], role)
    signs = signs * len(objects) if len(signs) == 1 else signs
    assert len(signs) == len(objects), f"{resource} {act} {role}: {len(signs)} signs for {len(objects)} objects"
    return dict(zip(objects, signs, strict=True))


def _line(lines: str, role: str) -> str:
    for line in lines.strip().splitlines():
        name, _space, signs = line.strip().partition(" ")
        if name == role:
            return signs.replace(" ", "")
    return "x"


class Walk:
    """One person at every door. Refusals are held against the fingerprint of the database; what works is undone."""

    def __init__(self, person, things):
        self.person, self.things = person, things
        self.pages, self.api = page_client(person), Api(person)
        self.wrong: list[str] = []
        self.count = self.writes = 0

    def send(self, want: str, method: str, path: str, data=None) -> None:
        undo = method != "get" and want == "+"
        with transaction.atomic():
            response = self._answer(method, path, data, part=method != "get" or want != "+")
            if undo:
                transaction.set_rollback(True)
        self.count += 1
        self.writes += method != "get"
        got = SIGNS.get(response.status_code, str(response.status_code))
        if response.status_code == 302 and response["Location"].startswith("/login"):
            got = "login"
        if got != want:
            self.wrong.append(f"{self.person.username} {method.upper()} {path}: {got}, not {want}{self._why(response)}")

    def _answer(self, method, path, data, part):
        """What opens is looked at as a whole page; forms and dialogs are sent as htmx sends them."""
        if path.startswith("/api/"):
            return self.api._send(method, path, data)
        headers = {"HX-Request": "true"} if part else {}
        return getattr(self.pages, method)(path, data, headers=headers)

    @staticmethod
    def _why(response) -> str:
        return f" {response.content.decode()[:300]}" if "json" in response.get("Content-Type", "") else ""

    def resource(self, resource) -> None:
        name = resource.name
        before = fingerprints()
        self._lists(resource)
        if resource.fields:
            self._creation(resource)
        for act in TABLE[name]:
            if act not in ("objects", "list", "create", "create_objects", "create_for", "export", "import"):
                self._act(name, act)
        self._batches(resource)
        after = fingerprints()
        if after != before:
            self.wrong.append(
                f"{self.person.username} {name}: a refusal changed {[t for t in after if after[t] != before[t]]}"
            )

    def _may(self, name, act) -> str:
        return "+" if self.person.username in TABLE[name][act].split() else "x"

    def _lists(self, resource) -> None:
        name, seen = resource.name, self._may(resource.name, "list")
        self.send(seen, "get", f"/{name}/")
        self.send(seen, "get", f"/api/v1/{name}")
        if resource.stats:
            self.send(seen, "get", f"/{name}/stats/")
        for part in ("count/", "sums/", "where/", "columns/", "views/new/"):
            self.send(seen, "get", f"/{name}/{part}")
        self.send(seen, "post", f"/{name}/columns/", {"order": "id", "show": "id"})
        self.send(seen, "post", f"/{name}/views/new/", {"name": "场景"})
        for act in ("edit", "delete"):
            self.send("." if seen == "+" else seen, "post", f"/{name}/views/{MISSING}/{act}/", {"name": "场景"})
        for kind in ("csv", "xlsx"):
            self.send(self._may(name, "export"), "get", f"/{name}/export.{kind}")
        for method in ("get", "post"):
            self.send(self._may(name, "export"), method, f"/{name}/export/")
        if resource.fields:
            self._imports(name)
            self.send(seen if seen == "x" else ".", "get", f"/{name}/choices/no-such-field/")
        for field in resource.field_names:
            if resource.model._meta.get_field(field).many_to_one:
                known = resource.model._meta.get_field(field).related_model
                has = any(one.model is known for one in resources())
                self.send(seen if has or seen == "x" else ".", "get", f"/{name}/choices/{field}/")
        if seen == "+":
            self._list_holds_what_is_seen(name)

    def _imports(self, name) -> None:
        may, here = self._may(name, "import"), f"/{name}/import/"
        for page in ("", "template.csv", "template.xlsx"):
            self.send(may, "get", f"{here}{page}")
        self.send("2" if may == "+" else may, "post", here)  # without a file
        gone = "." if may == "+" else may
        for step in ("", "check/", "result/", "undo/"):
            self.send(gone, "get", f"{here}{MISSING}/{step}")
            self.send(gone, "post", f"{here}{MISSING}/{step}", {"rule": "skip"})
        self.send(gone, "get", f"{here}{MISSING}/errors/")

    def _list_holds_what_is_seen(self, name) -> None:
        """The list and the recycle bin name exactly the records the table lets this person see."""
        seen = expected(name, "view", self.person.username)
        left_out = next(one.left_out for one in resources() if one.name == name)
        everything = (
            f"limit=200&{left_out[0]}=" if left_out else "limit=200"
        )  # what lists do not show of themselves, too
        for query, bin_ in ((everything, False), ("limit=200&status=deleted", True)):
            listed = {row["id"] for row in self.api.get(f"{name}?{query}").json()["items"]}
            for label, sign in seen.items():
                pk = thing_id(self.things, name, label)
                gone = pk != MISSING and self._record(name, label).deleted_at is not None
                should = sign == "+" and gone == bin_
                self.count += 1
                if (pk in listed) != should:
                    self.wrong.append(
                        f"{self.person.username} {name}?{query}: {label} {'missing' if should else 'shown'}"
                    )

    def _batches(self, resource) -> None:
        """All objects of the table at once: done are exactly those that can be done one by one, the others are told."""
        name = resource.name
        seen, carries = self._may(name, "list"), self._may(name, "export")
        labels = TABLE[name]["objects"].split()
        ids = {label: thing_id(self.things, name, label) for label in labels}
        chosen = ",".join(map(str, ids.values()))
        self.send(seen, "get", f"/{name}/batch/?ids={chosen}")
        for kind in ("print/", "batch/print/", "batch/export/"):
            self.send(carries, "get", f"/{name}/{kind}?ids={chosen}")
        for act in batch_names(resource):
            granted = resource.may(self.person, act)
            self.send("+" if granted else "x", "get", f"/{name}/batch/{act}/?ids={chosen}")
            if not granted:
                self.send("x", "post", f"/{name}/batch/{act}/", {"ids": chosen})
            elif act == "delete":
                self._deleted_together(name, ids, chosen)

    def _deleted_together(self, name, ids, chosen) -> None:
        model = next(one.model for one in resources() if one.name == name)
        alive = set(model.objects.alive().filter(pk__in=ids.values()).values_list("pk", flat=True))
        with transaction.atomic():
            answer = self._answer("post", f"/{name}/batch/delete/", {"ids": chosen}, part=True)
            left = set(model.objects.alive().filter(pk__in=ids.values()).values_list("pk", flat=True))
            transaction.set_rollback(True)
        self.count += 1
        self.writes += 1
        line = expected(name, "delete", self.person.username)
        should = {ids[label] for label, sign in line.items() if sign == "+"}
        if alive - left != should or answer.status_code not in (200, 204):
            self.wrong.append(f"{self.person.username} {name} batch delete: {alive - left}, not {should}")

    def _creation(self, resource) -> None:
        name, role = resource.name, self.person.username
        may = self._may(name, "create")
        self.send(may, "get", f"/{name}/new/")
        targets = {OWN_CREATION.get(name, {}).get(role, ""): may}
        if "create_objects" in TABLE[name] and may == "+":
            objects = TABLE[name]["create_objects"].split()
            targets = dict(zip(objects, _line(TABLE[name]["create_for"], role), strict=True))
        for target, want in targets.items():
            body = entry(name, self.things, role, target)
            self.send(want, "post", f"/{name}/new/", body)
            self.send(want, "post", f"/api/v1/{name}", body)

    def _record(self, name, label):
        return self.things[name][label] if isinstance(self.things.get(name), dict) else self.things[label]

    def _act(self, name, act) -> None:
        """The API for every object, pages for one object of each outcome; two objects where nothing is granted."""
        looked, line = set(), expected(name, act, self.person.username)
        if set(line.values()) == {"x"}:
            line = dict.fromkeys((next(iter(line)), "--"), "x")
        for label, want in line.items():
            pk = thing_id(self.things, name, label)
            page, operation = f"/{name}/{pk}/", f"/api/v1/{name}/{pk}"
            if act == "view":
                if want not in looked:
                    looked.add(want)
                    self.send(want, "get", page)
                self.send(want, "get", operation)
                continue
            record = None if label == "--" else self._record(name, label)
            data = self._data(name, act, record)
            if want not in looked:
                looked.add(want)
                self.send(want, "get", f"{page}{'edit' if act == 'update' else act}/")
                self.send(want, "post", f"{page}{'edit' if act == 'update' else act}/", data[0])
            method = {"update": "patch", "delete": "delete"}.get(act, "post")
            self.send(want, method, operation if method != "post" else f"{operation}/{act}", data[1])

    def _data(self, name, act, record) -> tuple:
        """What the page and what the API is sent."""
        if act == "update":
            return (change(name, record, api=False), change(name, record, api=True)) if record else ({}, {})
        if act in ("delete", "restore"):
            return {}, None
        if act == "purge":
            return {"confirm": str(getattr(record, "number", "") or record)}, None
        return (verb_input(name, act, self.things),) * 2


# What differs between databases is the question a range asks, and these five ask every kind of it.
RANGES = ("admin", "zhuguan", "bumen", "jingli", "yewu")


@pytest.mark.parametrize(
    "role", [role if role in RANGES else pytest.param(role, marks=pytest.mark.shown) for role in ROLES]
)
def test_every_door_of_every_resource(role, house, things, record_property):
    walk = Walk(house.again(role), things)
    for resource in resources():
        walk.resource(resource)
    record_property("cases", walk.count)
    record_property("writes", walk.writes)
    assert walk.count > 300
    assert walk.writes > walk.count / 4
    assert not walk.wrong, f"{len(walk.wrong)} of {walk.count}:\n" + "\n".join(walk.wrong)


@pytest.mark.parametrize("role", ROLES)
def test_every_address_that_is_no_resource(role, house, settings, tmp_path):
    from liuke.accounts.models import ApiToken, Role

    settings.DATA_DIR = tmp_path  # where no sales system is described
    person, other = house.again(role), house.again("jingli2" if role != "jingli2" else "jingli3")
    walk = Walk(person, {})
    names = {"role": Role.objects.get(code="employee").pk, "missing": MISSING}
    for whose, user in (("own", person), ("other", other)):
        ApiToken.issue(user, whose)
        names[f"{whose}_token"] = ApiToken.objects.filter(user=user).last().pk
        names[f"{whose}_errand"] = Errand.objects.create(user=user, kind="test", label=whose).pk
        names[f"{whose}_notice"] = Notice.objects.create(user=user, kind="test.told", occasion=whose).pk
    before = fingerprints()
    for method, path, who, sign in ONE_OFF:
        want = sign if role in who.split() else "x"
        sent = {"value": "dark", "old": "not the password"} if method == "post" else None
        walk.send(want, method, "/" + path.format(**names), sent)
    assert fingerprints() == before
    assert not walk.wrong, "\n".join(walk.wrong)


def test_somebody_who_has_not_signed_in_gets_nowhere(house, things, as_):
    client, wrong, count = as_(), [], 0
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/?page=2"}
    before = fingerprints()
    for route in routes():
        if route in (*SIGNING, *BY_LINK) or route.startswith(("preferences/", "api/")):
            continue
        path = "/" + _filled(route, things)
        for method in ("get", "post"):
            count += 2
            answer = getattr(client, method)(path)
            if answer.status_code != 302 or not answer["Location"].startswith("/login/?next="):
                wrong.append(f"{method} {path}: {answer.status_code}")
            part = getattr(client, method)(path, headers=htmx)
            if part.status_code != 401 or not part.get("HX-Redirect", "").startswith("/login/") or part.content:
                wrong.append(f"htmx {method} {path}: {part.status_code}")
    assert count > 300
    assert not wrong, "\n".join(wrong)
    assert fingerprints() == before


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer lk_wrong"}, {"Authorization": "Basic YTpi"}])
def test_the_api_answers_401_to_whoever_has_no_token(headers, house, things, as_):
    client = as_(house.admin)  # a session of the pages is no way in either
    before = fingerprints()
    for route in routes():
        if route.startswith("api/v1/"):
            path = "/" + _filled(route, things)
            for method in ("get", "post", "patch", "delete"):
                answer = getattr(client, method)(path, headers=headers)
                assert answer.status_code in (401, 405), path
                assert answer["Content-Type"].startswith("application/problem+json")
    assert fingerprints() == before


def _filled(route: str, things) -> str:
    name = route.removeprefix("api/v1/").partition("/")[0]
    label = TABLE[name]["objects"].split()[0] if name in TABLE else ""
    pk = str(thing_id(things, name, label)) if label else "1"
    whole = re.sub(r"<int:\w+>", "1", route.replace("<int:pk>", pk))
    return re.sub(r"<slug:\w+>", "customer", whole)


def test_a_form_offers_only_what_the_person_may_choose(house, things):
    """Bulk ids and choices are limited to the range of whoever sends them."""
    offered = page_client(house.jingli).get("/plan-items/choices/opportunity/?q=开发中").json()["items"]
    assert [one["text"] for one in offered] == ["开发中1"]
    answer = Api(house.bumen).post(f"opportunities/{things['u3'].pk}/assign", assignee=house.jingli.pk)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["assignee"]


def test_what_a_person_may_not_name_in_a_filter_is_no_way_to_find_out(house, things):
    """Filters and order on hidden fields are refused, or they would tell their content bit by bit."""
    api = Api(house.jingli)
    for query in (
        "password__gte=a",
        "ordering=password",
        "roles=1",
        "last_login__gte=2020-01-01",
        "ordering=last_login",
    ):
        assert api.get(f"users?{query}").status_code == 422, query


def test_a_person_without_roles_may_nothing(house, things):
    from liuke.accounts.models import User

    nobody = User(username="xinlai", name="新来的").create(by=house.admin)
    api = Api(nobody)
    assert {api.get(name).status_code for name in TABLE} == {403}
    assert page_client(nobody).get("/").status_code == 200


def test_an_account_manager_exports_only_the_own_rows(house, things):
    for name, seen in (("customers", "客户1"), ("opportunities", "开发中1")):
        text = b"".join(page_client(house.jingli).get(f"/{name}/export.csv").streaming_content).decode()
        assert seen in text
        assert not re.search(r"(客户|开发中|待指派)[23]|业务员录入", text)


def test_the_password_of_the_demo_is_never_told(house, things, as_):
    for path in (
        "/users/",
        f"/users/{house.jingli.pk}/",
        f"/users/{house.jingli.pk}/?tab=history",
        "/users/export.csv",
    ):
        answer = as_(house.admin).get(path)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert house.jingli.password.encode() not in text
        assert PASSWORD.encode() not in text
    assert "password" not in Api(house.admin).get(f"users/{house.jingli.pk}").json()
