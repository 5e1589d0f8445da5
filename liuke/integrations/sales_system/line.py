"""The line to their database itself, for the moment one has waited long enough on it."""

from __future__ import annotations

import os
import socket
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any


class Line:
    """Known from the first moment on, so that nothing said on it can be waited for without end."""

    def __init__(self) -> None:
        self.raw: Any = None

    def connect(self, dialect: Any, _record: Any, args: list[Any], params: dict[str, Any]) -> Any:
        """SQLAlchemy's `do_connect`."""
        return self.keep(dialect.connect(*args, **params))

    def keep(self, raw: Any) -> Any:
        self.raw = raw
        return raw

    def hang_up(self) -> None:
        """Wake, from another thread, a read that waits for an answer that does not come."""
        raw = self.raw
        with suppress(OSError, ValueError, sqlite3.Error):
            if isinstance(raw, sqlite3.Connection):
                raw.interrupt()
            elif (postgres := getattr(raw, "pgconn", None)) is not None:
                with socket.socket(fileno=os.dup(postgres.socket)) as line:
                    line.shutdown(socket.SHUT_RDWR)
            elif (mysql := getattr(raw, "_sock", None)) is not None:
                mysql.shutdown(socket.SHUT_RDWR)
            elif (cancel := getattr(raw, "cancel", None)) is not None:
                cancel()

    def quiet(self) -> None:
        """PyMySQL, thrown away, reads an unfinished answer to its end, on a line that is broken: let it not."""
        if (result := getattr(self.raw, "_result", None)) is not None:
            result.unbuffered_active = False


def open_file(path: str, timeout: int) -> sqlite3.Connection:
    """Only to be read: a wrong path must not leave an empty database behind."""
    address = f"{Path(path).absolute().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, check_same_thread=False, timeout=timeout)
