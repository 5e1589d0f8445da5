"""Who must know that rows were written, inside the writer's own transaction: the search index, totals.

Verbs tell each record by itself, `save_many` a whole batch at once; a follower therefore gets a list and asks the
database once for all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from liuke.core.models import Record

    Follower = Callable[[Sequence[Record]], None]

_followers: list[Follower] = []


def follow(follower: Follower) -> Follower:
    """Sign a function in: it gets records of one model that were just created, changed, deleted or restored."""
    _followers.append(follower)
    return follower


def tell(records: Sequence[Record]) -> None:
    for follower in _followers:
        follower(records)
