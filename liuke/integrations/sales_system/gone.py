"""Orders that are no more there: deleted, or left out by the conditions of the mapping since they were read."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import into, values
from .models import WaitingOrder
from .reading import LONGEST

if TYPE_CHECKING:
    from .queries import Queries
    from .source import Source
    from .spool import Spool

AT_ONCE = 1000


@dataclass
class Gone:
    """Orders that count here or wait here, and are no more there."""

    orders: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.orders) + len(self.waiting)

    @classmethod
    def of_all(cls, kept: Spool) -> Gone:
        """All of theirs were read: which of ours were not among them."""
        return cls(into.not_in(lambda keys: kept.has("orders", keys)), _waiting_not_in(kept))

    @classmethod
    def left_out(cls, kept: Spool) -> Gone:
        """What has changed and is left out by the conditions of the mapping."""
        gone = cls()
        for batch in kept.batches("left_out", AT_ONCE):
            keys = {key for key, _row in batch}
            keys -= kept.has("orders", keys)
            gone.orders += into.known(list(keys))
            gone.waiting += WaitingOrder.objects.filter(external_id__in=keys).values_list("pk", flat=True)
        return gone

    def forget(self) -> int:
        """Those that were written become invalid, those that wait have nothing to wait for. Returns how many."""
        into.invalidate(self.orders)
        for start in range(0, len(self.waiting), AT_ONCE):
            WaitingOrder.objects.filter(pk__in=self.waiting[start : start + AT_ONCE]).delete()
        return len(self)


def read_left_out(source: Source, queries: Queries, since: dict[str, Any], kept: Spool) -> None:
    asked = queries.left_out(since)
    for (key,) in source.rows(asked) if asked is not None else ():
        with suppress(ValueError):  # a number that is none is no order of ours
            kept.add("left_out", values.text(key, LONGEST), None)


def _waiting_not_in(kept: Spool) -> list[int]:
    gone: list[int] = []
    last = 0
    rows = WaitingOrder.objects.order_by("pk").values_list("pk", "external_id")
    while page := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        there = kept.has("orders", (key for _pk, key in page))
        gone += [pk for pk, key in page if key not in there]
        last = page[-1][0]
    return gone
