"""How many opportunities there are of each kind, and what they come to: what the sales funnel asks the database."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, Sum, Value
from django.db.models.functions import Cast

from liuke.core import statements
from liuke.core.conditions import condition
from liuke.core.display import shown
from liuke.marketing.models import Opportunity, SalesStage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liuke.core.listing import Question

    from .periods import Span

PERIOD = "created_at"


def grouped(question: Question, by: str) -> Groups:
    """By stage or by assignee, and by status."""
    return Groups(statements.rows(_grouped, question, (by, "status")))


def by_month(question: Question, spans: list[Span]) -> Groups:
    """By month, named by its first day, and by status."""
    return Groups(statements.rows(_by_span, question, tuple(spans)))


class Groups:
    """Counted rows: how many there are of some, and what they come to."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self.rows = [(dict(pairs), n, total or 0) for pairs, n, total in map(_named, rows)]
        self.of: dict[tuple[str, Any], list[Any]] = {}  # the same by each of their values: there may be many owners
        for row in self.rows:
            for pair in row[0].items():
                self.of.setdefault(pair, []).append(row)

    def keys(self, name: str) -> set[Any]:
        return {key[name] for key, _n, _total in self.rows}

    def count(self, **wanted: Any) -> int:
        return sum(n for key, n, _total in self._some(wanted) if wanted.items() <= key.items())

    def amount(self, **wanted: Any) -> Any:
        return sum(total for key, _n, total in self._some(wanted) if wanted.items() <= key.items())

    def _some(self, wanted: dict[str, Any]) -> list[Any]:
        return self.of.get(next(iter(wanted.items())), []) if wanted else self.rows

    def reached(self, stages: list[int]) -> int:
        """Those in one of these stages, and the won ones."""
        return sum(n for key, n, _total in self.rows if key["stage"] in stages or key["status"] == "won")


def _named(row: tuple[Any, ...]) -> tuple[list[tuple[str, Any]], int, Any]:
    name, key, status, n, total = row
    return [(name, key), ("status", status)], n, total


def _grouped(question: Question, by: tuple[str, str]) -> Any:
    """(name of the key, key, status, number, sum of amounts)"""
    rows = question.rows().order_by().annotate(key_name=Value(by[0], output_field=CharField()))
    return rows.values_list("key_name", *by).annotate(Count("pk"), Sum("amount"))


def _by_span(question: Question, spans: tuple[tuple[date, date], ...]) -> Any:
    """The same for each month: a part of the question for each, for a month is no field to group by."""
    known = shown(Opportunity, PERIOD)
    arms = []
    for first, last in spans:
        inside = condition(known, "gte", first.isoformat()) & condition(known, "lte", last.isoformat())
        names = {
            "key_name": Value("month", output_field=CharField()),
            "span": Cast(Value(first.isoformat()), CharField()),
        }
        rows = question.also(inside).rows().order_by().annotate(**names)
        arms.append(rows.values_list("key_name", "span", "status").annotate(Count("pk"), Sum("amount")))
    one, *others = arms
    return one.union(*others, all=True) if others else one


def stages_of(found: Groups) -> list[tuple[int, str]]:
    """The stages in their order, those in the recycle bin as long as there is anything in them."""
    held = found.keys("stage")
    rows = SalesStage.objects.order_by("position", "id").values_list("pk", "name", "deleted_at")
    return [(pk, name) for pk, name, gone in rows if gone is None or pk in held]
