"""The house on another database: carried over, and compared row by row before it is called done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from liuke.core.refusals import Refused
from liuke.core.search import rebuild

from . import folder
from .archive import ROWS, SUMS, Archive, write
from .restoring import replace


def move(url: str) -> int:
    """Carry all rows to the database at `url`, which must be empty; files stay where they are.

    Returns how many tables were compared. Raises Refused; then what is there now goes on unchanged.
    """
    with tempfile.TemporaryDirectory(dir=folder.place()) as scratch:
        here, there = Path(scratch, "here.zip"), Path(scratch, "there.zip")
        write(here, with_files=False)
        done = subprocess.run(
            [sys.executable, "-m", "liuke.cli", "receive", str(here), str(there)],
            env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode or not there.exists():
            raise Refused((done.stderr.strip().splitlines() or [_("The move failed")])[-1][:500], "not_moved")
        sums, found = _sums(here), _sums(there)
    if differs := sorted(name for name in sums if sums[name] != found.get(name)):
        raise Refused(_("Not the same over there: %(names)s") % {"names": ", ".join(differs)}, "differs")
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


def _sums(path: Path) -> dict[str, str]:
    source = Archive(path)
    try:
        found: dict[str, str] = json.loads(source.packed.read(SUMS))
    finally:
        source.close()
    return {name: taken for name, taken in found.items() if name.startswith(ROWS)}
