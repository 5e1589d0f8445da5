"""Who sees which rows, worked out a second time from the words of the requirements, over 500 random questions.

The oracle knows rows as plain dictionaries and the rules of part 2, OPP-13, PLAN-07, C-18, CMP and TASK-02; it asks
nothing of the code that decides.
"""

from __future__ import annotations

import random
from datetime import timedelta

from django.apps import apps

from liuke.accounts.models import Department, Role, User
from liuke.core import clock
from liuke.core.listing import Listing, Reader
from liuke.core.register import resource
from tests.test_permissions import make_things

QUESTIONS = 500
MODELS = {
    "customers": "customers.Customer", "contacts": "customers.Contact", "interactions": "customers.Interaction",
    "opportunities": "marketing.Opportunity", "plan-items": "marketing.PlanItem",
    "follow-up-notes": "marketing.FollowUpNote", "orders": "commerce.Order", "order-lines": "commerce.OrderLine",
    "service-requests": "service.ServiceRequest", "complaints": "service.Complaint", "tasks": "workspace.Task",
}  # fmt: skip
PEOPLE = {  # whose a row may be: shuffled before anybody asks
    "customers": ("owner_id",), "opportunities": ("creator_id", "assignee_id"), "plan-items": ("executor_id",),
    "service-requests": ("creator_id", "assigned_to_id"), "complaints": ("created_by_id", "staff_id"),
    "tasks": ("creator_id", "executor_id"),
}  # fmt: skip
SEARCHED = {"customers": ("name", "number", "phone"), "opportunities": ("customer_name", "number", "subject")}


class Oracle:
    """Everything read once, as rows."""

    def __init__(self) -> None:
        self.rows = {name: {row["id"]: row for row in _model(name)._base_manager.values()} for name in MODELS}
        self.users = {row["id"]: row for row in User.objects.values()}
        self.parents = {row["id"]: row["parent_id"] for row in Department.objects.values()}
        self.heads = {row["id"]: row["head_id"] for row in Department.objects.values()}
        self.grants: dict[int, list[tuple[str, str, str, frozenset[int]]]] = {}
        for role in Role.objects.filter(deleted_at=None):
            for user in role.users.all():
                some = self.grants.setdefault(user.pk, [])
                some += [
                    (one.resource, one.action, one.scope, frozenset(one.departments.values_list("pk", flat=True)))
                    for one in role.grants.all()
                ]

    def above(self, department):
        while department is not None:
            yield department
            department = self.parents[department]

    def leads(self, user, other) -> bool:
        """Heads of somebody's department and of every one above it."""
        return other is not None and any(self.heads[one] == user for one in self.above(self._place(other)))

    def _place(self, person):
        return self.users[person]["department_id"] if person is not None else None

    def scopes(self, user, name, act):
        return [(scope, some) for of, what, scope, some in self.grants.get(user, []) if (of, what) == (name, act)]

    def reaches(self, user, scopes, whose) -> bool:
        """Whether one of the ranges holds a row that belongs to this person (or to nobody)."""
        place, mine = self._place(whose), self._place(user)
        for scope, some in scopes:
            if scope == "all" or (whose is not None and whose == user):
                return True
            if whose is None or place is None:
                continue
            around = list(self.above(place))
            if scope == "department" and place == mine:
                return True
            if scope == "below" and (mine in around or any(self.heads[one] == user for one in around)):
                return True
            if scope == "custom" and place in some:
                return True
        return False

    # the rules, entity by entity

    def sees(self, user, name, row) -> bool:
        if row["deleted_at"] is not None or self.users[user]["status"] != "normal":
            return False
        rule = getattr(self, "_" + name.replace("-", "_"))
        return bool(rule(user, self.scopes(user, name, "view"), row))

    def _customer_of(self, row):
        return self.rows["customers"][row["customer_id"]]

    def _customers(self, user, scopes, row):
        return self.reaches(user, scopes, row["owner_id"])

    def _of_customer(self, user, scopes, row):
        customer = self._customer_of(row)
        return customer["deleted_at"] is None and self.reaches(user, scopes, customer["owner_id"])

    _contacts = _interactions = _orders = _of_customer

    def _order_lines(self, user, scopes, row):
        order = self.rows["orders"][row["order_id"]]
        return order["deleted_at"] is None and self._of_customer(user, scopes, order)

    def _held(self, user, opportunity):
        assignee = opportunity["assignee_id"]
        return assignee is not None and (assignee == user or self.leads(user, assignee))

    def _opportunities(self, user, scopes, row):
        """Before it is assigned by its creator, afterwards by its assignee; and then by him and superiors alone."""
        whose = row["assignee_id"] if row["assignee_id"] is not None else row["creator_id"]
        return self.reaches(user, scopes, whose) and (row["status"] == "unassigned" or self._held(user, row))

    def _of_opportunity(self, user, scopes, opportunity):
        held = opportunity["deleted_at"] is None and self._held(user, opportunity)
        return held and self.reaches(user, scopes, opportunity["assignee_id"])

    def _plan_items(self, user, scopes, row):
        opportunity = self.rows["opportunities"][row["opportunity_id"]]
        if opportunity["status"] == "unassigned" or opportunity["deleted_at"] is not None:
            return False
        return self._of_opportunity(user, scopes, opportunity) or (scopes and row["executor_id"] == user)

    def _follow_up_notes(self, user, scopes, row):
        return self._of_opportunity(user, scopes, self.rows["opportunities"][row["opportunity_id"]])

    def _anyone(self, user, scopes, people):
        return any(self.reaches(user, scopes, one) for one in people)

    def _service_requests(self, user, scopes, row):
        customer = self._customer_of(row)
        if row["status"] == "archived":
            scopes = self.scopes(user, "service-requests", "archive")
        people = (row["assigned_to_id"], row["creator_id"], customer["owner_id"])
        return customer["deleted_at"] is None and self._anyone(user, scopes, people)

    def _complaints(self, user, scopes, row):
        customer = self._customer_of(row)
        people = (row["created_by_id"], row["staff_id"], customer["owner_id"])
        return customer["deleted_at"] is None and self._anyone(user, scopes, people)

    def _tasks(self, user, scopes, row):
        return self._anyone(user, scopes, (row["creator_id"], row["executor_id"]))

    # a question to a list

    def answer(self, user, name, asked) -> set[int]:
        found = {pk for pk, row in self.rows[name].items() if self.sees(user, name, row)}
        return {pk for pk in found if self._meets(name, self.rows[name][pk], asked)}

    def _meets(self, name, row, asked) -> bool:
        if name == "customers" and row["status"] == "churned" and not {"status", "search"} & asked.keys():
            return False  # CHURN-06: lists leave them out unless they are asked for
        if "status" in asked and row["status"] != asked["status"]:
            return False
        if "created_at__gte" in asked and row["created_at"].date().isoformat() < asked["created_at__gte"]:
            return False
        words = asked.get("search", "")
        return not words or any(words in (row[field] or "") for field in SEARCHED[name])


def _model(name):
    return apps.get_model(MODELS[name])


def _shuffled(dice, house):
    """Forty people in random places with random roles of random grants; rows that belong to any of them."""
    departments = list(Department.objects.filter(deleted_at=None))
    roles = [_random_role(dice, n, departments, house) for n in range(8)]
    people = [User(username=f"p{n}", name=f"人{n}") for n in range(40)]
    for person in people:
        person.department = dice.choice([*departments, None])
        person.create(by=house.admin)
        person.roles.set(dice.sample(roles, dice.randint(0, 3)))
    everybody = list(User.objects.filter(deleted_at=None))
    for department in departments:
        Department.objects.filter(pk=department.pk).update(head=dice.choice([*everybody, None]))
    for name, fields in PEOPLE.items():
        for pk in _model(name)._base_manager.values_list("pk", flat=True):
            values = {field: dice.choice(everybody).pk for field in fields}
            _model(name)._base_manager.filter(pk=pk).update(**values)
    assigned = _model("opportunities")._base_manager.filter(status="unassigned")
    assigned.update(assignee=None)
    User.objects.filter(pk__in=[one.pk for one in dice.sample(everybody, 3)]).update(status="disabled")
    return everybody


def _random_role(dice, n, departments, house):
    role = Role(name=f"试{n}", code=f"try-{n}").create(by=house.admin)
    acts = [(name, "view") for name in MODELS] + [("service-requests", "archive"), ("opportunities", "follow")]
    for name, act in dice.sample(acts, dice.randint(4, len(acts))):
        scope = dice.choice(["own", "own", "department", "below", "below", "all", "custom"])
        grant = role.grants.create(resource=name, action=act, scope=scope)
        if scope == "custom":
            grant.departments.set(dice.sample(departments, 2))
    return role


def _random_question(dice, name):
    kinds = [{}, {}, {"created_at__gte": (clock.today() - timedelta(days=dice.randint(0, 2))).isoformat()}]
    statuses = [key for key, _label in _model(name).Status.choices] if hasattr(_model(name), "Status") else []
    kinds += [{"status": dice.choice(statuses)}] if statuses else []
    if name in SEARCHED:
        kinds += [{"search": dice.choice(["客户", "开发", "沉默", "成交", "录入"])}]
    return dice.choice(kinds)


def test_500_random_people_and_questions_find_what_the_requirements_say(house):
    make_things(house)
    dice = random.Random(500)
    everybody = _shuffled(dice, house)
    oracle, filled, rows = Oracle(), 0, 0
    for n in range(QUESTIONS):
        person, name = dice.choice(everybody), dice.choice(list(MODELS))
        asked, user = _random_question(dice, name), User.objects.get(pk=person.pk)
        listing = Listing(resource(name), user, asked)
        found = {row["id"] for row in listing.page(0, 1000, Reader(frozenset({"id"})))}
        told = oracle.answer(user.pk, name, asked)
        assert (found, listing.count, listing.errors) == (told, len(told), {}), (n, user.username, name, asked)
        filled += bool(told)
        rows += len(told)
    assert filled > QUESTIONS / 4
    assert rows > 5 * QUESTIONS / 4
