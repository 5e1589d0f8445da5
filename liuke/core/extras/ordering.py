"""The order of an added field."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from liuke.core.display import ADDED
from liuke.core.extras.fields import by_path, store

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.core.listing import Question
    from liuke.core.resource import Resource


class Place(NamedTuple):
    """Where a cursor stands in the order of an added field."""

    value: Any
    pk: int


class Order(Protocol):
    """Rows in the order of an added field, those without a value last; equal and hashable when it is the same."""

    def __hash__(self) -> int: ...

    def sorted(self, rows: QuerySet, behind: Place | None) -> QuerySet: ...

    def leads(self, question: Question) -> bool: ...

    def arms(self, question: Question, behind: Place | None) -> Iterator[Hashable]: ...

    def arm(self, key: Any, question: Question, behind: Place | None, most: int) -> QuerySet: ...

    def place(self, value: Any, pk: int) -> Place: ...


def order(resource: Resource, ordering: str) -> Order | None:
    """What sorts by an added field, where `ordering` names one."""
    known = by_path(resource).get(ordering.removeprefix("-")) if ADDED in ordering else None
    return store().order(known, ordering.startswith("-")) if known else None
