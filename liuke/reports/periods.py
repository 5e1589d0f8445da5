"""Periods of reports: first and last day as an address names them, and the months of a period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from liuke.core.reports.report import Asked

MOST_MONTHS = 36
Span = tuple[date, date]


def days_of(asked: Asked, bounds: tuple[str, str]) -> tuple[date | None, date | None]:
    """First and last day as asked for; what cannot be read, or runs backwards, is refused and left out."""
    first, last = (_day(asked, name) for name in bounds)
    if first and last and first > last:
        _refuse(asked, bounds[0], _("The first day lies after the last one, %(last)s") % {"last": last.isoformat()})
        return None, None
    return first, last


def _day(asked: Asked, name: str) -> date | None:
    text = asked.get(name)
    try:
        day = date.fromisoformat(text) if text else None
        if day and not 1900 <= day.year <= 9000:
            raise ValueError(text)
        return day
    except ValueError:
        if name not in asked.errors:
            asked.refuse(name)
        return None


def a_year_of(first: date | None, last: date | None, today: date) -> Span:
    """The period; where an end was not asked for, it has the twelve months up to the other one, or until today."""
    last = last or max(today, first or today)
    return first or month(last, -11), last


def no_more_months(asked: Asked, bounds: tuple[str, str], span: Span) -> Span:
    """The period as far as its months can be told one by one; more of them are refused, and the latest shown."""
    earliest = month(span[1], 1 - MOST_MONTHS)
    if span[0] >= earliest:
        return span
    _refuse(asked, bounds[0], _("At most %(most)s months can be told one by one: these are the last ones")
            % {"most": MOST_MONTHS})  # fmt: skip
    return earliest, span[1]


def _refuse(asked: Asked, name: str, text: str) -> None:
    """Once: a period is read in several places."""
    if name not in asked.errors:
        asked.errors[name] = [text]


def month(day: date, ahead: int) -> date:
    """The first day of the month so many months from this one."""
    number = day.year * 12 + day.month - 1 + ahead
    return date(number // 12, number % 12 + 1, 1)


def months(first: date, last: date) -> list[Span]:
    """The months of a period, its ends cut off."""
    spans, start = [], first
    while start <= last:
        end = min(month(start, 1) - timedelta(days=1), last)
        spans.append((start, end))
        start = end + timedelta(days=1)
    return spans
