"""Files that people fetch: kept below the data folder under names of our own, given out by their owner's right only."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse
from django.utils.http import content_disposition_header

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def new_path(folder: str, kind: str) -> str:
    """A fresh path below the folder of files; nothing of it comes from outside."""
    assert folder.isalpha()
    assert kind.isalnum()
    return f"{folder}/{secrets.token_hex(16)}.{kind}"


def create(path: str) -> IO[bytes]:
    """Open a new file to be written, for the eyes of the server alone."""
    whole = root() / path
    whole.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(whole, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")


def double(path: str, folder: str) -> str:
    """A second name for a file, which lives as long as either; a copy where the disk knows no such thing.

    Returns its path, or nothing when the file is gone.
    """
    other = new_path(folder, path.rpartition(".")[2])
    try:
        os.link(root() / path, root() / other)
    except FileNotFoundError:
        return ""
    except OSError:
        with (root() / path).open("rb") as source, create(other) as copy:
            shutil.copyfileobj(source, copy)
    return other


def remove(path: str) -> None:
    if path:
        (root() / path).unlink(missing_ok=True)


def answer(source: str | IO[Any], name: str) -> FileResponse:
    """The file as a download, never shown in the browser. Raises FileNotFoundError when it is gone."""
    opened: Any = (root() / source).open("rb") if isinstance(source, str) else source
    response = FileResponse(opened, content_type=KINDS.get(name.rpartition(".")[2], "application/octet-stream"))
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"  # should anything show it nevertheless
    response["Cache-Control"] = "no-store"
    return response
