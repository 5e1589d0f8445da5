"""Conditions on the values of added fields: equal and hashable when they mean the same, as `statements` wants them."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet

from liuke.core import statements
from liuke.core.access import NOBODY
from liuke.core.extras import Extra

from .custom_fields import CustomValue

if TYPE_CHECKING:
    from liuke.core.listing import Question

MINUTES = 10
RARE = 5_000  # so many matches are quicker gathered than looked for row by row
MANY = 40_000  # more than these are looked for row by row unless nothing but they narrows a list


def holding(extra: Extra, condition: Q) -> Q:
    """Few matches are gathered by the index of the values; of many a look at each record tells."""
    if extra.kind == "reference":
        condition = _of_entry(extra, condition)
    found = _commonness.get(extra.key, condition)
    if found <= RARE:
        return Q(pk__in=Holding(extra.key, condition))
    return Q(Holds(extra.key, condition, leads=found <= MANY))


@dataclass(frozen=True)
class Holding:
    """The right side of `pk__in`: the records that have a matching value."""

    key: int
    condition: Q

    def resolve_expression(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        return _matching(self.key, self.condition).query.resolve_expression(query, *args, **kwargs)


class Looked(Exists):
    """`EXISTS`, asked of each row in its turn; left a choice, PostgreSQL joins whole tables for a few rows."""

    template = "(%(subquery)s) IS NOT NULL"


class Holds(Looked):
    """Whether the record in question has a matching value."""

    def __init__(self, key: int, condition: Q, leads: bool = False) -> None:
        super().__init__(_matching(key, condition).filter(record=OuterRef("pk")))
        self.key, self.condition, self.leads = key, condition, leads
        self.told = key, condition, leads

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Holds) and self.told == other.told

    def __hash__(self) -> int:
        return hash(self.told)

    def leading(self, records: QuerySet) -> QuerySet:
        """The ids of those `records` that meet this, starting from the values: for many among all there are."""
        return _matching(self.key, self.condition).filter(Looked(records.order_by().filter(pk=OuterRef("record"))))


def told_of(extra: Extra, question: Question) -> list[tuple[Q, bool]]:
    """What a question asks of the values of a field, and whether it is the opposite that it asks for."""
    found = [(_held(part), part.negated) for part in question.parts]
    return [(held.condition, negated) for held, negated in found if held is not None and held.key == extra.key]


def narrows(extra: Extra, question: Question) -> bool:
    """Whether few values of this field meet what the question asks of it: few for a walk through them."""
    held = [_held(part) for part in question.parts if not part.negated]
    return any(one is not None and one.key == extra.key and getattr(one, "leads", True) for one in held)


def _held(part: Q) -> Holds | Holding | None:
    child = part.children[0] if len(part.children) == 1 else None
    child = child[1] if isinstance(child, tuple) else child
    return child if isinstance(child, Holds | Holding) else None


class Commonness:
    """How many values meet a condition, as far as that matters: advice for the database, which may be minutes old."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, Q], tuple[float, int]] = {}

    def get(self, key: int, condition: Q) -> int:
        until, found = self._known.get((key, condition), (0.0, 0))
        if until < monotonic():
            found = statements.count(_matching, key, condition, MANY + 1)
            if len(self._known) > 1000:
                self._known.clear()
            self._known[key, condition] = monotonic() + MINUTES * 60, found
        return found


_commonness = Commonness()


def _matching(key: int, condition: Q, most: int | None = None) -> Any:
    return CustomValue.objects.filter(condition, field=key).values_list("record")[:most]


def _of_entry(extra: Extra, condition: Q) -> Q:
    """A choice is asked for by its value: the entry that has it, so that the index of values is of use."""
    ((path, value),) = cast("list[tuple[str, Any]]", condition.children)
    if path.endswith("__isnull"):
        return condition
    return Q(item=extra.entries[value].pk) if value in extra.entries else NOBODY
