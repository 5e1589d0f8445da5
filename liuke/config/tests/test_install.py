"""The working calendar a new house starts with (S-13)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from liuke.base.models import CalendarDay
from liuke.base.workdays import working_time
from liuke.config.install import seed

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_new_house_knows_the_holidays_of_2026(house):
    called, due = datetime(2026, 9, 24, 17, tzinfo=SHANGHAI), datetime(2026, 9, 28, 10, tzinfo=SHANGHAI)
    assert working_time(date(2026, 1, 1)).after(called, 2) == due  # over 中秋节


def test_what_a_house_has_taken_out_of_a_year_stays_out(house):
    CalendarDay.objects.get(date="2026-10-01").delete(by=house.admin)
    before = CalendarDay.objects.count()
    seed()
    assert CalendarDay.objects.count() == before
