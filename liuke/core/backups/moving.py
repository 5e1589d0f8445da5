"""The house on another database: carried over, and compared row by row before it is called done."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from liuke.core.audit import note
from liuke.core.audit.chain import seal
from liuke.core.refusals import Refused
from liuke.core.search import rebuild

from . import folder
from .archive import Archive, write
from .quiet import must_be_quiet
from .restoring import close_errands, replace

if TYPE_CHECKING:
    from collections.abc import Iterable


def move(url: str) -> int:
    """Carry all rows to the database at `url`, which must be empty; files stay where they are.

    Returns how many tables were compared. Raises Refused; then what is there now goes on unchanged.
    """
    must_be_quiet()
    with tempfile.TemporaryDirectory(dir=folder.place()) as scratch:
        here, there = Path(scratch, "here.zip"), Path(scratch, "there.zip")
        seal()
        write(here, with_files=False)
        done = subprocess.run(
            [sys.executable, "-m", "liuke.cli", "receive", str(here), str(there)],
            env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode or not there.exists():
            raise Refused((done.stderr.strip().splitlines() or [_("The move failed")])[-1][:500], "not_moved")
        sums, found = prints(here), prints(there)
    if differs := sorted(name for name in sums if sums[name] != found.get(name)):
        raise Refused(_("Not the same over there: %(names)s") % {"names": ", ".join(differs)}, "differs")
    note("moved", text=url.partition("://")[0])
    return len(sums)


def receive(here: Path, there: Path) -> None:
    """The other side: fill an empty house with the rows of one archive, and write another one of what came of it.

    Raises Refused where anybody is known here already.
    """
    if get_user_model().objects.exists():
        raise Refused(_("The database is not empty. Name one that is"), "not_empty")
    source = Archive(here)
    try:
        source.check()
        with transaction.atomic():
            replace(source)
    finally:
        source.close()
    rebuild.rebuild()
    write(there, with_files=False)
    close_errands()
    note("moved_here", text=source.path.name)


def prints(path: Path) -> dict[str, tuple[int, int]]:
    """By table how many rows an archive has and the sum of their hashes, whatever order rows and keys of JSON are in.

    Databases sort texts each in their own way, and PostgreSQL keeps the keys of an object in an order of its own.
    """
    source = Archive(path)
    try:
        return {label: _print(source.rows(label)) for label in source.head["columns"]}
    finally:
        source.close()


def _print(lines: Iterable[bytes]) -> tuple[int, int]:
    count = total = 0
    for line in lines:
        plain = json.dumps(json.loads(line), sort_keys=True).encode()
        count, total = count + 1, (total + int.from_bytes(hashlib.sha256(plain).digest())) % (1 << 256)
    return count, total
