"""The page of customer changes: only of what one sees, by field, day and person (CUST-09)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from liuke.core import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def page(as_):
    return lambda user, query="": as_(user).get(f"/customers/changes/{query}").content.decode()


def rows(text):
    return text.count("<tr data-row>")


def test_changes_are_told_with_the_old_and_the_new_value(house, page):
    customer = house.customer(house.jingli, name="太阳公司")
    customer.transfer(house.jingli2, "区域调整", by=house.zhuguan)
    text = page(house.kefu)
    assert rows(text) == 1
    for word in ("太阳公司", house.jingli.name, house.jingli2.name, "区域调整", house.zhuguan.name):
        assert word in text


def test_a_deleted_customer_is_told_to_nobody(house, page):
    house.customer(house.jingli, name="太阳公司").delete(by=house.jingli)
    assert rows(page(house.zhuguan)) == 0


def test_filters_by_kind_person_day_and_name(house, page):
    customer = house.customer(house.jingli, name="太阳公司")
    with clock.at(datetime(2026, 3, 1, 0, 30, tzinfo=SHANGHAI)):
        customer.update({"phone": "010-1"}, by=house.jingli)
    with clock.at(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)):
        customer.transfer(house.jingli2, by=house.zhuguan)
    for query, found in (
        ("?kind=owner", 1), ("?kind=phone", 1), ("?kind=level", 0), ("?kind=delete", 0),
        (f"?actor={house.jingli.pk}", 1),
        ("?at__gte=2026-03-02", 1), ("?at__lte=2026-03-01", 1), ("?at__gte=2026-03-01&at__lte=2026-03-02", 2),
        ("?search=太阳", 2), ("?search=月亮", 0), ("?at__gte=nonsense", 0), ("?actor=x", 0), ("?before=0", 0),
        ("?search=%00", 0), ("?at__gte=9999-99-99", 0),
    ):  # fmt: skip
        assert rows(page(house.zhuguan, query)) == found, query


def test_a_page_ends_and_leads_on(house, page, as_, django_assert_max_num_queries):
    customer = house.customer(house.jingli)
    for n in range(35):
        customer.update({"phone": f"010-{n}"}, by=house.jingli)
    text = page(house.zhuguan)
    assert rows(text) == 30
    further = text.split('href="/customers/changes/')[-1].split('"')[0].replace("&amp;", "&")
    assert rows(page(house.zhuguan, further)) == 5
    pages = as_(house.zhuguan)
    pages.get("/customers/changes/")
    with django_assert_max_num_queries(12):
        pages.get("/customers/changes/")
