"""A file beside the database with a line for each seal: `number hash moment`.

Whoever can change the database alone, and cuts off the end of the log or writes its chain anew, does not change this.
The same goes to the log of the process: a house that sends that elsewhere has a witness on another machine.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from liuke.core.models.audit import AuditBatch

logger = logging.getLogger("liuke.audit")


def file() -> Path:
    return Path(settings.DATA_DIR) / "audit-seals"


def remember(batch: AuditBatch) -> None:
    """After the seal is committed. A crash in between loses a line, never adds a false one."""
    line = f"{batch.number} {batch.hash} {batch.sealed_at.isoformat()}\n"
    out = os.open(file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(out, line.encode())
    finally:
        os.close(out)
    logger.info("Sealed audit batch %s", line.rstrip())


def remembered() -> dict[int, str]:
    """Hashes by number."""
    return {int(words[0]): words[1] for words in map(str.split, _lines())}


def _lines() -> list[str]:
    """Those that are whole; none where the file is not there, as on a machine the house has been moved to."""
    try:
        lines = file().read_text().splitlines()
    except FileNotFoundError:
        return []
    return [line for line in lines if len(words := line.split()) == 3 and words[0].isdigit()]


def forget_before(number: int) -> None:
    """What the log no longer holds need not be remembered."""
    kept = [f"{line}\n" for line in _lines() if int(line.split()[0]) >= number]
    draft = file().with_name(f"audit-seals.{os.getpid()}")
    out = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(out, "w") as written:
        written.writelines(kept)
    draft.replace(file())


def begin_anew() -> None:
    """Another log takes the place of this one, by a restore: what is remembered of the old one is put aside."""
    from liuke.core.models.audit import AuditBatch

    known = remembered()
    latest = max(known, default=0)
    if known and not AuditBatch.objects.filter(number=latest, hash=known[latest]).exists():
        file().rename(file().with_name(f"audit-seals-until-{timezone.now():%Y%m%d-%H%M%S-%f}"))
