"""A real worker is killed outright in the middle of a job: another takes the job up, and it ends once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from liuke.core.models import JobRun

PATIENCE = 20

# A job that works until somebody lets it go, in a worker that takes a second of silence for death.
WORKER = """
import sys, time
from pathlib import Path
import django
django.setup()
from liuke.core.jobs import job, known, registry, worker

known()
registry._jobs.clear()
log, gate = Path(sys.argv[1]), Path(sys.argv[2])

def tell(word):
    with log.open("a") as file:
        file.write(word + "\\n")

@job("long")
def long(today):
    tell("begun")
    while not gate.exists():
        time.sleep(0.02)
    tell("ended")
    return "all of it"

worker.run(silence=1)
"""


@pytest.fixture
def start(tmp_path):
    """Starts a command on the database of the tests; whatever still runs at the end is killed."""
    started = []

    def start(*command):
        env = os.environ | {"DATABASE_URL": _url(), "LIUKE_DATA_DIR": str(tmp_path), "LIUKE_PARENT": "0"}
        started.append(subprocess.Popen([sys.executable, *command], env=env, start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def _url() -> str:
    db = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{db['NAME']}"
    password = f":{db['PASSWORD']}" if db["PASSWORD"] else ""
    return f"postgres://{db['USER']}{password}@{db['HOST']}:{db['PORT']}/{db['NAME']}"


def _until(true) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_is_taken_up_and_ends_once(start, tmp_path):
    log, gate = tmp_path / "log", tmp_path / "gate"
    log.touch()
    run = JobRun.objects.create(name="long")

    first = start("-c", WORKER, str(log), str(gate))
    _until(lambda: log.read_text() == "begun\n")
    first.send_signal(signal.SIGKILL)
    assert first.wait(PATIENCE) == -signal.SIGKILL
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("running", 1)

    second = start("-c", WORKER, str(log), str(gate))
    _until(lambda: log.read_text() == "begun\nbegun\n")
    # Asked to end, it finishes what it has in hand.
    second.send_signal(signal.SIGTERM)
    gate.touch()
    assert second.wait(PATIENCE) == 0
    run.refresh_from_db()
    assert (run.state, run.attempts, run.result) == ("done", 2, "all of it")
    assert log.read_text() == "begun\nbegun\nended\n"


@pytest.mark.django_db(transaction=True)
def test_two_real_workers_do_forty_jobs_once_each(start, tmp_path):
    log, gate = tmp_path / "log", tmp_path / "gate"
    log.touch()
    JobRun.objects.bulk_create(JobRun(name="long") for _ in range(40))
    workers = [start("-c", WORKER, str(log), str(gate)) for _ in range(2)]
    _until(lambda: log.read_text() == "begun\n" * 2)  # both are at work
    gate.touch()
    _until(lambda: JobRun.objects.filter(state="done").count() == 40)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
    assert sorted(log.read_text().split()) == ["begun"] * 40 + ["ended"] * 40
    assert set(JobRun.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_the_worker_command_does_what_waits_and_ends_when_asked(start):
    run = JobRun.objects.create(name="tidy-up")
    worker = start("-m", "liuke.cli", "worker")
    _until(lambda: JobRun.objects.get().state == "done")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0
    run.refresh_from_db()
    assert (run.attempts, run.error) == (1, "")
