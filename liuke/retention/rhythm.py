"""A customer's orders as a rhythm: how often it orders as a rule, and how far it is behind that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORTEST = 7  # days: who orders every day is not lost after a long weekend
ENOUGH = 3  # days with orders, to speak of a rhythm at all


@dataclass(frozen=True)
class Bought:
    """All that was ordered on one day."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Rhythm:
    """Days with orders, the oldest first."""

    days: Sequence[Bought]

    @property
    def usual_gap(self) -> int | None:
        """The median of the days between two orders; None as long as there are too few of them."""
        if len(self.days) < ENOUGH:
            return None
        gaps = [(later.on - one.on).days for one, later in zip(self.days, self.days[1:], strict=False)]
        return max(SHORTEST, round(median(gaps)))

    def times(self, today: date) -> float | None:
        """How many of its usual gaps it has been silent."""
        gap = self.usual_gap
        return (today - self.days[-1].on).days / gap if gap else None

    def missed(self, today: date, most: int = 60) -> list[date]:
        """The days on which it would have ordered since, by its usual gap."""
        gap = self.usual_gap
        if not gap:
            return []
        count = min((today - self.days[-1].on).days // gap, most)
        return [self.days[-1].on + timedelta(days=gap * n) for n in range(1, count + 1)]
