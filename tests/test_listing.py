"""Lists: every filter, search, order and page gives what a plain walk over the rows would give."""

from __future__ import annotations

import base64
import json
import re
from datetime import date, timedelta

import pytest
from django.db import connection

from liuke.base.models import Category, DictionaryItem
from liuke.commerce.models import Order
from liuke.core import clock, listing
from liuke.core.api import records
from liuke.core.listing import Listing, sortable
from liuke.core.register import resource, resources
from liuke.customers.models import Customer
from tests.house import PEOPLE
from tests.test_query_counts import multiply


@pytest.fixture
def thirty(house):
    """Customers with gaps: every third without founding day, every fifth without stars, names that repeat."""
    for n in range(30):
        house.customer(
            house.jingli if n % 2 else house.jingli2,
            name=f"客户{n % 7}",
            founded_on=None if n % 3 == 0 else date(2020, 1, 1) + timedelta(days=n % 5),
            rating=None if n % 5 == 0 else n % 4 + 1,
            registered_capital=None if n % 4 == 0 else f"{n * 1000}.50",
        )
    return list(Customer.objects.order_by("id"))


def pages_of(program, path, limit):
    """The ids over all pages, following `next`."""
    found, url = [], f"/api/v1/{path}{'&' if '?' in path else '?'}limit={limit}"
    while url:
        answer = program.get(url).json()
        found += [row["id"] for row in answer["items"]]
        assert len(found) <= 100, "pages go round in a circle"
        url = answer["next"]
    return found


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("name", ["founded_on", "rating", "registered_capital", "id", "version", "created_at"])
def test_pages_by_key_equal_a_plain_sort_also_where_values_are_missing(name, down, thirty, house, api):
    """PostgreSQL puts empty values last going up, SQLite first; whichever: nothing is left out or told twice."""
    empty_last = (connection.vendor == "postgresql") != down

    def key(row):
        value = getattr(row, name)
        return ((value is None) == empty_last, value if value is not None else 0, row.pk)

    groups = [[r for r in thirty if (getattr(r, name) is None) == (late == empty_last)] for late in (False, True)]
    expected = [r.pk for group in groups for r in sorted(group, key=lambda r: key(r)[1:], reverse=down)]
    for limit in (4, 30):
        assert pages_of(api(house.jingli), f"customers?ordering={'-' * down}{name}", limit) == expected


def test_every_order_walks_all_rows_once(thirty, house, api):
    program = api(house.jingli)
    for name in sorted(sortable(resource("customers"))):
        for sign in ("", "-"):
            whole = pages_of(program, f"customers?ordering={sign}{name}", 200)
            assert pages_of(program, f"customers?ordering={sign}{name}", 7) == whole, name
            assert len(set(whole)) == 30


def test_pages_of_the_screen_go_on_by_key_too(thirty, house, as_):
    import re

    pages, seen, url = as_(house.jingli), [], "/customers/?ordering=founded_on&limit=9"
    for _n in range(6):
        text = pages.get(url).content.decode()
        seen += re.findall(r'<a href="/customers/(\d+)/">', text)
        url = f"/customers/?ordering=founded_on&limit=9&page={_n + 2}"
    assert len(seen) == len(set(seen)) == 30


@pytest.mark.parametrize(
    ("query", "keep"),
    [
        ("rating=3", lambda c: c.rating == 3),
        ("rating__gte=3", lambda c: c.rating is not None and c.rating >= 3),
        ("founded_on=2020-01-02", lambda c: c.founded_on == date(2020, 1, 2)),
        (
            "founded_on__gte=2020-01-02&founded_on__lt=2020-01-04",
            lambda c: c.founded_on and date(2020, 1, 2) <= c.founded_on < date(2020, 1, 4),
        ),
        ("registered_capital__gt=10000", lambda c: c.registered_capital and c.registered_capital > 10000),
        ("name__contains=客户1", lambda c: "客户1" in c.name),
        ("name=客户1", lambda c: c.name == "客户1"),
        ("search=客户2", lambda c: "客户2" in c.name),
        ("search=客户 2", lambda c: "2" in c.name or "2" in c.number or "2" in c.phone),
        ("level=1", lambda c: True),
        ("level=2", lambda c: False),
        ("region=浙江&incomplete=false", lambda c: True),
        ("status=churned", lambda c: False),
    ],
)
def test_a_filter_equals_a_walk_over_the_rows(query, keep, thirty, house, api):
    found = api(house.jingli).get(f"customers?{query}&limit=200").json()
    assert {row["id"] for row in found["items"]} == {c.pk for c in thirty if keep(c)}
    assert found["count"] == len(found["items"])


def test_a_reference_filters_by_id_and_scenes_by_person(thirty, house, api, as_):
    count = api(house.jingli).get(f"customers?owner={house.jingli.pk}").json()["count"]
    assert count == sum(1 for c in thirty if c.owner_id == house.jingli.pk) == 15
    assert "15" in as_(house.jingli).get("/customers/?scene=mine").content.decode()


def test_a_day_is_a_whole_day_of_the_company(thirty, house, api):
    program, today = api(house.jingli), clock.today()
    assert program.get(f"customers?created_at={today}").json()["count"] == 30
    assert program.get(f"customers?created_at__gte={today}&created_at__lte={today}").json()["count"] == 30
    assert program.get(f"customers?created_at__gt={today}").json()["count"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "owner=abc",
        "owner=99999999999999999999999",
        "founded_on=2026-02-30",
        "founded_on=abc",
        "rating=9",
        "rating=x",
        "status=nonsense",
        "incomplete=perhaps",
        "created_at=yesterday",
        "nonsense=1",
        "owner__password=x",
        "name__regex=a",
        "name__startswith=a",
        "ordering=nonsense",
        "ordering=owner__password",
        "ordering=-",
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "after=nonsense",
        "after=e30=",
        "page=2",
        "scene=mine",
        "rating__gte=",
        "name=%00",
        "ordering=name;drop table",
        "deleted_at__gte=2020-01-01",
        "owner__gte=1",
        "pk=1",
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(query, thirty, house, api, as_, unchanged):
    if query == "rating__gte=":  # an empty filter of a form is no filter
        assert api(house.jingli).get(f"customers?{query}").status_code == 200
        return
    program, pages = api(house.jingli), as_(house.jingli)
    with unchanged():
        told = program.get(f"customers?{query}")
        assert told.status_code == 422
        assert list(told.json()["errors"]) == [query.partition("=")[0]]
        assert pages.get(f"/customers/?{query}").status_code == 200


def test_counting_stops_at_the_cap(thirty, house, api, as_, monkeypatch):
    program = api(house.jingli)
    exact = program.get("customers").json()
    assert (exact["count"], exact["count_is_capped"]) == (30, False)
    monkeypatch.setattr(listing, "COUNT_CAP", 25)
    monkeypatch.setattr(records, "COUNT_CAP", 25)
    capped = program.get("customers").json()
    assert (capped["count"], capped["count_is_capped"]) == (25, True)
    assert "25+" in as_(house.jingli).get("/customers/").content.decode()
    monkeypatch.setattr(listing, "COUNT_CAP", 30)
    monkeypatch.setattr(records, "COUNT_CAP", 30)
    assert program.get("customers").json()["count_is_capped"] is False


def test_many_rows_are_counted_once_their_page_is_there(thirty, house, as_, monkeypatch):
    """Until then, and without script, a page says how many there are at least, and leads on."""
    monkeypatch.setattr(listing, "FEW", 10)
    pages = as_(house.jingli)
    for _again in range(2):  # at first some are met, then it is known that there are many
        page = pages.get("/customers/?limit=20&name__contains=客").content.decode()
        assert "20+ 条" in page
        assert "30 条" not in page
        assert 'rel="next"' in page
        (url,) = re.findall(r'hx-get="(/customers/count/[^"]*)" hx-trigger="load"', page)
    told = pages.get(url.replace("&amp;", "&"), headers={"HX-Request": "true"}).content.decode()
    assert told.count("共 30 条") == 3
    assert "20+" not in told
    assert 'id="list-total" hx-swap-oob="true"' in told
    assert 'id="chips-total" hx-swap-oob="true"' in told
    assert 'id="batch-all" hx-swap-oob="true"' in told
    assert 'hx-get="/customers/count/' not in told
    last = pages.get("/customers/?limit=20&name__contains=客&page=2").content.decode()
    assert "30 条" in last
    assert "/customers/count/" not in last


def test_a_list_that_was_long_tells_its_number_when_it_is_short(thirty, house, as_, monkeypatch):
    monkeypatch.setattr(listing, "FEW", 10)
    pages = as_(house.jingli)
    assert "/customers/count/" in pages.get("/customers/?limit=20&name__contains=客").content.decode()
    for one in thirty[5:]:
        one.delete(by=house.zhuguan)
    for _again in range(2):
        page = pages.get("/customers/?limit=20&name__contains=客").content.decode()
        assert "5 条" in page
        assert "/customers/count/" not in page


@pytest.mark.parametrize("query", ["customers", "customers?name__contains=客户"])
def test_a_list_that_was_too_long_to_count_is_counted_again_once_it_is_shorter(query, thirty, house, api, monkeypatch):
    program = api(house.jingli)
    whole = program.get(query).json()["count"]
    monkeypatch.setattr(listing, "COUNT_CAP", whole - 1)
    monkeypatch.setattr(records, "COUNT_CAP", whole - 1)
    for _ in range(2):  # at first it is counted, then passed by
        told = program.get(query).json()
        assert (told["count"], told["count_is_capped"]) == (whole - 1, True)
    own = program.get("customers", owner=house.jingli.pk).json()["items"]
    for row in own[:2]:
        assert program.delete(f"customers/{row['id']}").status_code == 204
    told = program.get(query).json()
    assert (told["count"], told["count_is_capped"]) == (whole - 2, False)


def test_search_takes_signs_of_the_database_as_letters(thirty, house, api):
    program = api(house.jingli)
    for word in ("%", "_", "\\", "'", '"', "*"):
        assert program.get("customers", search=word).json()["count"] == 0, word
    house.customer(house.jingli, name="100%_真'牌")
    for word in ("100%", "%_", "'牌"):
        assert program.get("customers", search=word).json()["count"] == 1, word


@pytest.mark.parametrize("path", ["opportunities?ordering=success_rate", "customers?ordering=rating"])
@pytest.mark.parametrize("beyond", [[10**30, 1], [99999, 1], [-(10**30), 1]])
def test_a_cursor_beyond_all_values_finds_nothing_or_is_refused(path, beyond, thirty, house, api, as_):
    after = base64.urlsafe_b64encode(json.dumps(beyond).encode()).decode()
    house.opportunity(house.jingli)
    for order in (path, path.replace("ordering=", "ordering=-")):
        name, _mark, query = order.partition("?")
        assert api(house.jingli).get(f"{order}&after={after}").status_code in (200, 422)
        assert as_(house.jingli).get(f"/{name}/?{query}&after={after}").status_code == 200


def test_a_long_category_of_the_dictionary_leaves_the_other_filters_their_choices(house, as_):
    first = DictionaryItem.objects.filter(category=Category.SOURCE).first()
    multiply(DictionaryItem, first, 301)
    boxes = as_(house.jingli).get("/customers/").content.decode()
    regions = DictionaryItem.objects.alive().filter(category=Category.REGION).values_list("entry", flat=True)
    assert all(f">{region}</option>" in boxes for region in regions)


# scenes


@pytest.mark.parametrize("who", [*PEOPLE, "shangwu"])
def test_a_scene_that_a_person_does_not_have_is_no_scene_for_him_in_any_list(house, who):
    house.office()
    user = house.again(who)
    for one in resources():
        for scene in one.scenes:
            has = scene.shown_to is None or scene.shown_to(user)
            asked = Listing(one, user, {"scene": scene.key})
            assert ("scene" in asked.errors, asked.scene) == (not has, scene if has else None), (one.name, scene.key)
            if not has:
                assert asked.question == Listing(one, user, {}).question


def test_historical_orders_are_a_scene_of_those_only_who_read_them(house, as_):
    customer = house.customer(house.yewu)
    kept = Order(customer=customer, fulfilment=6).create(by=None)
    Order(customer=customer).create(by=None)
    pages, path = as_(house.yewu), "/orders/?scene=history"
    page = pages.get(path).content.decode()
    assert "没有「history」这个场景，或你无权查看" in page
    assert "历史订单" not in page
    assert pages.get("/orders/export.csv?scene=history").status_code == 422
    manager = as_(house.jingli)
    assert "历史订单" in manager.get(path).content.decode()
    assert kept.number in as_(house.office()).get(path).content.decode()
