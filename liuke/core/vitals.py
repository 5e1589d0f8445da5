"""How the house is doing, in figures: database, disk, queue, people signed in, load (BI-04)."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Count, Min

from liuke.core import clock
from liuke.core.jobs.monitor import ALIVE, worker_seen_at
from liuke.core.models import Fault, JobRun

if TYPE_CHECKING:
    from datetime import datetime

A_DAY = timedelta(days=1)
LITTLE = 1024**3  # bytes of free disk below which somebody should make room


@dataclass(frozen=True)
class Queue:
    """The runs of background jobs that wait, are at work, or failed within a day."""

    waiting: int
    running: int
    failed: int
    oldest: datetime | None  # since when the first of those that could run waits


@dataclass(frozen=True)
class Vitals:
    version: str
    database: str
    database_size: int  # bytes, with indexes
    disk_free: int  # bytes, where the data folder lies
    sessions: int  # that have not run out
    worker_seen_at: datetime | None
    queue: Queue
    errors: int  # within a day
    slow: int
    load: float | None  # of the machine in the last minute, in cores; None where the system does not tell

    @property
    def worker_is_alive(self) -> bool:
        return self.worker_seen_at is not None and clock.now() - self.worker_seen_at < ALIVE

    @property
    def disk_is_short(self) -> bool:
        return self.disk_free < LITTLE


def vitals() -> Vitals:
    """Everything at once, for one look."""
    now = clock.now()
    faults = dict(Fault.objects.filter(at__gt=now - A_DAY).order_by().values_list("kind").annotate(Count("pk")))
    slow = faults.pop(Fault.Kind.SLOW, 0)
    return Vitals(
        version=version("liuke"),
        database=_database(),
        database_size=_database_size(),
        disk_free=shutil.disk_usage(settings.DATA_DIR).free,
        sessions=Session.objects.filter(expire_date__gt=now).count(),
        worker_seen_at=worker_seen_at(),
        queue=_queue(now),
        errors=sum(faults.values()),
        slow=slow,
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    )


def _queue(now: datetime) -> Queue:
    state = JobRun.State
    waiting = JobRun.objects.filter(state=state.QUEUED, due_at__lte=now)
    found = waiting.aggregate(many=Count("pk"), oldest=Min("due_at"))
    return Queue(
        waiting=found["many"],
        running=JobRun.objects.filter(state=state.RUNNING).count(),
        failed=JobRun.objects.filter(state=state.FAILED, finished_at__gt=now - A_DAY).count(),
        oldest=found["oldest"],
    )


def _database() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def _database_size() -> int:
    query = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if connection.vendor == "sqlite"
        else "SELECT pg_database_size(current_database())"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
