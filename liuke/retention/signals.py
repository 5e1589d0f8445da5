"""The register of signs that a customer is about to leave. Each reads its facts for many customers at once, gives
points for what it saw, and says it in words. The score is the sum of all points, at most 100.

    @signal("complaints", most=20, read=complaints_of)          # service signs in its own
    def complaints(facts, today): return points, {"n": 3}       # or None: nothing to say
    @complaints.words
    def _(seen, today): return _("%(n)s complaints in a year") % seen

A sign whose words tell amounts says it without them, too (`without_amounts`), for those who may not read the orders.
One whose words tell of records not everybody sees says to whom it is told (`seen_by`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    Facts = dict[int, Any]
    Read = Callable[[Sequence[int], date], Facts]
    Judge = Callable[[Any, date], tuple[float, dict[str, Any]] | None]
    Say = Callable[[dict[str, Any], date], str]
    SeenBy = Callable[[Any, Any, dict[str, Any]], bool]  # customer, reader, what it saw


@dataclass
class Signal:
    """One sign. `seen` is what it kept of its facts, plain values; words are made of them when somebody reads."""

    key: str
    most: int  # points
    icon: str
    read: Read
    judge: Judge
    say: Say = field(default=lambda seen, today: "")
    say_less: Say | None = None
    is_told: SeenBy = field(default=lambda customer, user, seen: True)

    def words(self, say: Say) -> Say:
        self.say = say
        return say

    def without_amounts(self, say: Say) -> Say:
        self.say_less = say
        return say

    def seen_by(self, is_told: SeenBy) -> SeenBy:
        self.is_told = is_told
        return is_told

    def told(self, seen: dict[str, Any], today: date, amounts: bool) -> str:
        say = self.say if amounts or self.say_less is None else self.say_less
        return say(seen, today)


_signals: dict[str, Signal] = {}


def signal(key: str, *, most: int, read: Read, icon: str = "alert-triangle") -> Callable[[Judge], Signal]:
    """Sign a function in: it gets a customer's facts and the day, and returns its points and what it saw, or None."""

    def sign_in(judge: Judge) -> Signal:
        _signals[key] = Signal(key, most, icon, read, judge)
        return _signals[key]

    return sign_in


def signals() -> list[Signal]:
    return list(_signals.values())


def judged(customers: Sequence[int], today: date) -> dict[int, list[list[Any]]]:
    """For each customer [[signal, points, what it saw], …], the weightiest first. Facts are read once for all."""
    facts: dict[Read, Facts] = {one.read: {} for one in signals()}
    for read in facts:
        facts[read] = read(customers, today)
    return {pk: _found({read: known.get(pk) for read, known in facts.items()}, today) for pk in customers}


def _found(facts: dict[Read, Any], today: date) -> list[list[Any]]:
    found = []
    for one in signals():
        known = facts[one.read]
        saw = one.judge(known, today) if known is not None else None
        if saw and (points := min(round(saw[0]), one.most)) > 0:
            found.append([one.key, points, saw[1]])
    return sorted(found, key=lambda row: -row[1])


def score_of(found: list[list[Any]]) -> int:
    return min(100, sum(points for _key, points, _seen in found))


def told_to(found: list[list[Any]], customer: Any, user: Any) -> list[list[Any]]:
    """What of it this reader may be told; a sign whose module is gone says nothing."""
    return [row for row in found if row[0] in _signals and _signals[row[0]].is_told(customer, user, row[2])]


def reasons(found: list[list[Any]], today: date, *, amounts: bool) -> list[tuple[str, str, int]]:
    """(icon, words, points) of what was found; a sign whose module is gone says nothing."""
    return [
        (_signals[key].icon, _signals[key].told(seen, today, amounts), points)
        for key, points, seen in found
        if key in _signals
    ]
