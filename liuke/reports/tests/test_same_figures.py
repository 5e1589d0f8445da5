"""R50: for each role and random filters a report, its lists, its API and its files tell what plain sums tell."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from liuke.commerce.models import Order
from liuke.core import clock
from liuke.core.reports.report import report
from liuke.customers.models import Customer
from liuke.marketing.models import Opportunity, SalesStage
from liuke.retention.models import ChurnAlert
from liuke.service.models import ServiceRequest

from .proof import Proof

QUESTIONS = 3  # of each report for each role; a hundred times more are asked now and then by hand
NAMES = ("宁波海川泵业", "海川（上海）阀门", "Delta Pumpworks", "百洋 deltaFlow", "山田 100%_仪表")
PARTS = ("", "海川", "阀", "ump", "%_", "delta", "没有")
TODAY = clock.today()

# Whose customers, opportunities and losses each role is told of: by hand, from matrix 2.2 and OPP-13.
PEOPLE = {
    "gaoguan": {"jingli", "jingli2", "jingli3", None},
    "zhuguan": {"jingli", "jingli2", "jingli3", None},
    "bumen": {"jingli3"},
}
LOSSES = PEOPLE | {"zhuguan": {"jingli", "jingli2"}}
CHANCES = {  # (assignee, or who entered one that nobody has)
    "gaoguan": {"jingli", "jingli2", "jingli3"},
    "zhuguan": {"jingli", "jingli2", "of jingli", "of jingli3"},
    "bumen": {"jingli3", "of jingli3"},
}
CHANCES["gaoguan"] |= {"of jingli", "of jingli3"}


@pytest.fixture
def market(house):
    dice = Random(11)
    owners = [house.jingli, house.jingli2, house.jingli3, house.jingli3]
    level = [house.item("客户等级", value) for value in "012"]
    firms = [
        house.customer(dice.choice(owners), name=name, level=dice.choice(level), credit=dice.choice((None, 2, 5)),
                       satisfaction=dice.choice((None, 1, 4)))
        for name in NAMES for name in (name, f"{name}分厂")
    ]  # fmt: skip
    _lose(house, dice, firms[:4])
    for firm in firms[4:]:
        for _n in range(dice.randint(0, 3)):
            day = TODAY - timedelta(days=dice.randint(0, 900))
            house.order(firm, day, Decimal(dice.randint(1, 99999)) / 100, fulfilment=dice.choice((3, 5, 6)))
    firms[-1].release(by=firms[-1].owner)
    firms[-2].delete(by=firms[-2].owner)
    _chances(house, dice)
    _serve(house, dice, firms[4:-2])
    return house


def _serve(house, dice, firms) -> None:
    """Of every type, of none, in the bin, and in the first and the last minute of a year."""
    kinds = [house.item("服务类型", value) for value in "123"]
    for firm in firms:
        for _n in range(dice.randint(0, 3)):
            one = house.service(firm, type=dice.choice(kinds))
            year, ends = TODAY.year - dice.randint(0, 2), ((1, 1, 0, 0), (12, 31, 23, 59))
            at = timezone.make_aware(datetime(year, *dice.choice(ends)))
            of_none: dict = {} if dice.randrange(5) else {"type": None}
            ServiceRequest.objects.filter(pk=one.pk).update(created_at=at, **of_none)
    one.delete(by=house.kefu)


def _lose(house, dice, firms) -> None:
    """Confirmed at the first and the last minute of a day among them; one is only postponed."""
    for place, firm in enumerate(firms):
        alert = house.alert(firm, "回访", reason="停产" if place else "")
        day = TODAY - timedelta(days=dice.randint(0, 500))
        at = timezone.make_aware(datetime.combine(day, dice.choice((time(0, 0), time(23, 59)))))
        if place:
            ChurnAlert.objects.filter(pk=alert.pk).update(confirmed_at=at)


def _chances(house, dice) -> None:
    stages = list(SalesStage.objects.alive().order_by("position"))
    for n in range(14):
        assignee = dice.choice((house.jingli, house.jingli2, house.jingli3, None))
        creator = dice.choice((house.jingli, house.jingli3))
        one = house.opportunity(creator, assignee, customer_name=f"机会{n}", amount=dice.randint(1, 9) * 1000)
        if assignee:
            one.set_stage(dice.choice(stages), by=house.gaoguan)
            if end := dice.choice(("", "won", "lost")):
                one.win("new", by=house.gaoguan) if end == "won" else one.lose("没有预算", by=house.gaoguan)
        at = timezone.make_aware(datetime.combine(TODAY - timedelta(days=dice.randint(0, 400)), time(0, 30)))
        Opportunity.objects.filter(pk=one.pk).update(created_at=at)


@pytest.mark.parametrize("role", ["gaoguan", "zhuguan", "bumen"])
def test_all_doors_tell_what_plain_sums_tell(role, market):
    proof, dice = Proof(market.again(role)), Random(role)
    for name, (ask, expected) in REPORTS.items():
        for _turn in range(QUESTIONS):
            query = {key: str(value) for key, value in ask(dice, market).items() if value not in ("", None)}
            told = proof.of(report(name), urlencode(query))
            assert expected(told["items"]) == FIGURES[name](role, query), (name, query)
    assert proof.proved > 3


def _days(dice, name) -> dict:
    """Nothing, one end, or both."""
    first = TODAY - timedelta(days=dice.randint(100, 500))
    ends = {f"{name}__gte": first, f"{name}__lte": first + timedelta(days=dice.randint(0, 400))}
    return {key: day for key, day in ends.items() if dice.random() < 0.6}


def _owner(dice, market):
    return dice.choice(("", market.jingli.pk, market.jingli3.pk))


# what is asked, and which figures of the answer are compared

REPORTS = {
    "composition": (
        lambda dice, market: {"by": dice.choice(("level", "credit", "satisfaction")), "owner": _owner(dice, market),
                              "status": dice.choice(("", "normal", "churned"))},
        lambda items: {one["value"]: one["count"] for one in items if one["count"]},
    ),
    "contribution": (
        lambda dice, market: {"name": dice.choice(PARTS), "year": dice.choice(("", TODAY.year, TODAY.year - 1))},
        lambda items: [(one["name"], Decimal(one["amount"]), one["orders"]) for one in items],
    ),
    "churn": (
        lambda dice, market: {"name": dice.choice(PARTS), "owner": _owner(dice, market), **_days(dice, "confirmed_at")},
        lambda items: [one["customer__text"] for one in items],
    ),
    "service": (
        lambda dice, market: {"type": dice.choice(("", "", "1", "3")),
                              "year": dice.choice(("", TODAY.year, TODAY.year - 1))},
        lambda items: {one["value"]: one["count"] for one in items if one["count"]},
    ),
    "funnel": (
        lambda dice, market: {"by": dice.choice(("stage", "owner", "month")), "assignee": _owner(dice, market),
                              **_days(dice, "created_at")},
        lambda items: [_funnel_row(one) for one in items],
    ),
}  # fmt: skip


def _funnel_row(one: dict) -> tuple:
    if "stage" in one:
        return one["id"], one["reached"], one["developing"], Decimal(one["amount"]), one["lost"]
    key = one["month"] if "month" in one else one["owner__text"] if one["owner"] else None
    return key, one["count"], one["developing"], one["won"], one["lost"], Decimal(one["won_amount"])


# the same by plain Python, from the records themselves


def composition(role: str, query: dict) -> dict:
    found: dict = {}
    for one in Customer.objects.filter(deleted_at=None):
        if _username(one.owner) not in PEOPLE[role] or query.get("status", one.status) != one.status:
            continue
        if query.get("owner", str(one.owner_id)) == str(one.owner_id):
            value = one.level and one.level.value if query["by"] == "level" else getattr(one, query["by"])
            key = None if value is None else str(value)
            found[key] = found.get(key, 0) + 1
    return found


def contribution(role: str, query: dict) -> list:
    sums: dict = {}
    for order in Order.objects.filter(deleted_at=None, customer__deleted_at=None, fulfilment__gte=5):
        firm = order.customer
        in_year = query.get("year", str(order.order_date.year)) == str(order.order_date.year)
        if _username(firm.owner) in PEOPLE[role] and in_year and _holds(firm.name, query):
            before = sums.get(firm.pk, (firm.name, Decimal(0), 0))
            sums[firm.pk] = firm.name, before[1] + order.amount, before[2] + 1
    return [row for _pk, row in sorted(sums.items(), key=lambda one: (-one[1][1], one[0]))]


def churn(role: str, query: dict) -> list:
    found = []
    for one in ChurnAlert.objects.exclude(confirmed_at=None):
        firm, day = one.customer, timezone.localtime(one.confirmed_at).date()
        mine = query.get("owner", str(firm.owner_id)) == str(firm.owner_id)
        asked = mine and _holds(firm.name, query) and _within(day, query, "confirmed_at")
        if asked and _username(firm.owner) in LOSSES[role]:
            found.append((one.confirmed_at, one.pk, firm.name))
    return [name for _at, _pk, name in sorted(found, reverse=True)]


def service(role: str, query: dict) -> dict:
    found: dict = {}
    for one in ServiceRequest.objects.filter(deleted_at=None):
        kind, year = one.type and one.type.value, str(_day(one).year)
        asked = query.get("type", kind) == kind and query.get("year", year) == year
        if asked and _username(one.customer.owner) in PEOPLE[role]:
            found[kind] = found.get(kind, 0) + 1
    return found


def funnel(role: str, query: dict) -> list:
    rows = [one for one in Opportunity.objects.filter(deleted_at=None) if _is_told(role, one, query)]
    if query["by"] == "stage":
        return _by_stage(rows)
    if query["by"] == "owner":
        keys = {one.assignee_id: None for one in rows}
        held = [(pk, [one for one in rows if one.assignee_id == pk]) for pk in keys]
        held.sort(key=lambda one: (one[0] is None, -len(one[1]), one[0] or 0))
        return [_sums(some[0].assignee and some[0].assignee.name, some) for _pk, some in held]
    found = [_sums(month, [one for one in rows if _day(one).isoformat()[:7] == month]) for month in _months(query)]
    return found if rows else []


def _by_stage(rows: list) -> list:
    stages = list(SalesStage.objects.filter(deleted_at=None).order_by("position"))
    found = []
    for place, stage in enumerate(stages):
        ahead = {one.pk for one in stages[place:]}
        here = [one for one in rows if one.stage_id == stage.pk]
        open_ones = [one for one in here if one.status == "assigned"]
        reached = sum(one.stage_id in ahead or one.status == "won" for one in rows)
        lost = sum(one.status == "lost" for one in here)
        found.append((stage.pk, reached, len(open_ones), sum((one.amount for one in open_ones), Decimal(0)), lost))
    won = sum(one.status == "won" for one in rows)
    return [*found, (None, won, 0, Decimal(0), 0)] if rows else []


def _sums(key, some: list) -> tuple:
    states = [one.status for one in some]
    won = sum((one.amount for one in some if one.status == "won"), Decimal(0))
    return key, len(some), states.count("assigned"), states.count("won"), states.count("lost"), won


def _is_told(role: str, one: Opportunity, query: dict) -> bool:
    whose = _username(one.assignee) or f"of {one.creator.username}"
    first, last = _span(query)
    mine = query.get("assignee", str(one.assignee_id)) == str(one.assignee_id)
    return whose in CHANCES[role] and mine and first <= _day(one) <= last


def _span(query: dict) -> tuple:
    last = _date(query.get("created_at__lte")) or TODAY
    first = _date(query.get("created_at__gte"))
    return first or (last.replace(day=1) - timedelta(days=320)).replace(day=1), last


def _months(query: dict) -> list[str]:
    first, last = _span(query)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return list(dict.fromkeys(day.isoformat()[:7] for day in days))


def _day(one):
    return timezone.localtime(one.created_at).date()


def _date(text):
    return datetime.fromisoformat(text).date() if text else None


def _within(day, query: dict, name: str) -> bool:
    first, last = _date(query.get(f"{name}__gte")), _date(query.get(f"{name}__lte"))
    return (first is None or first <= day) and (last is None or day <= last)


def _holds(name: str, query: dict) -> bool:
    return query.get("name", "").upper() in name.upper()


def _username(person):
    return person.username if person else None


FIGURES = {"composition": composition, "contribution": contribution, "churn": churn, "service": service,
           "funnel": funnel}  # fmt: skip
