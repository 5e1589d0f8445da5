"""What the databases know when they choose how to answer a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# Memory and flash find any page nearly as fast as the next one. By its own figures, of turning disks, PostgreSQL reads
# whole tables for a hundred rows; and what takes milliseconds is not worth compiling first.
PAGES_ANYWHERE = "SET random_page_cost = 1.1; SET jit = off"
MANY = 10_000  # new or changed rows after which old figures mislead


def settle(connection: BaseDatabaseWrapper, **_given: Any) -> None:
    """Receiver of `connection_created`."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(PAGES_ANYWHERE)
            if settings.STATEMENT_SECONDS:  # one endless question must not keep a thread of the web server (R28)
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{settings.STATEMENT_SECONDS}s"])


def count_anew(changed: int | None = None) -> None:
    """SQLite chooses its indexes by figures it never takes by itself; PostgreSQL has a daemon for that."""
    if connection.vendor == "sqlite" and (changed is None or changed >= MANY):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
