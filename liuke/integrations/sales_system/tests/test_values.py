"""Days as other systems write them: read as they are meant, or refused."""

from datetime import UTC, date, datetime

import pytest

from liuke.integrations.sales_system.values import Wrong, day


@pytest.mark.parametrize(
    "value",
    ["2026-03-01", "2026/3/1", "2026.03.01", "2026年3月1日", "20260301", "20260301093000", "2026-03-01 23:59:59",
     "2026-03-01T09:30", " 2026-03-01 ", date(2026, 3, 1), datetime(2026, 3, 1, 23, 59),
     "2026-02-28T23:30:00Z", "2026-02-28 22:30:00.5+00:00", "2026-03-01T01:30:00+0900",
     datetime(2026, 2, 28, 23, 30, tzinfo=UTC)],
)  # fmt: skip
def test_a_day_is_that_of_the_company_s_clock(value):
    assert day(value) == date(2026, 3, 1)


@pytest.mark.parametrize(
    "value", ["202631", "2026111", "2026-13-01", "2026-02-30", "01.03.2026", "0000-00-00", "2026-03-01Z",
              "２０２６-03-01", "46082", 46082, "2026-03-01T99:00:00Z"]
)  # fmt: skip
def test_what_might_be_another_day_is_none(value):
    with pytest.raises(Wrong):
        day(value)


def test_no_day_is_no_day():
    assert day(None) is day("") is None
