"""Lists in the order of an added field: at every door, both ways, a page at a time, few rows and many."""

from __future__ import annotations

import base64
import csv
import io
import json
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from django.db import connection

from liuke.accounts.models import Grant
from liuke.base.models import DictionaryItem
from liuke.core import listing
from liuke.core.listing import Listing
from liuke.core.register import resource
from tests.test_custom_fields import KINDS, add
from tests.test_listing import pages_of

# kind: what four customers in turn have; every fifth has nothing
VALUES = {
    "text": ["b", "a", "c", "b"],
    "number": ["10", "9.5", "-3", "10.000001"],
    "money": ["88000", "9.10", "0", "88000"],
    "date": [date(2026, 3, 15), date(2025, 12, 31), date(2026, 3, 15), date(2027, 1, 1)],
    "choice": ["浙江", "北京", "江苏", "浙江"],
    "yes_no": [True, False, True, False],
    "link": [f"https://docs.example/{name}" for name in "baca"],
}
WAYS = {"sorted": 5_000, "by the index": 0}


@pytest.fixture
def dozen(house):
    """Twelve customers and, with the least and the greatest values, two that an account manager does not see."""
    Grant.objects.filter(role__code="account_manager", resource="customers").update(scope="department")
    for place, kind in enumerate(KINDS):
        add(house, kind=kind, label=f"扩展{kind}", position=place)
    DictionaryItem.objects.get(category="地区", value="江苏").update({"position": 0}, by=house.admin)
    made = [house.customer(house.jingli2 if n % 2 else house.jingli, name=f"客户{n}") for n in range(12)]
    made += [house.customer(house.jingli3, name=f"外人{n}") for n in range(2)]
    for n, one in enumerate(made):
        if n % 5 < 4:
            one.update({f"x_{kind}": value(house, kind, n) for kind in KINDS}, by=one.owner)
    return made[:12]


def value(house, kind, n):
    told = VALUES[kind][n % 5]
    return house.item("地区", told) if kind == "choice" else told


def in_order(kind, down, customers):
    """The plain sort: empty ones last, up and down; of equal ones the older first, or last."""
    entries = list(DictionaryItem.objects.alive().filter(category="地区").order_by("position", "id"))
    places = {one.value: place for place, one in enumerate(entries)}

    def key(n):
        told = VALUES[kind][n % 5]
        told = places[told] if kind == "choice" else Decimal(told) if kind in ("number", "money") else told
        return told, customers[n].pk

    filled = sorted((n for n in range(len(customers)) if n % 5 < 4), key=key, reverse=down)
    empty = sorted((n for n in range(len(customers)) if n % 5 == 4), reverse=down)
    return [customers[n].pk for n in [*filled, *empty]]


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    monkeypatch.setattr(listing, "SORTED", WAYS[request.param])
    monkeypatch.setattr(listing, "FEW", 500 if request.param == "sorted" else 1)


def test_every_kind_sorts_both_ways_at_every_door_and_page_by_page(way, dozen, house, api, as_):
    program, pages = api(house.jingli), as_(house.jingli)
    for kind, down in product(KINDS, (False, True)):
        question, expected = f"ordering={'-' * down}x_{kind}", in_order(kind, down, dozen)
        for limit in (3, 50):
            assert pages_of(program, f"customers?{question}", limit) == expected
        screens = [pages.get(f"/customers/?{question}&limit=5&page={n}").content.decode() for n in (1, 2, 3)]
        assert [pk for text in screens for pk in opened(text)] == expected
        assert f'aria-sort="{"descending" if down else "ascending"}"' in screens[0]
        names = {one.pk: one.name for one in dozen}
        file = b"".join(pages.get(f"/customers/export.csv?{question}").streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(file)))
        assert [row["客户名称"] for row in rows] == [names[pk] for pk in expected]


def opened(text):
    import re

    return [int(pk) for pk in re.findall(r'<a href="/customers/(\d+)/">', text)]


FILTERS = {
    "x_number__gte=0": lambda n: n % 5 in (0, 1, 3),
    "where=x_number~not~10": lambda n: n % 5 != 0,
    "where=x_number~empty": lambda n: n % 5 == 4,
    "where=x_number~filled": lambda n: n % 5 < 4,
    "x_choice=浙江": lambda n: n % 5 in (0, 3),
    "where=x_choice~not~浙江": lambda n: n % 5 not in (0, 3),
    "where=x_choice~empty": lambda n: n % 5 == 4,
    "where=x_choice~filled": lambda n: n % 5 < 4,
    "search=客户1": lambda n: n in (1, 10, 11),
    "owner=%s": lambda n: n % 2 == 0,
}


def test_order_and_filter_go_together(way, dozen, house, api):
    for query, keep in FILTERS.items():
        kept = {one.pk for n, one in enumerate(dozen) if keep(n)}
        for kind in ("number", "choice"):
            expected = [pk for pk in in_order(kind, True, dozen) if pk in kept]
            asked = f"customers?{query.replace('%s', str(house.jingli.pk))}&ordering=-x_{kind}"
            assert pages_of(api(house.jingli), asked, 2) == expected, asked


def test_a_choice_with_no_entry_left_sorts_all_the_same(way, house, api, as_):
    add(house, kind="choice")
    for entry in DictionaryItem.objects.alive().filter(category="地区"):
        entry.delete(by=house.admin)
    pks = [house.customer(house.jingli, name=f"客户{n}").pk for n in range(7)]
    for sign, expected in (("", pks), ("-", pks[::-1])):
        assert pages_of(api(house.jingli), f"customers?ordering={sign}x_choice", 5) == expected
        page = as_(house.jingli).get(f"/customers/?ordering={sign}x_choice").content.decode()
        assert opened(page) == expected


def test_an_order_nobody_added_is_refused_and_a_broken_cursor_too(dozen, house, api):
    program = api(house.jingli)
    assert "ordering" in program.get("customers?ordering=x_nothing").json()["errors"]
    for told in (["x", 1], [[1], 1], [1], ["NaN", 1], [None, "1"], [None, 2**70], ["1e400", 1], [True, None]):
        cursor = base64.urlsafe_b64encode(json.dumps(told).encode()).decode()
        answer = program.get(f"customers?ordering=x_number&after={cursor}")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["after"]), told
    unknown = base64.urlsafe_b64encode(b"[987654321, 1]").decode()
    assert program.get(f"customers?ordering=x_choice&after={unknown}").status_code == 422


def test_the_index_of_the_values_leads(dozen, house):
    """A million rows are not sorted: the values come in order, each asked whether its record is wanted."""
    for kind in KINDS:
        _leads(kind, house)


def _leads(kind, house):
    customers = resource("customers")
    order = Listing(customers, house.jingli, {"ordering": f"-x_{kind}"}).added
    question = Listing(customers, house.jingli, {}).question
    key = next(iter(order.arms(question, None)))
    place = order.place({"choice": house.item("地区", "北京").pk, "yes_no": "True"}.get(kind, VALUES[kind][1]), 1)
    column = order.extra.column
    for behind in (None, place):
        for plan in [explained(order.arm(one, question, behind, 50)) for one in ([key[:1]] if key else [key])]:
            assert f"custom_value_by_{column}" in plan, plan
            assert key or ("TEMP B-TREE" not in plan and "Sort" not in plan), plan


def explained(rows):
    """The plan of a large table: in a small one PostgreSQL reads everything, by any index that names the field."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE base_customvalue DROP CONSTRAINT IF EXISTS custom_value_once")
    return rows.explain()
