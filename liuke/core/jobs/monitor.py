"""What the monitor page shows of each job: when it ran, how that ended, when it runs next (SYS-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from liuke.core import clock
from liuke.core.models.jobs import JobRun, WorkerSign

from .registry import Job, find, known
from .schedule import next_slot

if TYPE_CHECKING:
    from datetime import datetime

ALIVE = timedelta(minutes=3)


@dataclass(frozen=True)
class Overview:
    job: Job
    last: JobRun | None
    next_at: datetime | None

    @property
    def last_at(self) -> datetime | None:
        """When the last run began; one that still waits, when it is due."""
        return (self.last.started_at or self.last.due_at) if self.last else None

    @property
    def seconds(self) -> float | None:
        return seconds(self.last) if self.last else None

    @property
    def words(self) -> str:
        """What came of it: nothing yet, while it still runs."""
        return (self.last.error or self.last.result) if self.last and self.last.finished_at else ""


def seconds(run: JobRun) -> float | None:
    """How long a run took, or has taken so far."""
    if run.started_at is None or run.state == JobRun.State.QUEUED:
        return None
    return max(((run.finished_at or clock.now()) - run.started_at).total_seconds(), 0)


def overview() -> list[Overview]:
    """Every job with its last run and its next slot, in two queries."""
    now = clock.now()
    newest = JobRun.objects.values("name").annotate(newest=Max("pk")).values_list("newest", flat=True)
    last = {run.name: run for run in JobRun.objects.filter(pk__in=list(newest))}
    return [_of(job, last.get(job.name), now) for job in known()]


def overview_of(name: str) -> Overview:
    """The same of one job; of runs only one that ended counts as its last."""
    ended = JobRun.objects.filter(name=name).exclude(finished_at=None).order_by("-id").first()
    return _of(find(name), ended, clock.now())


def last_done(name: str) -> date | None:
    """The day of the last run that did its work; None where none is remembered."""
    done = JobRun.objects.filter(name=name, state=JobRun.State.DONE).exclude(finished_at=None).order_by("-id").first()
    return min(done.day or date.max, timezone.localdate(done.finished_at)) if done else None


def _of(job: Job, last: JobRun | None, now: datetime) -> Overview:
    return Overview(job, last, next_slot(job.line, now) if job.line else None)


def worker_seen_at() -> datetime | None:
    """When a worker last showed itself: at the schedule, or by the beat of the run it is deep in."""
    signs = WorkerSign.objects.aggregate(Max("at"))["at__max"]
    beats = JobRun.objects.filter(state=JobRun.State.RUNNING).aggregate(Max("heartbeat_at"))["heartbeat_at__max"]
    return max((one for one in (signs, beats) if one), default=None)


def worker_is_alive() -> bool:
    seen = worker_seen_at()
    return seen is not None and clock.now() - seen < ALIVE
