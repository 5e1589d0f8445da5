"""How long the log is kept, and the one way by which rows ever leave it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from liuke.core import options
from liuke.core.models.audit import AuditBatch, AuditEntry
from liuke.core.options import Option

from . import seals
from .entries import note

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = 180  # days; the law asks for six months
REMOVED = "audit_removed"
MODELS = (AuditEntry, AuditBatch)
GATE = "core_auditgate"  # the triggers let nobody change the log while this table is empty

options.declare(
    Option("audit_days", 365, "int", lazy("Days the audit log is kept"), lazy("At least 180"), least=LEAST, most=3650)
)


@contextmanager
def unlocked() -> Iterator[None]:
    """Inside, the triggers let rows go. For removal by age, and for a restore of the whole house; nothing else.

    The row in the gate is never committed: no other connection sees it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {GATE} (open) VALUES (1)")  # noqa: S608
        yield
        cursor.execute(f"DELETE FROM {GATE}")  # noqa: S608


def remove_old() -> int:
    """Take whole batches out that are older than the setting says; returns how many entries went.

    The chain goes on from a note in the log itself: the number and the hash of the last seal that went.
    """
    line = timezone.now() - timedelta(days=max(LEAST, options.get("audit_days")))
    with transaction.atomic():
        # The newest one stays in any case: the next seal goes on from it.
        batches = AuditBatch.objects.order_by("number").defer("prints", "awaited")[: AuditBatch.objects.count() - 1]
        going = list(takewhile(lambda batch: batch.sealed_at < line, batches.iterator(chunk_size=500)))
        if not going:
            return 0
        count = sum(batch.count for batch in going)
        details = {"batch": going[-1].number, "seal": going[-1].hash, "rows": count}
        note(REMOVED, text=f"{going[0].number}–{going[-1].number}", details=details)
        with unlocked():
            for batch in going:
                for first, end in batch.ranges:
                    AuditEntry._base_manager.filter(pk__range=(first, end))._raw_delete(connection.alias)
            numbers = [batch.number for batch in going]
            AuditBatch._base_manager.filter(number__in=numbers)._raw_delete(connection.alias)
        transaction.on_commit(lambda: seals.forget_before(going[-1].number + 1))
    return count


def was_removed(number: int, seal: str) -> bool:
    """Whether the log tells that everything up to this seal was removed by age."""
    told = AuditEntry.objects.filter(act=REMOVED).order_by("-pk").values_list("details", flat=True)[:1000]
    return any((one["batch"], one["seal"]) == (number, seal) for one in map(json.loads, told))
