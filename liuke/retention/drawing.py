"""The rhythm of orders as a drawing: a bar an order day, the silence shaded, the missed days hollow, the line dashed.

Everything is worked out here in the units of the picture; the template prints it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from liuke.core import formats

from .rhythm import Bought, Rhythm
from .silence import months_after, months_before

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BASE, HIGHEST = 92.0, 62.0  # of the picture, from the top; of a bar
LIKE = 36.0  # height of all bars for those who may not know the amounts
EDGE = 12.0


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    high: float
    title: str
    label: str = ""


@dataclass(frozen=True)
class Drawing:
    width: int
    bars: list[Bar] = field(default_factory=list)
    missed: list[float] = field(default_factory=list)
    ticks: list[tuple[float, str]] = field(default_factory=list)
    silent: tuple[float, float] = (0.0, 0.0)  # from, width
    line: float | None = None  # where the silence became too long

    @property
    def beyond(self) -> float:
        """How wide the part behind the line is."""
        return 0.0 if self.line is None else max(0.0, self.silent[0] + self.silent[1] - self.line)


def draw(
    days: Sequence[Bought], base: date, today: date, limit: int, width: int, months: int, *, amounts: bool
) -> Drawing:
    """The last so many months up to today; `base` is the day the silence is counted from, `limit` its months."""
    first = months_before(today, months)
    scale = (width - 2 * EDGE) / max(1, (today - first).days)

    def x(day: date) -> float:
        return round(EDGE + (max(day, first) - first).days * scale, 1)

    begin, line = x(base), months_after(base, limit)
    return Drawing(
        width, (_bars if amounts else _like_bars)([one for one in days if one.on >= first], x),
        [x(day) for day in Rhythm(days).missed(today) if day >= first] if days and days[-1].on == base else [],
        _ticks(first, today, x, 3 if months > 12 else 2),
        (begin, round(x(today) - begin, 1)), x(line) if first <= line < today else None,
    )  # fmt: skip


def _bars(days: Sequence[Bought], x: Callable[[date], float]) -> list[Bar]:
    largest = max((one.amount for one in days), default=Decimal(0))
    most = largest if largest > 0 else Decimal(1)  # a customer that only gave back has no large amount
    bars = []
    for place, one in enumerate(days):
        high = max(2.0, round(float(one.amount / most) * HIGHEST, 1))
        named = place == len(days) - 1 or one.amount == largest
        told = formats.short_money(one.amount)
        bars.append(Bar(x(one.on), round(BASE - high, 1), high, f"{one.on} {told}", told if named else ""))
    return bars


def _like_bars(days: Sequence[Bought], x: Callable[[date], float]) -> list[Bar]:
    return [Bar(x(one.on), BASE - LIKE, LIKE, one.on.isoformat()) for one in days]


def _ticks(first: date, today: date, x: Callable[[date], float], every: int) -> list[tuple[float, str]]:
    day, found = (first.replace(day=1) + timedelta(days=32)).replace(day=1), []
    while day < today - timedelta(days=20):
        if day.month % every == 0:
            found.append((x(day), f"{day:%Y-%m}"))
        day = (day + timedelta(days=32)).replace(day=1)
    return found
