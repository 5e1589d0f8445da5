"""DATABASE_URL as Django wants it, with what each of the two databases needs to be safe and quick."""

from __future__ import annotations

from typing import Any

import dj_database_url

from liuke.config import environment

# FULL: what was answered "saved" survives a power cut. The rest is memory for speed; a log that grew is cut back.
PRAGMAS = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA foreign_keys=ON;
PRAGMA cache_size=-32000;
PRAGMA mmap_size=268435456;
PRAGMA temp_store=MEMORY;
PRAGMA journal_size_limit=67108864;
"""


def databases() -> dict[str, Any]:
    config: dict[str, Any] = dict(dj_database_url.parse(environment.database_url()))
    (_sqlite if config["ENGINE"].endswith("sqlite3") else _server)(config)
    return {"default": config}


def _sqlite(config: dict[str, Any]) -> None:
    # IMMEDIATE: a transaction that will write takes the lock at its start and so cannot fail half way.
    config["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS}
    config["CONN_MAX_AGE"] = 600  # a kept connection keeps its page cache
    # A file also for tests: the in-memory database shared by threads knows no waiting, only "table is locked".
    config["TEST"] = {"NAME": str(environment.data_dir() / "test.sqlite3")}


def _server(config: dict[str, Any]) -> None:
    # One kept connection for each thread of the web server: no pool to size, and no second layer before PgBouncer.
    config["CONN_MAX_AGE"] = 600
    config["CONN_HEALTH_CHECKS"] = True
    config.setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)  # seconds; then people are told, not kept waiting
