"""Cron in the company's time zone. A slot that was missed is made up once, and only the newest one."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from croniter import croniter
from django.db import IntegrityError, transaction
from django.utils import timezone

from liuke.core import clock
from liuke.core.models.jobs import JobRun, Slot

from .registry import known

if TYPE_CHECKING:
    from .registry import Job


def last_slot(cron: str, now: datetime) -> datetime:
    """The newest slot that is not in the future."""
    # One second on: croniter looks strictly before, and the slot of this very second counts.
    local = datetime.fromtimestamp(int(now.timestamp()) + 1, timezone.get_default_timezone())
    return _utc(croniter(cron, local).get_prev(datetime))


def next_slot(cron: str, now: datetime) -> datetime:
    return _utc(croniter(cron, now.astimezone(timezone.get_default_timezone())).get_next(datetime))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def queue_due() -> None:
    """Put every job whose newest slot nobody has taken into the queue."""
    now = clock.now()
    for job in known():
        if line := job.line:
            _look(job, last_slot(line, now))


def settle(job: Job) -> None:
    """Its time was changed: what would have been its newest slot by the new one was not missed."""
    if line := job.line:
        Slot.objects.get_or_create(name=job.name, due_at=last_slot(line, clock.now()))


def _look(job: Job, due_at: datetime) -> None:
    slots = Slot.objects.filter(name=job.name)
    if not slots.filter(due_at=due_at).exists():
        # A job that is new here has missed nothing: it starts with its next slot.
        _take(job, due_at, run=slots.exists())


def _take(job: Job, due_at: datetime, *, run: bool) -> None:
    """Take the slot and queue the run, both or neither. When another worker was quicker, nothing happens."""
    with suppress(IntegrityError), transaction.atomic():
        Slot.objects.create(name=job.name, due_at=due_at)
        if run:
            JobRun.objects.create(name=job.name, due_at=due_at, origin=JobRun.Origin.SCHEDULE)
