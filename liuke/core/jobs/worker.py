"""`liuke worker`: looks at the schedule, takes what waits, and takes up what a dead worker left."""

from __future__ import annotations

import itertools
import logging
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import Error, close_old_connections, connections

from liuke.core import clock, memory

from . import schedule, store
from .runner import BEAT, execute, worker_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from liuke.core.models.jobs import JobRun

LONGEST_PAUSE = 15  # seconds between two looks while the database is away; at an empty queue it is one
SILENCE = 30.0  # seconds without a sign of life after which a run counts as left
logger = logging.getLogger("liuke.jobs")
_number = itertools.count(1)


def run(silence: float = SILENCE) -> None:
    """Work until SIGTERM or SIGINT comes; the job in hand is finished first."""
    memory.settle_for_rows()
    worker = Worker(silence)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, worker.stop)
    worker.loop()


def run_once() -> bool:
    """One look at schedule and queue, for tests. True when a job was run."""
    return Worker().turn()


class Worker:
    """One at a time; for more at a time start more of them."""

    def __init__(self, silence: float = SILENCE, ticks: Callable[[], float] = time.monotonic) -> None:
        self.name = f"{worker_name()}/{next(_number)}"
        self.silence, self.ticks = silence, ticks
        self.ending = False
        self.minute: datetime | None = None
        self.watched: dict[int, tuple[object, float]] = {}

    def stop(self, *_signal: Any) -> None:
        self.ending = True

    def loop(self) -> None:
        logger.info("Worker %s starts", self.name)
        faults = 0
        while not self.ending:
            try:
                close_old_connections()  # what broke during the last job is opened anew
                busy, faults = self.turn(), 0
            except Exception:
                # Most often the database is away. The worker outlives that and asks again, ever more slowly.
                logger.exception("Worker %s cannot work, tries again", self.name)
                connections.close_all()
                busy, faults = False, faults + 1
            if not busy:
                self._rest(min(2**faults, LONGEST_PAUSE))
        with suppress(Error):
            store.forget_sign(self.name)
        logger.info("Worker %s ends", self.name)

    def _rest(self, seconds: float) -> None:
        wake = time.monotonic() + seconds
        while not self.ending and (left := wake - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))  # in short naps: a signal does not wake from sleep

    def turn(self) -> bool:
        """Queue what the schedule wants, give back what was left, then run one. True when there was one."""
        self._look_at_schedule()
        self._look_for_left()
        taken = store.take_next(self.name)
        if taken is not None:
            self._run(taken)
        return taken is not None

    def _look_at_schedule(self) -> None:
        minute = clock.now().replace(second=0, microsecond=0)
        if minute != self.minute:  # cron knows nothing finer; a clock put back is another minute, too
            schedule.queue_due()
            store.show_sign(self.name)
            self.minute = minute

    def _look_for_left(self) -> None:
        """A run is left when its sign of life stands still for long on this worker's own watch.

        Comparing with the time of day would call a healthy run dead when a clock is put forward, or differs
        between two machines.
        """
        runs, now = store.running(), self.ticks()
        self.watched = {run.pk: self._seen(run, now) for run in runs}
        for run in runs:
            if now - self.watched[run.pk][1] >= self.silence:
                store.give_back(run)

    def _seen(self, run: JobRun, now: float) -> tuple[object, float]:
        sign = (run.attempts, run.heartbeat_at)
        before = self.watched.get(run.pk)
        return before if before and before[0] == sign else (sign, now)

    def _run(self, taken: JobRun) -> None:
        with suppress(Exception, SystemExit):  # written down and logged already
            execute(taken, min(BEAT, self.silence / 6))
