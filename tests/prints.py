"""What a refused act must leave as it was: the content of all tables as hashes.

A table is read again only where something may have been written since: both databases count the rows that this
transaction touched. Counts never go back, not even when the writes are undone, so that equal counts mean equal rows.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from django.db import connection

NOT_OURS = {
    "django_migrations", "django_content_type", "django_session", "auth_permission", "core_housesign",
    "core_auditentry", "core_auditbatch",  # refusals are told in the audit log
}  # fmt: skip
LOOKING = {"accounts_signinattempt"}  # mere looking may write here, and to these columns
LOOSE = {"accounts_apitoken": "last_used_at", "accounts_user": "last_login"}

_known: dict[str, tuple[Any, str]] = {}  # by table: what had been touched when it was read, and its print


def fingerprint() -> str:
    """All tables as one hash, but for what mere looking may write: sessions, last use, counted sign-ins."""
    return _digest(fingerprints())


def fingerprints() -> dict[str, str]:
    """The same table by table, to say where something changed."""
    touched = _touched()
    return {table: _print(table, touched) for table in tables() if table not in LOOKING}


def forget() -> None:
    """Another transaction begins: it counts anew."""
    _known.clear()


@cache
def tables() -> tuple[str, ...]:
    return tuple(sorted(set(connection.introspection.django_table_names(only_existing=True)) - NOT_OURS))


def _print(table: str, touched: dict[str, Any] | None) -> str:
    if touched is None:
        return _digest(_content(table))
    mark = touched.get(table, touched.get("", 0))
    if table not in _known or _known[table][0] != mark:
        _known[table] = mark, _digest(_content(table))
    return _known[table][1]


def _touched() -> dict[str, Any] | None:
    """How many rows of each table this transaction has touched ("": of all together); None where that is not known."""
    if not connection.in_atomic_block:
        return None
    if connection.vendor == "sqlite":
        return {"": connection.connection.total_changes}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables")
        return {name: counts for name, *counts in cursor.fetchall()}


def _content(table: str) -> list[Any]:
    loose = LOOSE.get(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        kept = [place for place, column in enumerate(cursor.description) if column[0] != loose]
        return sorted(repr([row[place] for place in kept]) for row in cursor.fetchall())


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
