"""What a page asks the database does not grow with the rows it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuke.core.register import resource, resources
from liuke.core.reports.report import reports
from liuke.service.feedback.sources import sources
from tests.house import Api, page_client
from tests.test_permissions import make_things

MANY = 50
LIST, DETAIL, HOME, REPORT = 12, 15, 29, 12
BESIDE = {"service-requests": 3}  # orders and goods at hand, and the complaint
UNIQUE = ("number", "username", "name", "code", "value", "label", "bin")


def multiply(model, first, count=MANY) -> list:
    """As many rows like this one, different only where they have to be."""
    rows = []
    for n in range(count):
        fields = {f.attname: getattr(first, f.attname) for f in model._meta.concrete_fields if not f.primary_key}
        rows.append(model(**fields))
        for name in UNIQUE:
            if hasattr(rows[-1], name):
                setattr(rows[-1], name, f"{str(getattr(first, name))[:10]}-{n}")
        if hasattr(rows[-1], "round"):
            rows[-1].round = n + 2  # each of one request once
        if model.__name__ == "ServiceDue":
            rows[-1].kind = str(n)  # each kind of one request once
        if model.__name__ == "FollowUpVisit":  # one for each complaint
            rows[-1].request_id, rows[-1].complaint = None, first.customer.complaints.order_by("-pk")[n]
        if model.__name__ == "CalendarDay":
            rows[-1].date += timedelta(days=n + 10)
    return model.objects.bulk_create(rows)


@pytest.fixture
def crowd(house):
    """Fifty more of everything."""
    from liuke.marketing.models import SalesProfile

    things, label = (
        make_things(house),
        {
            "users": "us",
            "departments": "du",
            "roles": "ru",
            "dictionary-items": "if",
            "customers": "c1",
            "contacts": "k1",
            "opportunities": "a1",
            "plan-items": "p1",
            "follow-up-notes": "n1",
            "sales-stages": "su",
            "custom-fields": "xf",
            "interactions": "t1",
            "credit-assessments": "q1",
            "management-reports": "g1",
            "products": "v1",
            "warehouses": "h1",
            "stock-records": "b1",
            "orders": "o1",
            "order-lines": "l1",
            "churn-alerts": "yc",
            "churn-measures": "zc",
            "service-requests": "gk",
            "service-handlings": "r1",
            "service-agreements": "s1",
            "service-dues": "m1",
            "complaints": "ts1",
            "follow-up-visits": "wa",
            "calendar-days": "wf",
            "knowledge-articles": "jr",
            "tasks": "xn",
        },
    )
    for one in resources():
        first = things[one.name]["du"] if isinstance(things.get(one.name), dict) else things[label.get(one.name, "f1")]
        if one.model is SalesProfile:
            users = resource("users").model.objects.filter(username__startswith="jingli2-")
            SalesProfile.objects.bulk_create(SalesProfile(user=user, created_by=house.zhuguan) for user in users)
        else:
            multiply(one.model, first)
    return house, things


def cost(get) -> int:
    get()  # what is remembered for the process is not the row's cost
    with CaptureQueriesContext(connection) as asked:
        answer = get()
    assert answer.status_code == 200
    answer.content  # noqa: B018
    return len(asked)


def person_for(name: str, house):
    business = (
        "customers",
        "contacts",
        "interactions",
        "credit-assessments",
        "opportunities",
        "plan-items",
        "follow-up-notes",
        "sales-profiles",
        "management-reports",
        "products",
        "warehouses",
        "stock-records",
        "orders",
        "order-lines",
        "churn-alerts",
        "churn-measures",
        "service-requests",
        "service-handlings",
        "service-agreements",
        "service-dues",
        "knowledge-articles",
        "complaints",
        "tasks",
        "follow-up-visits",
    )
    return house.zhuguan if name in business else house.admin


def test_every_list_costs_the_same_for_one_row_and_for_fifty(crowd):
    house, _things = crowd
    wrong = []
    for one in resources():
        person = person_for(one.name, house)
        pages, api = page_client(person), Api(person)
        for door, get in (("page", pages.get), ("api", api.get)):
            path = f"/{one.name}/" if door == "page" else one.name
            few, many = (cost(lambda n=n: get(f"{path}?limit={n}")) for n in (1, MANY))  # noqa: B023
            if few != many or many > LIST + BESIDE.get(one.name, 0) * (door == "page"):
                wrong.append(f"{door} {one.name}: {few} for 1 row, {many} for {MANY}")
    assert not wrong, "\n".join(wrong)


def test_a_report_costs_the_same_for_one_line_and_for_fifty(crowd):
    house, _things = crowd
    pages, wrong = page_client(house.gaoguan), []
    for one in reports():
        few, many = (cost(lambda n=n: pages.get(f"{one.home}?limit={n}")) for n in (1, MANY))  # noqa: B023
        apart = len(sources()) - 1 if one.home == "/feedback/" else 0  # each source on a page is read by itself
        if not few <= many <= few + apart or many > REPORT + 2 * apart:
            wrong.append(f"{one.home}: {few} for 1 line, {many} for {MANY}")
    assert not wrong, "\n".join(wrong)


def test_a_list_with_search_filter_and_order_stays_within_its_budget(crowd):
    house, _things = crowd
    pages = page_client(house.zhuguan)
    for path in (
        "/opportunities/?scene=mine&search=开发&status=assigned&ordering=-amount",
        "/opportunities/stats/",
        "/customers/?search=客户&ordering=name&level=1",
        "/plan-items/?scene=todo",
        "/contacts/?search=王",
        "/orders/?search=客户&scene=history&ordering=-amount",
    ):
        assert cost(lambda path=path: pages.get(path)) <= LIST, path


def test_a_record_costs_no_more_with_fifty_others_around_it(crowd):
    house, things = crowd
    wrong = []
    for name, record in (
        ("opportunities", things["a1"]),
        ("customers", things["c1"]),
        ("contacts", things["k1"]),
        ("interactions", things["t1"]),
        ("churn-alerts", things["y1"]),
        ("plan-items", things["p1"]),
        ("orders", things["o1"]),
        ("products", things["v1"]),
        ("stock-records", things["b1"]),
        ("service-requests", things["gk"]),
        ("complaints", things["ts1"]),
        ("tasks", things["xn"]),
        ("follow-up-visits", things["wa"]),
        ("users", things["us"]),
        ("roles", things["ru"]),
    ):
        pages = page_client(person_for(name, house))
        for tab in ("overview", "history", *(tab.key for tab in resource(name).tabs)):
            asked = cost(lambda: pages.get(f"/{name}/{record.pk}/?tab={tab}"))  # noqa: B023
            if asked > DETAIL + BESIDE.get(name, 0):
                wrong.append(f"{name} {tab}: {asked}")
    assert not wrong, wrong


def test_fifty_plan_steps_cost_what_one_costs(house):
    lonely = house.opportunity(house.jingli, house.jingli)
    busy = house.opportunity(house.jingli, house.jingli)
    first = house.plan_item(lonely)
    multiply(type(first), house.plan_item(busy))
    pages = page_client(house.jingli)
    assert cost(lambda: pages.get(f"/opportunities/{lonely.pk}/")) == cost(
        lambda: pages.get(f"/opportunities/{busy.pk}/")
    )


@pytest.mark.parametrize("username", ["zhuguan", "jingli", "yewu", "gaoguan", "kefu", "shichang", "admin"])
def test_the_home_page_stays_within_its_budget(username, crowd):
    house, _things = crowd
    pages = page_client(house.again(username))
    assert cost(lambda: pages.get("/")) <= HOME
