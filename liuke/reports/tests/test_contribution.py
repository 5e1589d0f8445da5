"""Customer contribution (RPT-01): told by hand, equal to the orders behind each figure, for every role."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from liuke.accounts.models import Grant
from liuke.commerce.models import Order, OrderLine
from liuke.core import listing
from liuke.reports import analysis, contribution

from .proof import file_rows, texts

HOME = "/reports/contribution/"


@pytest.fixture
def market(house):
    """甲 (jingli) 2025: 100 and 30.05, 2026: 50 · 乙 (jingli3) 2026: 99.95 · 丙 without any that counts"""
    house.firms = {
        name: house.customer(owner, name=name)
        for name, owner in (("海川甲", house.jingli), ("海川乙", house.jingli3), ("山田丙", house.jingli))
    }

    def order(name: str, day: date, amount: str, fulfilment: int = 5, **values):
        made = Order(customer=house.firms[name], order_date=day, fulfilment=fulfilment, **values).create(by=None)
        OrderLine(order=made, product_name="流量计", quantity=1, unit_price=Decimal(amount)).create(by=None)
        return made

    house.order_of = order
    order("海川甲", date(2025, 1, 1), "100")
    order("海川甲", date(2025, 12, 31), "30.05", 6)
    order("海川甲", date(2026, 1, 1), "50")
    order("海川乙", date(2026, 3, 1), "99.95")
    order("海川乙", date(2026, 3, 2), "1000", 4)  # not shipped yet
    order("山田丙", date(2026, 3, 2), "1000", status="invalid")
    return house


def test_all_years_the_greatest_first(market, as_):
    assert texts(as_(market.gaoguan), HOME) == [
        ["海川甲", "¥180.05", "3", market.jingli.name],
        ["海川乙", "¥99.95", "1", market.jingli3.name],
        ["合计", "¥280.00", "4", ""],
    ]


def test_one_year(market, as_):
    found = texts(as_(market.zhuguan), f"{HOME}?year=2025")
    assert [line[:3] for line in found] == [["海川甲", "¥130.05", "2"], ["合计", "¥130.05", "2"]]


def test_by_a_part_of_the_name(market, as_, api):
    assert texts(as_(market.zhuguan), f"{HOME}?name=川乙")[0][:2] == ["海川乙", "¥99.95"]
    told = api(market.zhuguan).get("reports/contribution?name=海川&year=2026").json()
    assert [(one["customer"], one["customer__text"], one["amount"], one["orders"]) for one in told["items"]] == [
        (market.firms["海川乙"].pk, "海川乙", "99.95", 1), (market.firms["海川甲"].pk, "海川甲", "50.00", 1),
    ]  # fmt: skip
    assert told["total"]["amount"] == "149.95"
    assert api(market.zhuguan).get("reports/contribution?name=没有").json()["items"] == []


@pytest.mark.parametrize(("few", "gathered"), [(500, 30_000), (1, 30_000), (1, 1)])
def test_names_of_few_of_many_and_of_most_are_found_alike(few, gathered, market, as_, monkeypatch):
    """By ids, by a list of ids that is not kept, and on the way down."""
    monkeypatch.setattr(listing, "FEW", few)
    monkeypatch.setattr(analysis, "GATHERED", gathered)
    found = texts(as_(market.gaoguan), f"{HOME}?name=海川")
    assert [line[:3] for line in found] == [
        ["海川甲", "¥180.05", "3"], ["海川乙", "¥99.95", "1"], ["合计", "¥280.00", "4"],
    ]  # fmt: skip
    assert len(file_rows(as_(market.gaoguan).get(f"{HOME}export.csv?name=海川"))) == 3


@pytest.fixture(params=["few", "very many"])
def seen(request, monkeypatch):
    """However many customers one sees, looked up or gathered, the figures are the same."""
    monkeypatch.setattr(contribution, "MANY", 20_000 if request.param == "few" else -1)


def test_a_department_head_is_told_of_his_department_alone(seen, market, as_):
    Grant.objects.filter(role__code="department_head", resource="customers", action="view").update(scope="below")
    house, bumen = market, market.again("bumen")
    house.firms["海川乙"].delete(by=house.jingli3)
    assert texts(as_(bumen), HOME) == []
    house.firms["海川乙"].restore(by=house.admin)
    assert [line[:3] for line in texts(as_(bumen), HOME)] == [["海川乙", "¥99.95", "1"], ["合计", "¥99.95", "1"]]
    assert [line[:3] for line in texts(as_(bumen), f"{HOME}?year=2025")] == []


def test_a_total_is_of_as_many_lines_as_are_counted(market, as_, monkeypatch):
    monkeypatch.setattr(contribution, "COUNT_CAP", 1)
    found = texts(as_(market.gaoguan), HOME)
    assert [line[:3] for line in found][-1] == ["前 1 家合计", "¥180.05", "3"]


def test_a_deleted_customer_is_left_out(market, as_):
    market.firms["海川甲"].delete(by=market.jingli)
    assert [line[0] for line in texts(as_(market.gaoguan), HOME)] == ["海川乙", "合计"]


def test_a_customer_that_is_not_seen_is_not_told(market, as_):
    Grant.objects.filter(role__code="sales_supervisor", resource="customers", action="view").update(scope="below")
    assert [line[0] for line in texts(as_(market.again("zhuguan")), HOME)] == ["海川甲", "合计"]


def test_pages_go_on_where_the_last_one_ended(market, as_, api):
    first = api(market.gaoguan).get("reports/contribution?limit=1").json()
    assert ([one["name"] for one in first["items"]], first["count"]) == (["海川甲"], 2)
    second = api(market.gaoguan).get(first["next"]).json()
    assert ([one["name"] for one in second["items"]], second["next"]) == (["海川乙"], None)
    assert texts(as_(market.gaoguan), f"{HOME}?limit=1&page=2")[0][0] == "海川乙"


@pytest.mark.parametrize("query", ["year=last", "year=0", "limit=0", "limit=999", "nonsense=1"])
def test_what_makes_no_sense_is_refused_by_name(query, market, api):
    answer = api(market.gaoguan).get(f"reports/contribution?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [query.split("=")[0]])
