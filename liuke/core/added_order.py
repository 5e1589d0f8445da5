"""Pages of a list in the order of an added field (`extras.Order`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from liuke.core import statements
from liuke.core.subqueries import Among, Chosen

if TYPE_CHECKING:
    from liuke.core.extras import Order, Place
    from liuke.core.listing import Question, Reader

    Rows = list[tuple[Any, ...]]


def sorted_ones(question: Question, order: Order, behind: Place | None, start: int, stop: int, read: Reader) -> Rows:
    """Of a few: sorted, in one question."""
    return statements.rows(_sorted, question, order, behind, start, stop, read)


def _sorted(question: Question, order: Order, behind: Place | None, start: int, stop: int, read: Reader) -> Any:
    chosen = order.sorted(question.rows(), behind).values("pk")[start:stop]
    return read(order.sorted(question.model._base_manager.filter(Among(F("pk"), Chosen(chosen))), None))


def found(question: Question, order: Order, behind: Place | None, start: int, stop: int, read: Reader) -> Rows:
    """Of many: the ids come in order, arm by arm while rows are wanting; then the rows are read."""
    pks: list[int] = []
    for key in order.arms(question, behind):
        pks += [pk for _at, pk in statements.rows(_arm, question, order, key, behind, stop - len(pks))]
        if len(pks) == stop:
            break
    wanted = tuple(pks[start:])
    rows = {row[read.all_names.index("id")]: row for row in statements.rows(_named, question, wanted, read)}
    return [rows[pk] for pk in wanted if pk in rows]


def _arm(question: Question, order: Order, key: Any, behind: Place | None, most: int) -> Any:
    return order.arm(key, question, behind, most)


def _named(question: Question, pks: tuple[int, ...], read: Reader) -> Any:
    return read(question.model._base_manager.filter(pk__in=pks))
