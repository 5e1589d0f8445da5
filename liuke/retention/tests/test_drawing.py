"""The rhythm of orders as a drawing, in the units of the picture: 500 wide, with 12 at each edge."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from liuke.retention.drawing import draw
from liuke.retention.rhythm import Bought

TODAY = date(2026, 11, 21)
FIRST = date(2025, 11, 21)  # twelve months earlier, 365 days
WIDTH = 12 * 2 + 365  # a day is one unit


def drawn(*bought, base=None, months=12, width=WIDTH, limit=6, amounts=True):
    """Of (days ago, amount)."""
    days = [Bought(TODAY - timedelta(days=ago), Decimal(amount)) for ago, amount in bought]
    return draw(days, base or days[-1].on, TODAY, limit, width, months, amounts=amounts)


def test_a_bar_stands_on_its_day_as_high_as_its_amount():
    bars = drawn((365, 100), (200, 400), (100, 200)).bars
    assert [(bar.x, bar.high, bar.y) for bar in bars] == [(12.0, 15.5, 76.5), (177.0, 62.0, 30.0), (277.0, 31.0, 61.0)]
    assert [bar.title for bar in bars] == ["2025-11-21 ¥100", "2026-05-05 ¥400", "2026-08-13 ¥200"]
    assert [bar.label for bar in bars] == ["", "¥400", "¥200"]  # the largest and the last


@pytest.mark.parametrize("amounts", [(0, 0), (-5, -10)])
def test_orders_that_come_to_nothing_are_seen_all_the_same(amounts):
    assert {bar.high for bar in drawn(*zip((200, 100), amounts, strict=True)).bars} == {2.0}


def test_without_amounts_all_bars_are_alike():
    assert {(bar.high, bar.y, bar.label) for bar in drawn((200, 400), (100, 1), amounts=False).bars} == {
        (36.0, 56.0, "")
    }


def test_the_silence_reaches_from_the_last_order_to_today_and_the_line_is_six_months_behind_it():
    picture = drawn((300, 1), (250, 1))
    assert picture.silent == (127.0, 250.0)
    line = date(2026, 9, 16)  # six months after 16 March
    assert picture.line == 12 + (line - FIRST).days
    assert picture.beyond == (TODAY - line).days


def test_a_line_that_is_still_to_come_is_not_drawn():
    picture = drawn((300, 1), (30, 1))
    assert (picture.line, picture.beyond) == (None, 0)


def test_a_silence_longer_than_the_picture_fills_it():
    picture = drawn((3000, 1), (2950, 1), (2900, 1))
    assert (picture.bars, picture.silent, picture.line) == ([], (12.0, 365.0), None)
    assert len(picture.missed) == 8  # of 58, those of the last year
    ages = draw([], date(1, 1, 1), TODAY, 6, WIDTH, 12, amounts=True)
    assert (ages.silent, ages.missed) == ((12.0, 365.0), [])


def test_missed_orders_stand_on_their_days_by_the_usual_gap():
    assert drawn((220, 1), (190, 1), (160, 1), (130, 1)).missed == [277.0, 307.0, 337.0, 367.0]
    assert drawn((220, 1), (190, 1), (160, 1), (130, 1), base=date(2026, 1, 1)).missed == []  # counted from elsewhere


@pytest.mark.parametrize(
    ("months", "labels"),
    [(12, "2025-12 2026-02 2026-04 2026-06 2026-08 2026-10"), (18, "2025-06 2025-09 2025-12 2026-03 2026-06 2026-09")],
)
def test_months_are_named_below_every_second_or_every_third(months, labels):
    assert " ".join(label for _x, label in drawn((30, 1), months=months).ticks) == labels
