"""The house as a backup holds it: all of it, or nothing is changed."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, transaction

from liuke.core import clock, files
from liuke.core.audit import note
from liuke.core.audit.chain import seal
from liuke.core.audit.keeping import MODELS as AUDIT
from liuke.core.audit.keeping import unlocked
from liuke.core.audit.seals import begin_anew
from liuke.core.models import AuditBatch, Errand, NumberSequence
from liuke.core.search import rebuild

from . import folder, rows
from .archive import FILES, PIECE, Archive
from .lifting import lifted
from .quiet import hold_everybody, must_be_quiet
from .told import tell, was_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.db.models import Model

KINDS = {"contenttypes.ContentType", "auth.Permission"}  # Django's own, by name the same in every house
RESTORE = "restore-backup"  # the job that does it
afterwards: list[Callable[[], object]] = []  # what the roof adds to an older house, such as grants of new acts


def restore(path: Path, by: Any = None, asked: datetime | None = None) -> Path | None:
    """Replace everything by what the backup holds, and sign everybody out; returns a backup of what was there before.

    The backup is checked whole before anything is touched. None: it was done already since it was `asked` for. Raises
    Refused, with the house as it was.
    """
    source = Archive(path)
    try:
        source.check()
        must_be_quiet(RESTORE)
        with tempfile.TemporaryDirectory(dir=folder.place()) as scratch:
            present = source if source.is_present else Archive(lifted(path, Path(scratch)))
            try:
                before = _restore(source, present, by, asked)
            finally:
                present.close()
    finally:
        source.close()
    for one in afterwards:
        one()
    rebuild.rebuild()
    return before


def _restore(source: Archive, present: Archive, by: Any, asked: datetime | None) -> Path | None:
    """The backup of what is there is made with all writers held, so that it misses nothing of what is replaced."""
    added: list[str] = []
    try:
        with transaction.atomic():
            hold_everybody()
            if asked and was_told("restored", source.path.name, asked):
                return None
            must_be_quiet(RESTORE)
            before = folder.make("before-restore", by)
            _unpack(source, added)
            replace(present)
            close_errands()
            tell("restored", source.path.name, by)
            transaction.on_commit(seal)
    except BaseException:
        for one in added:
            files.remove(one)
        raise
    return before


def replace(source: Archive) -> None:
    """All rows of the house by those of the archive, inside the transaction of the caller.

    Keys and numbers given out here since the backup stay given out. The audit log goes on, unless the archive has the
    longer one: then that takes its place, and what was here stays in the backup made before.
    """
    if goes_on(source):
        _replace(source, [model for model in rows.kept_models() if model not in AUDIT])
        return
    last = AuditBatch.objects.order_by("-number").first()
    with unlocked():
        _replace(source, rows.kept_models())
    if last:
        note("audit_log_replaced", details={"batch": last.number, "seal": last.hash})
    transaction.on_commit(begin_anew)


def goes_on(source: Archive) -> bool:
    """Whether the audit log of this house is the longer one; a house just installed has a short one."""
    names, last = source.head["columns"].get(AuditBatch._meta.label, []), b""
    for line in source.rows(AuditBatch._meta.label):
        last = line
    if not last:
        return True
    number = dict(zip(names, json.loads(last), strict=True))["number"]
    return AuditBatch.objects.filter(number__gte=number).exists()


def _replace(source: Archive, kept: list[Any]) -> None:
    columns, last_keys = source.head["columns"], source.head["last_keys"]
    given_out, numbers = rows.last_keys(kept), list(NumberSequence.objects.all())
    connection.check_constraints()  # nothing is owed to a table that is emptied
    empty([*kept, *(apps.get_model(label) for label in sorted(rows.LEFT_OUT - rows.MOMENTARY - KINDS))])
    for model in kept:
        label = model._meta.label
        if label in columns:
            rows.put(model, columns[label], source.rows(label))
        if label in given_out:
            rows.go_on_from(model, max(given_out[label], last_keys.get(label, 0)))
    for one in numbers:
        found, _new = NumberSequence.objects.get_or_create(prefix=one.prefix, day=one.day, defaults={"last": one.last})
        NumberSequence.objects.filter(pk=found.pk, last__lt=one.last).update(last=one.last)
    connection.check_constraints()


def close_errands() -> None:
    """Background work of another moment waits for a run that is not there."""
    Errand.objects.filter(state__in=Errand.OPEN).update(state=Errand.State.FAILED, ended_at=clock.now())


def empty(models: Iterable[type[Model]]) -> None:
    """Take all rows out of these tables, inside the transaction of the caller.

    Last ones first: a row that nothing refers to any more goes at once, without a look through other tables.
    """
    names = [connection.ops.quote_name(model._meta.db_table) for model in models]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)}")
        else:
            for name in reversed(names):
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608


def _unpack(source: Archive, added: list[str]) -> None:
    """Put the files of the backup beside those that are there, and tell the new ones. Names are never used twice."""
    for path in source.files():
        with source.packed.open(f"{FILES}{path}") as part:
            if _is_there(path, part):
                continue
        with source.packed.open(f"{FILES}{path}") as part, files.create(path) as kept:
            added.append(path)
            while piece := part.read(PIECE):
                kept.write(piece)


def _is_there(path: str, part: Any) -> bool:
    whole = files.root() / path
    if not whole.is_file():
        return False
    with whole.open("rb") as kept:
        return hashlib.file_digest(kept, "sha256").digest() == hashlib.file_digest(part, "sha256").digest()
