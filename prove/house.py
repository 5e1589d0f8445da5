"""A demo house that proofs copy, and the served product each of them asks."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.served.product import Demo, Product

if TYPE_CHECKING:
    from collections.abc import Iterator

# What mere looking may write, or work in the background: nothing that a person entered.
PASSING = {
    "django_session", "django_migrations", "accounts_signinattempt", "core_jobrun", "core_slot", "core_workersign",
    "core_fault", "core_onetimekey",
}  # fmt: skip
LOOSE = {"accounts_apitoken": "last_used_at", "accounts_user": "last_login"}


class Served(Product):
    """A product that anybody may ask as often as he likes."""

    before = ""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"LIUKE_REQUESTS_PER_SECOND": "0"}

    def __enter__(self) -> Served:
        if self.log.exists():  # started again: what was told before stays known
            self.before = self.told_so_far()
        super().__enter__()
        return self

    def told_so_far(self) -> str:
        return self.before + self.log.read_text()

    def table_names(self) -> list[str]:
        if not self.url:
            query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        else:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return sorted(name for (name,) in self.rows(query) if not name.startswith("sqlite_") and name not in PASSING)

    def content(self) -> dict[str, list[str]]:
        """All rows of all tables that hold what people have entered, in an order of their own."""
        found = {}
        for table in self.table_names():
            columns = ", ".join(f'"{name}"' for name in self._columns(table) if name != LOOSE.get(table))
            found[table] = sorted(map(repr, self.rows(f'SELECT {columns} FROM "{table}"')))
        return found

    def _columns(self, table: str) -> list[str]:
        if not self.url:
            return [row[1] for row in self.rows(f'PRAGMA table_info("{table}")')]
        query = "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position"
        return [name for (name,) in self.rows(query, table)]


@contextmanager
def house(folder: Path) -> Iterator[Demo]:
    with Demo.shared(folder / "demo") as demo:
        yield demo


@contextmanager
def served(demo: Demo) -> Iterator[Served]:
    """A running product with a copy of the demo house."""
    folder = Path(tempfile.mkdtemp(prefix="liuke-proof-"))
    try:
        product = Served(demo, folder)
        with product:
            yield product
    finally:
        shutil.rmtree(folder, ignore_errors=True)
