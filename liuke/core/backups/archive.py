"""A backup is one zip: what it is, all rows by model, all files, and a checksum of each, written last."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import IO, TYPE_CHECKING, Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from liuke.core import clock, files
from liuke.core.refusals import Refused

from . import rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
HEAD, SUMS = "liuke.json", "sums.json"
ROWS, FILES = "rows/", "files/"
NAME = re.compile(r"rows/\w+\.\w+\.jsonl|files/[a-z]+/\w+\.\w+", re.ASCII)
PIECE = 1 << 20  # bytes
# What a hurt zip makes its reader say.
HURT = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


def write(target: Path, with_files: bool = True) -> Path:
    """One moment of the house as a file that its owner alone may read; a half one is never left.

    Files are packed after the rows: a file never changes and stays as long as its row, so every row finds its own.
    Raises Refused where there is a file of this name already, or the disk is full.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.exists():
        raise Refused(_("%(file)s exists. Choose another name.") % {"file": target}, "exists")
    draft = target.with_name(f"{target.name}.part")
    try:
        out = os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")
        with out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            _fill(packed, with_files)
        draft.rename(target)
    except OSError as fault:
        if fault.errno == errno.ENOSPC:
            raise Refused(_("The disk is full, there is no backup of this moment"), "disk_full") from None
        raise
    finally:
        draft.unlink(missing_ok=True)
    return target


def _fill(packed: zipfile.ZipFile, with_files: bool) -> None:
    sums: dict[str, str] = {}
    with rows.one_moment():
        kept = rows.kept_models()
        sums[HEAD] = _add(packed, HEAD, iter([json.dumps(_head(kept)).encode()]))
        for model in kept:
            name = f"{ROWS}{model._meta.label}.jsonl"
            sums[name] = _add(packed, name, rows.lines(model))
    root = files.root()
    for path in sorted(root.glob("*/*")) if with_files else ():
        name = f"{FILES}{path.relative_to(root).as_posix()}"
        if path.is_file() and NAME.fullmatch(name):
            with suppress(FileNotFoundError):  # deleted for good in the meantime
                source = path.open("rb")
                sums[name] = _add(packed, name, _pieces(source), zipfile.ZIP_STORED)  # people attach packed things
    packed.writestr(SUMS, json.dumps(sums))


def _head(kept: list[Any]) -> dict[str, Any]:
    return {
        "format": FORMAT, "liuke": version("liuke"), "made_at": clock.now().isoformat(), "database": connection.vendor,
        "migrations": sorted(map(list, MigrationLoader(connection).applied_migrations)),
        "columns": {model._meta.label: rows.columns(model) for model in kept}, "last_keys": rows.last_keys(kept),
    }  # fmt: skip


def _add(packed: zipfile.ZipFile, name: str, content: Iterator[bytes], how: int = zipfile.ZIP_DEFLATED) -> str:
    """Write a part of any length; returns its checksum."""
    info = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
    info.compress_type, info.external_attr = how, 0o600 << 16
    taken = hashlib.sha256()
    with packed.open(info, "w", force_zip64=True) as part:
        for piece in content:
            taken.update(piece)
            part.write(piece)
    return taken.hexdigest()


def _pieces(opened: IO[bytes]) -> Iterator[bytes]:
    with opened as source:
        while piece := source.read(PIECE):
            yield piece


@dataclass(frozen=True)
class Archive:
    """A backup that is there to be read. Nothing of it is believed before `check` has passed."""

    path: Path

    @cached_property
    def packed(self) -> zipfile.ZipFile:
        """Raises Refused for a file that cannot be one of ours."""
        try:
            return zipfile.ZipFile(self.path)
        except FileNotFoundError:
            raise Refused(_("There is no file %(file)s") % {"file": self.path}, "missing") from None
        except HURT:
            with self.path.open("rb") as source:
                begins = source.read(4) == b"PK\x03\x04"
            raise (self._damaged() if begins else self._foreign()) from None

    @cached_property
    def head(self) -> dict[str, Any]:
        if HEAD not in self.packed.namelist():
            raise self._foreign()
        try:
            head: dict[str, Any] = json.loads(self.packed.read(HEAD))
            _asked = head["format"], head["liuke"], head["migrations"], head["columns"], head["last_keys"]
        except (*HURT, KeyError, TypeError):
            raise self._damaged() from None
        return head

    def check(self) -> None:
        """Raises Refused for a backup that is damaged, of something else, or of a newer Liuke."""
        known = MigrationLoader(None)
        here = set(known.disk_migrations) | {old for one in known.disk_migrations.values() for old in one.replaces}
        if self.head["format"] > FORMAT or self.applied - here:
            text = _("This backup was made by a newer Liuke (%(version)s). Install that version first")
            raise Refused(text % {"version": self.head["liuke"]}, "newer")
        try:
            sums: dict[str, str] = json.loads(self.packed.read(SUMS))
            names = self.packed.namelist()
            whole = len(names) == len(set(names)) and {*names} == {*sums, SUMS}
            if not (whole and all(self._holds(name, taken) for name, taken in sums.items())):
                raise self._damaged()
        except (*HURT, KeyError, AttributeError):
            raise self._damaged() from None

    def _holds(self, name: str, taken: str) -> bool:
        if name != HEAD and not NAME.fullmatch(name):
            return False
        found = hashlib.sha256()
        with self.packed.open(name) as part:
            while piece := part.read(PIECE):
                found.update(piece)
        return found.hexdigest() == taken

    @property
    def applied(self) -> set[tuple[str, str]]:
        return {(app, name) for app, name in self.head["migrations"]}

    @property
    def is_present(self) -> bool:
        """Whether it was made with the schema this Liuke has."""
        return self.applied >= set(MigrationLoader(None).disk_migrations)

    def rows(self, label: str) -> Iterator[bytes]:
        name = f"{ROWS}{label}.jsonl"
        if name in self.packed.namelist():
            with self.packed.open(name) as part:
                yield from part

    def files(self) -> list[str]:
        """Paths below the folder of files."""
        return [name.removeprefix(FILES) for name in self.packed.namelist() if name.startswith(FILES)]

    def close(self) -> None:
        if "packed" in self.__dict__:
            self.packed.close()

    def _damaged(self) -> Refused:
        return Refused(_("This backup is damaged or incomplete. Nothing was changed; take another one"), "damaged")

    def _foreign(self) -> Refused:
        return Refused(_("This is no backup of Liuke. Nothing was changed"), "foreign")
