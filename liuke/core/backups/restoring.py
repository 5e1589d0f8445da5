"""The house as a backup holds it: all of it, or nothing is changed."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, transaction

from liuke.core import files
from liuke.core.search import rebuild

from . import folder, rows
from .archive import FILES, PIECE, Archive
from .lifting import lifted
from .quiet import must_be_quiet
from .told import tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

KINDS = {"contenttypes.ContentType", "auth.Permission"}  # Django's own, by name the same in every house
RESTORE = "restore-backup"  # the job that does it


def restore(path: Path, by: Any = None) -> Path:
    """Replace everything by what the backup holds, and sign everybody out; returns a backup of what was there before.

    The backup is checked whole before anything is touched. Raises Refused, with the house as it was.
    """
    source = Archive(path)
    try:
        source.check()
        must_be_quiet(RESTORE)
        before = folder.make("before-restore", by)
        with tempfile.TemporaryDirectory(dir=folder.place()) as scratch:
            present = source if source.is_present else Archive(lifted(path, Path(scratch)))
            added = _unpack(source)
            try:
                with transaction.atomic():
                    replace(present)
                    tell("restored", path.name, by)
            except BaseException:
                for one in added:
                    files.remove(one)
                raise
            finally:
                present.close()
    finally:
        source.close()
    rebuild.rebuild()
    return before


def replace(source: Archive) -> None:
    """All rows of the house by those of the archive, inside the transaction of the caller."""
    columns, last_keys = source.head["columns"], source.head["last_keys"]
    kept = rows.kept_models()
    connection.check_constraints()  # nothing is owed to a table that is emptied
    empty([*kept, *(apps.get_model(label) for label in sorted(rows.LEFT_OUT - rows.MOMENTARY - KINDS))])
    for model in kept:
        label = model._meta.label
        if label in columns:
            rows.put(model, columns[label], source.rows(label))
        if label in last_keys:
            rows.go_on_from(model, last_keys[label])
    connection.check_constraints()


def empty(models: Iterable[type[Model]]) -> None:
    """Take all rows out of these tables, inside the transaction of the caller."""
    names = [connection.ops.quote_name(model._meta.db_table) for model in models]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)}")
        else:
            for name in names:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608


def _unpack(source: Archive) -> list[str]:
    """Put the files of the backup beside those that are there; returns the new ones. Names are never used twice."""
    added = []
    for path in source.files():
        with source.packed.open(f"{FILES}{path}") as part:
            if _is_there(path, part):
                continue
        with source.packed.open(f"{FILES}{path}") as part, files.create(path) as kept:
            added.append(path)
            while piece := part.read(PIECE):
                kept.write(piece)
    return added


def _is_there(path: str, part: Any) -> bool:
    whole = files.root() / path
    if not whole.is_file():
        return False
    with whole.open("rb") as kept:
        return hashlib.file_digest(kept, "sha256").digest() == hashlib.file_digest(part, "sha256").digest()
