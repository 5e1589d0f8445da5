"""The one clock. Rules ask it instead of the system, so that jobs and demo data can run on another day."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator

_shown: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _shown.get() or timezone.now()


def today() -> date:
    """The present day in the company's time zone."""
    return timezone.localdate(now())


def next_day(day: date) -> date:
    return day + timedelta(days=1)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock show `moment` inside the block."""
    token = _shown.set(moment)
    try:
        yield
    finally:
        _shown.reset(token)
