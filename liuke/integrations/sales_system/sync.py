"""One run: read everything, see that it is whole, then write it in batches, and only then move the watermark.

Whatever goes wrong while their database is read leaves here everything as it was: data, watermark, time of the last
good run. What goes wrong while we write leaves whole batches; the watermark stays, and the next run does them again.
"""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.translation import gettext as _

from liuke.core import clock
from liuke.core.errands import Cancelled
from liuke.core.verbs import in_transaction

from . import into, marks, place, waiting
from .gone import Gone, read_left_out
from .matching import Matcher
from .models import SyncState, WaitingOrder
from .orders import count_waiting, write
from .reading import Read, read
from .refusing import SalesSystemError
from .spool import Spool, spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from .mapping import Mapping

BATCH = 2000
BEAT = 2.0  # seconds between two signs of life: each is a write of its own
FEW = 20  # orders of which so many may be gone without a word
logger = logging.getLogger("liuke.sales_system")


@dataclass
class Done:
    """What a run did."""

    read: Read
    orders: int = 0
    waiting: int = 0
    released: int = 0
    gone: int = 0
    placeless: int = 0  # stock rows
    whole: bool = False

    def __str__(self) -> str:
        words = {
            "products": self.read.rows.get("products", 0), "stock": self.read.rows.get("stock", 0),
            "orders": self.orders + self.released, "waiting": self.waiting,
        }  # fmt: skip
        text = _(
            "%(orders)s orders, %(products)s products, %(stock)s stock rows; %(waiting)s orders of unknown customers"
        )
        parts = [text % words]
        if self.gone:
            parts.append(_("%(count)s orders are gone there and became invalid") % {"count": self.gone})
        if self.placeless:
            parts.append(_("%(count)s stock rows of unknown products or warehouses") % {"count": self.placeless})
        if self.read.unmarked:
            parts.append(
                _("%(sections)s: the times of change do not sort, so everything is read each time")
                % {"sections": "、".join(self.read.unmarked)}
            )
        if self.read.wrong_count:
            parts.append(_("%(count)s rows left out") % {"count": self.read.wrong_count})
        return "; ".join(parts)


@dataclass
class Run:
    """Asked for by whom and how; `told` hears how many rows have been dealt with."""

    full: bool = False
    accept_gone: bool = False  # a person has said that many orders are really gone
    told: Callable[[int, int | None], None] = field(default=lambda _done, _total: None)

    def run(self) -> Done:
        """Read the sales system. Raises SalesSystemError, after writing down what went wrong."""
        return recorded(self._pull)

    def _pull(self, state: SyncState, beat: Callable[[], None]) -> Done:
        from .queries import Queries
        from .source import opened

        found = place.read_mapping()
        url = place.url_of(found)
        plan = plan_of(found, url)
        since = {} if self.full or state.plan != plan else marks.unpacked(state.marks, found.overlap)
        with spool() as kept:
            with opened(url, found) as source:
                queries = Queries(found, source)
                got = read(source, queries, since, kept, lambda n: self._told(beat, n, None))
                read_left_out(source, queries, since, kept)
            done = Done(got, whole=is_whole(found, "orders", since))
            done.gone = self._gone(found, kept, done).forget()
            self._write(found, kept, done, beat, is_whole(found, "stock", since))
            count_waiting()
        marks_before = {name: mark for name, mark in state.marks.items() if name not in got.unmarked}
        state.marks = (marks_before if since else {}) | marks.packed(got.newest)
        state.plan, state.wrong = plan, got.wrong
        return done

    def _told(self, beat: Callable[[], None], done: int, total: int | None) -> None:
        beat()
        self.told(done, total)

    def _gone(self, found: Mapping, kept: Spool, done: Done) -> Gone:
        """Orders of theirs that are no more. Many at once are half an answer, not the truth."""
        if "orders" not in found.sections or done.read.wrong_count:
            return Gone()
        gone = Gone.of_all(kept) if done.whole else Gone.left_out(kept)
        known = into.valid().count() + WaitingOrder.objects.count() if len(gone) > FEW else 0
        if len(gone) > max(FEW, known // 10) and not self.accept_gone:
            raise SalesSystemError(
                _("%(gone)s of %(known)s orders are missing in the sales system; nothing was changed. If they are "
                  "really gone, say so where a full run is started") % {"gone": len(gone), "known": known}, "gone"
            )  # fmt: skip
        return gone

    def _all_stock(self, kept: Spool, done: Done, whole: bool) -> Callable[[Iterable[str]], set[str]] | None:
        """How to know which stock is used up, when all of it was read."""
        if not whole or done.read.wrong_count:
            return None
        return lambda keys: kept.has("stock", keys) if kept.count("stock") else set(keys)

    def _write(self, found: Mapping, kept: Spool, done: Done, beat: Callable[[], None], all_stock: bool) -> None:
        def batches(section: str) -> Iterator[list[tuple[str, Any]]]:
            for batch in kept.batches(section, BATCH):
                beat()
                yield batch

        into.products(batches("products"))
        into.warehouses(batches("warehouses"))
        done.placeless = len(into.stock(batches("stock"), self._all_stock(kept, done, all_stock)))
        matcher, total, seen = Matcher(found.match), kept.count("orders"), 0
        done.released = waiting.release_found(matcher)
        for batch in kept.batches("orders", BATCH):
            lines = kept.lines(key for key, _order in batch)
            ready, parked = write([(order, lines[key]) for key, order in batch], matcher, found.key)
            done.orders, done.waiting, seen = done.orders + ready, done.waiting + parked, seen + len(batch)
            self._told(beat, seen, total)


def is_whole(found: Mapping, section: str, since: dict[str, Any]) -> bool:
    """Whether all rows of a section are read: there is no mark, or no column to compare it with."""
    told = found.sections.get(section)
    return told is not None and (since.get(section) is None or told.changed is None)


def plan_of(found: Mapping, url: str) -> str:
    """Another mapping or another address is another plan, and its marks do not count."""
    from .address import shown

    return hashlib.sha256(f"{found!r} {shown(url)}".encode()).hexdigest()


def recorded(work: Callable[[SyncState, Callable[[], None]], Done]) -> Done:
    """Do a run as the only one, and write down how it ended. Raises what `work` raises."""
    into.must_be_external()
    claim = SyncState.take()
    if not claim:
        raise SalesSystemError(_("The sales system is being read at this moment"), "busy")
    started = clock.now()
    try:
        state = SyncState.the_one()
        plan = state.plan
        done = work(state, _heart(claim))
    except BaseException as error:
        _failed(claim, started, error)
        raise
    in_transaction(lambda: _ended(claim, started, state, plan, done))
    return done


def _ended(claim: str, started: datetime, state: SyncState, plan: str, done: Done) -> None:
    """What was forgotten while the run was under way stays forgotten."""
    kept = {"marks": state.marks, "plan": state.plan if SyncState.the_one().plan == plan else "", "wrong": state.wrong}
    SyncState.leave(claim, failures=0, **kept)
    into.write_down(started, ok=True, rows=done.read.total, message=str(done), orders="orders" in done.read.rows)


def _heart(claim: str) -> Callable[[], None]:
    """What gives a sign of life when it is time for one. It raises SalesSystemError where another has taken over."""
    next_beat = time.monotonic()

    def beat() -> None:
        nonlocal next_beat
        if time.monotonic() < next_beat:
            return
        if not SyncState.beat(claim):
            raise SalesSystemError(_("Another run has taken over"), "taken_over")
        next_beat = time.monotonic() + BEAT

    return beat


def _failed(claim: str, started: datetime, error: BaseException) -> None:
    message = error.message if isinstance(error, SalesSystemError) else type(error).__name__
    failed = {"failures": F("failures") + 1, "failed_at": clock.now()}
    if isinstance(error, Cancelled):  # a person's wish is no failure of the sales system
        message, failed = _("Stopped by a person"), {}
    logger.error("The sales system was not read: %s", message)
    SyncState.leave(claim, **failed)
    into.write_down(started, ok=False, rows=0, message=message)
