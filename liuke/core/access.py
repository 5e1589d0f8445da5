"""Who may do what to which rows. Default deny: no grant, no act (PERM-03, PERM-04)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Callable

NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class Reach:
    """How far a person's grants reach for one act: the union over all of his roles."""

    everything: bool = False
    departments: frozenset[int] = field(default_factory=frozenset)
    own: bool = False

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.everything or other.everything, self.departments | other.departments, self.own or other.own)

    def rows(self, user: Any, own: tuple[str, ...]) -> Q:
        """The rows in reach. `own` names the fields that say whose a row is: the first that is filled in counts."""
        return _rows(self, user.pk, user.people_in, own)


@lru_cache(maxsize=2000)
def _rows(reach: Reach, pk: int, people_in: Callable[[frozenset[int]], Any], own: tuple[str, ...]) -> Q:
    if reach.everything:
        return Q()
    rows = NOBODY
    if reach.own:
        rows |= _first_filled(own, "", pk)
    if reach.departments:
        # not "__department__in": a joined table in the condition keeps every index from being used
        rows |= _first_filled(own, "__in", people_in(reach.departments))
    return rows


def _first_filled(own: tuple[str, ...], suffix: str, value: Any) -> Q:
    rows, earlier_empty = NOBODY, Q()
    for name in own:
        rows |= earlier_empty & Q(**{f"{name}{suffix}": value})
        earlier_empty &= Q(**{name: None})
    return rows
