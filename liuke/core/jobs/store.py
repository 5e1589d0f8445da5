"""The queue as a table. A worker takes a run by an UPDATE that only one can win, on either database."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from liuke.core import clock
from liuke.core.models.jobs import JobRun, WorkerSign

from .registry import find

MOST_ATTEMPTS = 5
SIGNS_KEPT = timedelta(days=1)
# The fault of the database or of the way to it, not of the job: worth another try.
PASSING = (OperationalError, InterfaceError)
logger = logging.getLogger("liuke.jobs")
State = JobRun.State


def enqueue(name: str, /, **payload: Any) -> JobRun:
    """Ask for a run with a payload of JSON values. Inside a transaction it exists when that is committed, or never."""
    find(name)
    return JobRun.objects.create(name=name, payload=payload)


def is_waiting(name: str) -> bool:
    """Whether a run of this job stands in the queue already."""
    return JobRun.objects.filter(name=name, state=State.QUEUED).exists()


def is_open(name: str) -> bool:
    """Whether a run of this job waits or is at work."""
    return JobRun.objects.filter(name=name, state__in=(State.QUEUED, State.RUNNING)).exists()


def begin(name: str, day: date | None, worker: str) -> JobRun:
    """A run that passes by the queue, because a person waits for it."""
    now = clock.now()
    return JobRun.objects.create(
        name=name, day=day, origin=JobRun.Origin.HAND, due_at=now, state=State.RUNNING,
        attempts=1, started_at=now, heartbeat_at=now, worker=worker,
    )  # fmt: skip


def take_next(worker: str) -> JobRun | None:
    """The run that is due first, now this worker's; None when nothing waits."""
    waiting = JobRun.objects.filter(state=State.QUEUED, due_at__lte=clock.now()).order_by("due_at", "id")
    # Read first, outside a transaction: an idle worker never stands in a writer's way.
    rows = list(waiting.values_list("pk", "name")[:20])
    busy = _running_names() if any(_runs_alone(name) for _pk, name in rows) else set()
    for pk, name in rows:
        if name in busy:
            continue
        if _take_alone(pk, name, worker) if _runs_alone(name) else _take(pk, worker):
            return JobRun.objects.get(pk=pk)
    return None


def _runs_alone(name: str) -> bool:
    """What the schedule runs, works on the whole house: a second run waits until the first has ended."""
    try:
        job = find(name)
        return job.cron is not None or job.asked_back
    except KeyError:  # of a module that is gone: its run fails with words of its own
        return False


def _running_names() -> set[str]:
    alone = JobRun.objects.filter(state=State.RUNNING).values_list("name", flat=True)
    return {name for name in alone if _runs_alone(name)}


def _take_alone(pk: int, name: str, worker: str) -> bool:
    """Two workers that see two runs of one job lock the same rows, one after the other."""
    with transaction.atomic():
        rows = JobRun.objects.select_for_update().filter(name=name, state__in=(State.QUEUED, State.RUNNING))
        states = list(rows.order_by("pk").values_list("state", flat=True))
        return State.RUNNING not in states and _take(pk, worker)


def _take(pk: int, worker: str) -> bool:
    now = clock.now()
    return bool(
        JobRun.objects.filter(pk=pk, state=State.QUEUED).update(
            state=State.RUNNING, worker=worker, attempts=F("attempts") + 1, started_at=now, heartbeat_at=now
        )
    )


def _mine(run: JobRun) -> Any:
    """The row, as long as nobody has taken it over: a worker that slept too long must not write into it."""
    return JobRun.objects.filter(pk=run.pk, state=State.RUNNING, worker=run.worker, attempts=run.attempts)


def beat(run: JobRun, now: datetime) -> bool:
    return bool(_mine(run).update(heartbeat_at=now))


def finish(run: JobRun, result: str) -> None:
    _end(run, state=State.DONE, result=_short(result), error="", finished_at=clock.now())


def fail(run: JobRun, error: BaseException) -> None:
    """Write the error down. A passing fault of the database leads back into the queue, a few times."""
    again = isinstance(error, PASSING) and run.attempts < MOST_ATTEMPTS and run.origin != JobRun.Origin.HAND
    text = _short(f"{type(error).__name__}: {error}")
    if again:
        _end(run, state=State.QUEUED, error=text)
    else:
        _end(run, state=State.FAILED, error=text, finished_at=clock.now())


def _end(run: JobRun, **values: Any) -> None:
    if not _mine(run).update(**values):
        logger.warning("Run %s of %s was taken over while %s still worked on it", run.pk, run.name, run.worker)


def running() -> list[JobRun]:
    return list(JobRun.objects.filter(state=State.RUNNING).order_by("pk"))


def give_back(run: JobRun) -> None:
    """Its worker is gone: into the queue again, or failed when it has been tried often enough."""
    ours = _mine(run).filter(heartbeat_at=run.heartbeat_at)
    if run.attempts < MOST_ATTEMPTS:
        if ours.update(state=State.QUEUED):
            logger.warning("Run %s of %s was left by %s and waits again", run.pk, run.name, run.worker)
    elif ours.update(state=State.FAILED, finished_at=clock.now(), error=f"Left without an end {run.attempts} times"):
        logger.error("Run %s of %s was left %s times and is given up", run.pk, run.name, run.attempts)


def _short(text: str) -> str:
    return text.replace("\0", "")[:500]  # PostgreSQL keeps no NUL


def show_sign(worker: str) -> None:
    """This worker is there; the signs of those that died long ago go."""
    now = clock.now()
    WorkerSign.objects.update_or_create(name=worker, defaults={"at": now})
    WorkerSign.objects.filter(at__lt=now - SIGNS_KEPT).delete()


def forget_sign(worker: str) -> None:
    WorkerSign.objects.filter(name=worker).delete()
