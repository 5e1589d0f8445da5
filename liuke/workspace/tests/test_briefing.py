"""The month so far beside the same days of the month before."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from liuke.core import clock
from liuke.workspace.briefing import briefing, month_before


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 25), date(2026, 10, 1), date(2026, 10, 25)),
        (date(2026, 1, 9), date(2025, 12, 1), date(2025, 12, 9)),
        (date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28)),
        (date(2024, 3, 30), date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_the_same_days_of_the_month_before(day, first, last):
    assert month_before(day) == (first, last)


def at(month: int, day: int):
    return clock.at(datetime(2026, month, day, 10, tzinfo=timezone.get_default_timezone()))


def told(user, label: str):
    card = briefing(user)
    return next((f.value, f.change, f.change_tone) for f in card.figures if f.label == label)


@pytest.mark.django_db
def test_what_came_later_last_month_is_not_compared(house):
    for month, day, name in ((9, 30, "a"), (10, 1, "b"), (10, 20, "c"), (11, 5, "d"), (11, 20, "e"), (11, 2, "f")):
        with at(month, day):
            house.customer(house.jingli, name=name)
    with at(11, 20):
        assert told(house.jingli, "新增客户") == ("3", "↑ 50.0%", "green")
    with at(11, 19):
        assert told(house.jingli, "新增客户")[1] == "↑ 100.0%"


@pytest.mark.django_db
def test_a_head_is_told_of_his_people_and_not_of_others(house):
    with at(11, 5):
        house.customer(house.jingli, name="a")
        house.customer(house.jingli3, name="b")
    with at(11, 20):
        assert told(house.zhuguan, "新增客户") == ("1", "上月同期无", "")
        assert told(house.gaoguan, "新增客户")[0] == "2"
        people = (house.zhuguan, house.gaoguan, house.jingli)
        assert [briefing(one).sub.partition(" ")[0] for one in people] == ["我下属的", "全部", "我的"]


@pytest.mark.django_db
def test_orders_are_told_with_what_they_come_to_as_in_the_list_behind_them(house, as_):
    """Valid ones, dated up to today, of one's own customers."""
    mine, others = house.customer(house.jingli, name="a"), house.customer(house.jingli3, name="b")
    for customer, month, day, amount, values in (
        (mine, 10, 5, 1000, {}), (mine, 11, 1, 400, {}), (mine, 11, 20, 500, {"fulfilment": 5}),
        (mine, 11, 21, 9000, {}), (mine, 11, 3, 9000, {"status": "invalid"}), (others, 11, 4, 70, {}),
    ):  # fmt: skip
        house.order(customer, date(2026, month, day), amount, **values)
    with at(11, 20):
        assert told(house.jingli, "新增订单") == ("2", "↑ 100.0%", "green")
        assert told(house.jingli, "订单金额") == ("¥900", "↓ 10.0%", "red")
        assert told(house.gaoguan, "订单金额")[0] == "¥970"
        url = next(f.url for f in briefing(house.jingli).figures if f.label == "订单金额")
        assert 'id="list-total">共 2 条' in as_(house.jingli).get(url).content.decode()


@pytest.mark.django_db
def test_who_does_no_such_work_and_leads_nobody_has_no_briefing(house):
    assert briefing(house.again("shichang")) is None
