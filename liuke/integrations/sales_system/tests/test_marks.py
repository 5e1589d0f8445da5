"""A mark may be too old, never too new: what is written down, and what is asked for the next time."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from liuke.core import clock
from liuke.integrations.sales_system.marks import Newest, packed, unpacked


def newest(*values):
    seen = Newest()
    for value in values:
        seen.see(value)
    return seen.value if seen.usable else "unusable"


def asked(value, overlap=90):
    return unpacked(packed({"orders": value}), overlap)["orders"]


@pytest.mark.parametrize(
    ("mark", "earlier"),
    [
        (datetime(2026, 3, 1, 0, 30), datetime(2026, 2, 28, 23, 0)),  # a clock without a zone
        (datetime(2026, 3, 1, 0, 30, tzinfo=UTC), datetime(2026, 2, 28, 23, 0, tzinfo=UTC)),
        (date(2026, 3, 1), date(2026, 2, 28)),  # what was saved before midnight is seen after it
        ("2026-03-01 00:30:00", "2026-02-28 23:00:00"),
        ("2026-03-01T00:30", "2026-02-28T23:00"),
        ("2026/03/01 00:30:00.123", "2026/02/28 23:00:00"),
        ("2026-03-01T00:30:00+08:00", "2026-02-28T23:00:00+08:00"),
        ("2026-03-01T00:30:00.5Z", "2026-02-28T23:00:00Z"),
        ("2026-03-01", "2026-02-28"),
        ("20260301003000", "20260228230000"),
        (20260301003000, 20260228230000),
        (1772323200, 1772323200 - 5400),  # seconds since 1970
        (1772323200123, 1772323200123 - 5400_000),
        (4711, 4711),  # a counter
        (b"\x00\x00\x07\xd1", b"\x00\x00\x07\xd1"),  # a row version of SQL Server
        (Decimal("45000.5"), Decimal("45000.5")),
    ],
)
def test_a_mark_is_used_a_little_earlier_in_the_shape_it_has(mark, earlier):
    assert asked(mark) == earlier
    assert asked(mark, 0) == mark


def test_what_lies_ahead_is_no_mark():
    now = timezone.localtime(clock.now()).replace(tzinfo=None)
    soon, before = now + timedelta(minutes=1), now - timedelta(days=1)
    assert newest(before, soon) == before
    assert newest(str(before)[:19], str(soon)[:19]) == str(before)[:19]
    assert newest(clock.now() - timedelta(days=1), clock.now() + timedelta(minutes=1)) < clock.now()
    assert newest(1772323200, 3_900_000_000) == 1772323200


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        ((3, None, 7, 5), 7),
        (("2026-03-01", "2026-03-01 09:00:00"), "2026-03-01 09:00:00"),
        (("2026-03-01 09:00:00", "2026-13-01 09:00:00"), "2026-03-01 09:00:00"),  # no such month
        (("01.03.2026",), "unusable"),
        (("2026-3-1",), "unusable"),
        (("2026-03-01 09:00", "2026-03-01T10:00"), "unusable"),
        (("2026-03-01", "2026/03/02"), "unusable"),
        ((5, "2026-03-01"), "unusable"),
        ((None,), None),
    ],
)
def test_the_newest_is_taken_where_their_order_tells_something(values, mark):
    assert newest(*values) == mark
