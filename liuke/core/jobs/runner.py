"""Running one job: on its day, with a beating heart, in the company's language, and written down."""

from __future__ import annotations

import logging
import os
import socket
import threading
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liuke.core import audit, clock
from liuke.core.refusals import Refused

from . import store
from .registry import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from liuke.core.models.jobs import JobRun

BEAT = 5.0  # seconds between two signs of life
logger = logging.getLogger("liuke.jobs")


def worker_name() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"[:100]


def run_now(name: str, today: date | None = None) -> str:
    """Run a job in this process and record it. Returns its result in words.

    Raises KeyError for a name nobody knows, Refused for what is asked back elsewhere, and after recording whatever the
    job itself raises.
    """
    if find(name).asked_back:
        raise Refused(_("“%(name)s” is not started by its name: use its own page or command") % {"name": name})
    return execute(store.begin(name, today, worker_name()))


def execute(run: JobRun, every: float = BEAT) -> str:
    """Run what was taken from the queue, write down how it ended, and pass on what it raised."""
    try:
        with _beating(run, every):
            result = _work(run)
    except BaseException as error:  # Ctrl-C, too: a run that a person broke off must not be taken up again
        logger.exception("Run %s of %s failed", run.pk, run.name)
        store.fail(run, error)
        _note(run, "failed", f"{type(error).__name__}: {error}")
        raise
    store.finish(run, result)
    if not find(run.name).quiet:
        _note(run, "done", result)
    return result


def _work(run: JobRun) -> str:
    language, day = translation.override(settings.LANGUAGE_CODE), _on(run.day, find(run.name).moment or _noon)
    with language, day, audit.acting("job", name=run.name):
        return find(run.name).work(clock.today(), **run.payload) or pgettext("job", "Done")


def _note(run: JobRun, outcome: str, result: str) -> None:
    """A run in the audit log. While the database is away there is no log either; the run tells it itself."""
    with suppress(Error), audit.acting("job", name=run.name):
        audit.note("job", kind="core.JobRun", text=run.name, outcome=outcome,
                   details={"result": result[:500], "origin": run.origin})  # fmt: skip


@contextmanager
def _on(day: date | None, moment: Callable[[date], datetime]) -> Iterator[None]:
    if day is None:
        yield
        return
    with clock.at(moment(day)):
        yield


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), timezone.get_default_timezone())


@contextmanager
def _beating(run: JobRun, every: float) -> Iterator[None]:
    """A thread of its own tells that the run is alive, because the job itself may be deep in one long statement."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(run, every, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(run: JobRun, every: float, ended: threading.Event) -> None:
    try:
        while not ended.wait(every):
            try:
                store.beat(run, clock.now())
            except Error as error:  # locked by the job's own transaction, or gone: the next beat tries again
                logger.info("No sign of life for run %s: %s", run.pk, error)
                connection.close()
    finally:
        connection.close()
