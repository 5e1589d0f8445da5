"""What the monitor page shows of each job: when it ran, how that ended, when it runs next (SYS-06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max

from liuke.core import clock
from liuke.core.models.jobs import JobRun

from .registry import Job, known
from .schedule import next_slot

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Overview:
    job: Job
    last: JobRun | None
    next_at: datetime | None


def overview() -> list[Overview]:
    """Every job with its last run and its next slot, in two queries."""
    now = clock.now()
    newest = JobRun.objects.values("name").annotate(newest=Max("pk")).values_list("newest", flat=True)
    last = {run.name: run for run in JobRun.objects.filter(pk__in=list(newest))}
    return [Overview(job, last.get(job.name), next_slot(job.cron, now) if job.cron else None) for job in known()]
