"""What was read, kept on disk until all of it has come and is right. Memory stays the same for ten rows or millions."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TABLES = """
CREATE TABLE row (section TEXT, id TEXT, owner TEXT, body TEXT, PRIMARY KEY (section, id)) WITHOUT ROWID;
CREATE TABLE spoiled (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE line (order_id TEXT, cents INTEGER, body TEXT);
"""
PRAGMAS = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32000; PRAGMA temp_store=FILE;"


HELD = 1000  # lines until they are written


class Spool:
    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript(PRAGMAS + TABLES)
        self.db.execute("BEGIN")
        self.lines_held: list[tuple[str, int, str]] = []

    def add(self, section: str, key: str, row: Any, owner: str = "") -> str:
        """ "new", "same" when the very row has come before, "other" when a different one of the same key has."""
        body = _packed(row)
        if self.db.execute("INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?)", (section, key, owner, body)).rowcount:
            return "new"
        [before] = self.db.execute("SELECT body FROM row WHERE section = ? AND id = ?", (section, key)).fetchone()
        return "same" if before == body else "other"

    def add_line(self, order: str, cents: int, row: Any) -> None:
        self.lines_held.append((order, cents, _packed(row)))
        if len(self.lines_held) >= HELD:
            self._let_go()

    def _let_go(self) -> None:
        self.db.executemany("INSERT INTO line VALUES (?, ?, ?)", self.lines_held)
        self.lines_held.clear()

    def above(self, cents: int) -> list[str]:
        """Orders whose lines come to more than that."""
        asked = "SELECT order_id FROM line GROUP BY order_id HAVING TOTAL(cents) > ? ORDER BY order_id"
        return [order for (order,) in self.db.execute(asked, (cents,))]

    def spoil(self, order: str) -> None:
        """This order is not to be taken."""
        self.db.execute("INSERT OR IGNORE INTO spoiled VALUES (?)", (order,))

    def ready(self) -> None:
        """Everything has come: from now on it is read."""
        self.db.execute("DELETE FROM row WHERE section = 'orders' AND id IN (SELECT id FROM spoiled)")
        self.db.execute("CREATE INDEX row_owner ON row (section, owner, id)")

    def lines_are_in(self) -> None:
        self._let_go()
        self.db.execute("CREATE INDEX line_order ON line (order_id, cents)")

    def count(self, section: str) -> int:
        return int(self.db.execute("SELECT COUNT(*) FROM row WHERE section = ?", (section,)).fetchone()[0])

    def has(self, section: str, keys: Iterable[str]) -> set[str]:
        asked = list(keys)
        marks = ",".join("?" * len(asked))
        rows = self.db.execute(f"SELECT id FROM row WHERE section = ? AND id IN ({marks})", (section, *asked))  # noqa: S608
        return {key for (key,) in rows}

    def batches(self, section: str, size: int) -> Iterator[list[tuple[str, Any]]]:
        """(key, row), so many at a time; the orders of one customer together, whose sums are then added up once."""
        last = ("", "")
        asked = "SELECT owner, id, body FROM row WHERE section = ? AND (owner, id) > (?, ?) ORDER BY owner, id LIMIT ?"
        while rows := self.db.execute(asked, (section, *last, size)).fetchall():
            yield [(key, json.loads(body)) for _owner, key, body in rows]
            last = rows[-1][:2]

    def lines(self, orders: Iterable[str]) -> dict[str, list[Any]]:
        keys = list(orders)
        found: dict[str, list[Any]] = {key: [] for key in keys}
        marks = ",".join("?" * len(keys))
        asked = f"SELECT order_id, body FROM line WHERE order_id IN ({marks}) ORDER BY rowid"  # noqa: S608
        for order, body in self.db.execute(asked, keys):
            found[order].append(json.loads(body))
        return found


@contextmanager
def spool() -> Iterator[Spool]:
    """A fresh one, gone afterwards, and with it what a run left that was killed: there is only one run at a time. It
    lies in the data folder: what is read belongs to nobody else."""
    folder = Path(settings.DATA_DIR) / "sales-system"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.iterdir():
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        made = Spool(Path(place) / "spool.sqlite3")
        try:
            yield made
        finally:
            made.db.close()


_packed = json.JSONEncoder(ensure_ascii=False, default=str, separators=(",", ":")).encode
