"""Calendar months (S-05): a customer is silent when its last order lies before the same day so many months ago."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from liuke.core import clock
from liuke.customers.models import Customer
from liuke.retention.silence import alarm_on, line_of, months_after, months_before, silent_before, silent_since

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("today", "line"),
    [
        ("2026-11-21", "2026-05-21"),
        ("2026-08-31", "2026-02-28"),  # February has no 31st
        ("2024-08-31", "2024-02-29"),  # and a 29th in leap years
        ("2024-08-29", "2024-02-29"),
        ("2026-08-29", "2026-02-28"),
        ("2026-12-31", "2026-06-30"),
        ("2026-03-15", "2025-09-15"),
        ("2026-01-01", "2025-07-01"),
    ],
)
def test_six_months_ago_is_the_same_day_or_the_last_of_that_month(today, line):
    assert months_before(date.fromisoformat(today), 6) == date.fromisoformat(line)


def test_a_month_later_than_the_31st_is_the_last_day_of_that_month():
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("base", "alarm"), [("2026-05-21", "2026-11-22"), ("2026-02-28", "2026-09-01"), ("2025-08-31", "2026-03-01")]
)
def test_the_alarm_is_the_first_day_on_which_the_line_lies_behind_the_base(base, alarm):
    day, first = date.fromisoformat(base), date.fromisoformat(alarm)
    assert alarm_on(day, 6) == first
    assert months_before(first, 6) > day


@pytest.mark.django_db
@pytest.mark.parametrize(("last", "silent"), [("2026-05-20", True), ("2026-05-21", False), ("2026-11-20", False)])
def test_the_database_asks_the_same_question(house, last, silent):
    customer = house.customer(house.jingli)
    Customer.objects.filter(pk=customer.pk).update(last_order_on=last)
    line = line_of(date(2026, 11, 21))
    assert Customer.objects.filter(silent_before(line), pk=customer.pk).exists() is silent
    assert Customer.objects.filter(silent_since(line), pk=customer.pk).exists() is not silent


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("entered", "silent"),
    [
        (datetime(2026, 5, 20, 23, 59, tzinfo=SHANGHAI), True),
        (datetime(2026, 5, 21, 0, 0, tzinfo=SHANGHAI), False),  # still 20 May in UTC
    ],
)
def test_without_any_order_the_day_of_entry_counts_by_the_companys_clock(house, entered, silent):
    with clock.at(entered):
        customer = house.customer(house.jingli)
    line = line_of(date(2026, 11, 21))
    assert Customer.objects.filter(silent_before(line), pk=customer.pk).exists() is silent
