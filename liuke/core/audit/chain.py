"""The chain of seals: entries are sealed in batches, each seal covers the one before.

What was changed, deleted, slipped in or put elsewhere no longer fits its seal. Transactions end in another order than
their entries were numbered: an id that is still missing when its neighbours are sealed is awaited for a day, and
sealed with a later batch.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain as joined
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from liuke.core.models.audit import AuditBatch, AuditEntry

from . import seals
from .entries import ranges
from .keeping import was_removed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST = 5_000  # entries of a batch
TOGETHER = 50  # batches read at once when they are looked through
PRINT = 16  # hexadecimal digits an entry leaves in its seal
AWAITED = timedelta(days=1)


# sealing


def seal() -> int:
    """Seal what has been written since the last seal; returns how many entries that were."""
    count = 0
    while _is_open() and (some := _seal_some()):
        count += some
    return count


def _is_open() -> bool:
    """Whether there may be something to seal; a plain read, so that an idle house keeps no writer waiting."""
    last = AuditBatch.objects.order_by("-number").first()
    return _unsealed(last).exists()


def _unsealed(last: AuditBatch | None) -> Any:
    if last is None:
        return AuditEntry.objects.all()
    open_ids = Q(pk__gt=last.top)
    for first, end, _since in last.awaited:
        open_ids |= Q(pk__range=(first, end))
    return AuditEntry.objects.filter(open_ids)


def _seal_some() -> int:
    with transaction.atomic():
        if connection.vendor == "postgresql":  # of two who seal at once the second goes on from the first
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {AuditBatch._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        last = AuditBatch.objects.order_by("-number").first()
        entries = list(_unsealed(last).order_by("pk")[:MOST])
        if entries:
            made = _next(last, entries)
            made.save(force_insert=True)
            transaction.on_commit(lambda: seals.remember(made))
    return len(entries)


def _next(last: AuditBatch | None, entries: Sequence[AuditEntry]) -> AuditBatch:
    ids = [entry.pk for entry in entries]
    top = max(ids[-1], last.top) if last else ids[-1]
    content, prints = _prints(entries)
    made = AuditBatch(
        number=last.number + 1 if last else 1, sealed_at=timezone.now(), top=top, ranges=ranges(ids),
        awaited=_awaited(last, ids, top), count=len(ids), prints=prints, content=content,
        previous=last.hash if last else "",
    )  # fmt: skip
    made.hash = made.whole()
    return made


def _awaited(last: AuditBatch | None, ids: Sequence[int], top: int) -> list[list[Any]]:
    """What was awaited and has not come, not for longer than a day; and the gaps that are new."""
    now = timezone.now()
    waiting = [
        [*part, since]
        for first, end, since in (last.awaited if last else ())
        if now - datetime.fromisoformat(since) < AWAITED
        for part in _gaps(first, end, ids)
    ]
    new = _gaps(last.top + 1 if last else ids[0], top, ids)
    return waiting + [[*part, now.isoformat()] for part in new]


def _gaps(first: int, end: int, ids: Sequence[int]) -> list[list[int]]:
    """What is left of a range without these rising ids."""
    left, before = [], first - 1
    for one in [*(one for one in ids if first <= one <= end), end + 1]:
        if one > before + 1:
            left.append([before + 1, one - 1])
        before = one
    return left


def _prints(entries: Iterable[AuditEntry]) -> tuple[str, str]:
    """(SHA-256 of all lines, the beginning of each line's own)."""
    content, prints = hashlib.sha256(), []
    for entry in entries:
        line = entry.line()
        content.update(line)
        prints.append(_print(line))
    return content.hexdigest(), "".join(prints)


def _print(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:PRINT]


# looking


@dataclass
class Verdict:
    """What a look through the whole log came to; `fault` says in words what is wrong first of all."""

    batches: int = 0
    entries: int = 0
    unsealed: int = 0
    fault: str = ""
    batch: int | None = None
    entry: int | None = None
    covered: list[list[int]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.fault

    @property
    def words(self) -> str:
        if self.fault:
            return self.fault
        text = _(
            "The audit log is whole: %(entries)s entries in %(batches)s sealed batches, %(unsealed)s not sealed yet"
        )
        told = {"entries": self.entries, "batches": self.batches, "unsealed": self.unsealed}
        return text % {name: f"{n:,}" for name, n in told.items()}


class _Broken(Exception):
    def __init__(self, text: str, batch: int | None = None, entry: int | None = None) -> None:
        super().__init__(text)
        self.text, self.batch, self.entry = text, batch, entry


def verify() -> Verdict:
    """Look through all seals and entries, from the oldest; stops at the first that is not what it was."""
    verdict = Verdict()
    try:
        last = _look_through(verdict)
        _must_be_remembered(last)
        _must_be_ours(verdict, last)
        verdict.unsealed = _unsealed(last).count()
    except _Broken as broken:
        verdict.fault, verdict.batch, verdict.entry = broken.text, broken.batch, broken.entry
    return verdict


def _look_through(verdict: Verdict) -> AuditBatch | None:
    remembered, last = seals.remembered(), None
    batches = AuditBatch.objects.order_by("number").iterator(chunk_size=TOGETHER)
    while some := list(islice(batches, TOGETHER)):
        for batch in some:
            _must_follow(batch, last)
            if remembered.get(batch.number, batch.hash) != batch.hash:
                raise _Broken(_("Batch %(n)s is not the one that was sealed") % {"n": batch.number}, batch.number)
            last = batch
        _must_hold(some)
        verdict.batches += len(some)
        verdict.entries += sum(batch.count for batch in some)
        verdict.covered += [one for batch in some for one in batch.ranges]
    return last


def _must_follow(batch: AuditBatch, last: AuditBatch | None) -> None:
    told = {"n": batch.number}
    if batch.whole() != batch.hash:
        raise _Broken(_("The seal of batch %(n)s was changed") % told, batch.number)
    if last is None and batch.number > 1 and not was_removed(batch.number - 1, batch.previous):
        text = _("Everything before batch %(n)s is missing, and no removal is noted")
        raise _Broken(text % told, batch.number)
    if last and batch.number != last.number + 1:
        text = _("Batch %(n)s is missing")
        raise _Broken(text % {"n": last.number + 1}, last.number + 1)
    if batch.previous != (last.hash if last else batch.previous if batch.number > 1 else ""):
        raise _Broken(_("Batch %(n)s does not follow the one before") % told, batch.number)


def _must_hold(batches: Sequence[AuditBatch]) -> None:
    """Every entry these seals cover is there, and what it was."""
    wanted = sorted(joined.from_iterable(batch.ranges for batch in batches))
    rows = {entry.pk: entry for entry in _in_ranges(_merged(wanted))}
    for batch in batches:
        ids = [pk for first, end in batch.ranges for pk in range(first, end + 1)]
        lines = []
        for place, pk in enumerate(ids):
            told = {"n": batch.number, "entry": pk}
            if pk not in rows:
                raise _Broken(_("Entry %(entry)s of batch %(n)s is missing") % told, batch.number, pk)
            lines.append(rows[pk].line())
            if _print(lines[-1]) != batch.prints[place * PRINT : (place + 1) * PRINT]:
                raise _Broken(_("Entry %(entry)s of batch %(n)s was changed") % told, batch.number, pk)
        if hashlib.sha256(b"".join(lines)).hexdigest() != batch.content:
            raise _Broken(_("The entries of batch %(n)s were changed") % {"n": batch.number}, batch.number)


def _in_ranges(wanted: Sequence[Sequence[int]]) -> Iterator[AuditEntry]:
    for start in range(0, len(wanted), 100):
        some = Q()
        for first, end in wanted[start : start + 100]:
            some |= Q(pk__range=(first, end))
        yield from AuditEntry.objects.filter(some).iterator(chunk_size=2000)


def _merged(sorted_ranges: Iterable[Sequence[int]]) -> list[list[int]]:
    found: list[list[int]] = []
    for first, end in sorted_ranges:
        if found and first <= found[-1][1] + 1:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([first, end])
    return found


def _must_be_remembered(last: AuditBatch | None) -> None:
    """The end of the chain was not cut off: the file beside the database remembers no later seal."""
    latest, here = max(seals.remembered(), default=0), last.number if last else 0
    if latest > here:
        text = _("The log ends with batch %(here)s, but batch %(latest)s was sealed: its end is missing")
        raise _Broken(text % {"here": here, "latest": latest}, here + 1)


def _must_be_ours(verdict: Verdict, last: AuditBatch | None) -> None:
    """No entry below the last sealed one that no seal covers, and nobody waits for."""
    if last is None:
        return
    below = AuditEntry.objects.filter(pk__lte=last.top)
    for first, end, _since in last.awaited:
        below = below.exclude(pk__range=(first, end))
    if below.count() == verdict.entries:
        return
    covered = iter(_merged(sorted(verdict.covered)))
    present = next(covered, [0, 0])
    for pk in below.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=2000):
        while pk > present[1] and (further := next(covered, None)):
            present = further
        if not present[0] <= pk <= present[1]:
            batch = AuditBatch.objects.filter(top__gte=pk).order_by("number").values_list("number", flat=True).first()
            text = _("Entry %(entry)s was slipped in: no seal covers it (near batch %(n)s)")
            raise _Broken(text % {"entry": pk, "n": batch}, batch, pk)
