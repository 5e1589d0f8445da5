"""How values read."""

from datetime import UTC, date, datetime

from liuke.core import formats


def test_a_moment_late_in_greenwich_is_of_the_next_day_in_the_house():
    assert formats.day(datetime(2026, 11, 24, 16, 30, tzinfo=UTC)) == "2026-11-25"
    assert formats.day(datetime(2026, 11, 24, 15, 30, tzinfo=UTC)) == "2026-11-24"
    assert (formats.day(date(2026, 11, 24)), formats.day(None)) == ("2026-11-24", "--")
