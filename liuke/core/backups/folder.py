"""Where backups lie, and which of those made by night stay."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404

from liuke.core import clock
from liuke.core.audit.chain import seal

from .archive import Archive, write
from .told import tell

REASONS = ("liuke", "daily", "before-restore", "before-clear")
A_DAY = 86_400  # seconds
NAME = re.compile(rf"({'|'.join(REASONS)})-\d{{8}}-\d{{6}}-\d{{6}}\.zip", re.ASCII)


@dataclass(frozen=True)
class Kept:
    """A backup that lies in the folder."""

    name: str
    reason: str
    size: int  # bytes
    made_at: datetime
    version: str  # of the Liuke that made it; empty where the file cannot be read


def place() -> Path:
    made = Path(settings.DATA_DIR) / "backups"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def make(reason: str, by: Any = None) -> Path:
    """A backup of this moment, told in the history. Raises Refused."""
    seal()
    made = write(place() / f"{reason}-{clock.now().astimezone():%Y%m%d-%H%M%S-%f}.zip")
    tell("backed_up", made.name, by)
    return made


def all_kept() -> list[Kept]:
    """What lies there, newest first."""
    found = [path for path in place().iterdir() if NAME.fullmatch(path.name) and path.is_file()]
    return sorted((_kept(path) for path in found), key=lambda one: one.made_at, reverse=True)


def _kept(path: Path) -> Kept:
    stat = path.stat()
    made_at = datetime.fromtimestamp(stat.st_mtime, tz=clock.now().tzinfo)
    reason = next(one for one in REASONS if path.name.startswith(f"{one}-2"))
    return Kept(path.name, reason, stat.st_size, made_at, _version(path))


def _version(path: Path) -> str:
    from liuke.core.refusals import Refused

    source = Archive(path)
    try:
        return str(source.head["liuke"])
    except Refused:
        return ""
    finally:
        source.close()


def find(name: str) -> Path:
    """Raises Http404 for a name that is none of ours or not there."""
    path = place() / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Http404
    return path


def thin_out(keep: int) -> int:
    """Of the backups made by night the newest `keep` stay; returns how many went. What a crash left goes, too."""
    for left in [*place().glob("*.part"), *place().glob("tmp*")]:
        if clock.now().timestamp() - left.stat().st_mtime > A_DAY:
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    nightly = [one for one in all_kept() if one.reason == "daily"]
    for one in nightly[keep:]:
        (place() / one.name).unlink(missing_ok=True)
    return len(nightly[keep:])
