"""Promised hours over nights, weekends, 国庆 and its make-up days, each worked out by hand (S-13)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from liuke.base.jobs import remind_of_the_calendar
from liuke.base.models import CalendarDay, SystemSetting
from liuke.base.workdays import HOURS, WorkingTime, end_of_work, spans_of, working_time
from liuke.core import clock
from liuke.core.models import Notice

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
FREE = [f"2026-10-0{day}" for day in range(1, 8)]  # Thursday to Wednesday
WORKED = ["2026-09-20", "2026-10-10"]  # a Sunday before, the Saturday after


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def national_day(house):
    """The calendar of 2026; a working day has 3 hours from 9:00 and 4.5 from 13:30."""
    CalendarDay.objects.all().delete()
    for kind, days in (("free", FREE), ("worked", WORKED)):
        for day in days:
            CalendarDay(name="国庆节", date=day, kind=kind).create(by=house.admin)
    return working_time(date(2026, 1, 1))


CASES = [  # came at, hours promised, due at
    ("2026-09-28 09:00", 1, "2026-09-28 10:00"),  # Monday morning
    ("2026-09-28 11:00", 1, "2026-09-28 12:00"),  # to the minute of noon
    ("2026-09-28 11:00", 2, "2026-09-28 14:30"),  # over noon
    ("2026-09-28 12:15", 1, "2026-09-28 14:30"),  # called at noon
    ("2026-09-28 17:00", 2, "2026-09-29 10:00"),  # over the night
    ("2026-09-28 20:00", 1, "2026-09-29 10:00"),  # called in the evening
    ("2026-09-28 23:59", 3, "2026-09-29 12:00"),  # called before midnight
    ("2026-09-29 00:00", 3, "2026-09-29 12:00"),  # called at midnight
    ("2026-09-28 09:00", 7.5, "2026-09-28 18:00"),  # one whole day
    ("2026-09-28 09:00", 8, "2026-09-29 09:30"),
    ("2026-09-30 17:30", 1, "2026-10-08 09:30"),  # over seven days off
    ("2026-09-30 18:00", 4, "2026-10-08 14:30"),  # called at the end of the last day
    ("2026-10-01 10:00", 2, "2026-10-08 11:00"),  # called on the holiday
    ("2026-10-07 23:00", 0.5, "2026-10-08 09:30"),  # called in its last night
    ("2026-10-09 16:00", 4, "2026-10-10 11:00"),  # Friday, on into the Saturday that is made up
    ("2026-10-10 17:00", 2, "2026-10-12 10:00"),  # Saturday evening, over the Sunday
    ("2026-09-19 10:00", 1, "2026-09-20 10:00"),  # Saturday, the Sunday is worked
    ("2026-09-20 17:00", 8.5, "2026-09-21 18:00"),  # Sunday evening and the whole Monday
    ("2026-09-29 09:00", 22.5, "2026-10-08 18:00"),  # three days with the holiday between
    ("2026-09-25 15:00", 11.5, "2026-09-29 10:00"),  # Friday afternoon, the common weekend, Monday whole
]


@pytest.mark.parametrize(("came", "hours", "due"), CASES)
def test_promised_hours_reach_to_the_hour_worked_out_by_hand(national_day, came, hours, due):
    assert national_day.after(at(came), hours) == at(due)


@pytest.mark.parametrize(
    "text", ["", "9-12", "9:00-12:00 morning", "12:00-9:00", "9:00-12:00 11:00-15:00", "25:00-26:00"]
)
def test_working_hours_that_cannot_be_are_refused_with_the_way_to_write_them(text):
    with pytest.raises(ValidationError, match=r"9:00-12:00 13:30-18:00"):
        spans_of(text)


def test_a_date_stands_once_in_the_calendar(national_day, house):
    with pytest.raises(ValidationError):
        CalendarDay(name="再来一次", date="2026-10-01").create(by=house.admin)


def test_less_than_an_hour_is_no_working_day():
    with pytest.raises(ValidationError, match="小时"):
        spans_of("9:00-9:20")


def test_hours_written_by_an_input_method_are_read():
    assert spans_of("9：00－12：00，12：00～18：00") == spans_of("9:00-12:00 12:00-18:00")


def test_a_setting_that_makes_no_sense_counts_for_nothing(house):
    SystemSetting(key=HOURS, value=[7]).save()
    assert working_time(date(2026, 1, 1)).spans == spans_of("9:00-12:00 13:30-18:00")


def test_where_nobody_ever_works_no_moment_is_named():
    never = WorkingTime(spans_of("9:00-18:00"), {date(2026, 9, 28) + timedelta(days=n): False for n in range(4000)})
    with pytest.raises(ValueError, match="no working time"):
        never.after(at("2026-09-28 09:00"), 1)


def test_in_december_whoever_keeps_the_calendar_is_reminded_once_while_next_year_is_empty(house):
    def told():
        return sorted(Notice.objects.filter(kind="calendar.empty").values_list("user__username", flat=True))

    remind_of_the_calendar(date(2030, 11, 30))
    assert told() == []
    for day in (1, 2, 31):
        remind_of_the_calendar(date(2030, 12, day))
    assert told() == ["admin"]
    assert "2031" in Notice.objects.get(kind="calendar.empty").text
    remind_of_the_calendar(date(2031, 12, 1))
    assert told() == ["admin", "admin"]
    CalendarDay(name="元旦", date=date(2033, 1, 1)).create(by=house.admin)
    remind_of_the_calendar(date(2032, 12, 1))
    assert told() == ["admin", "admin"]


def test_the_house_closes_with_its_last_hour_and_today_not_before_now(house):
    assert end_of_work(date(2026, 9, 28)) == at("2026-09-28 18:00")
    SystemSetting.objects.create(key=HOURS, value="8:00-12:00 13:00-20:30")
    assert end_of_work(date(2026, 10, 3)) == at("2026-10-03 20:30")
    with clock.at(at("2026-09-28 10:15")):
        assert end_of_work(date(2026, 9, 28)) == at("2026-09-28 10:15")
