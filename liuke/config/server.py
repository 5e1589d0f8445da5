"""`liuke serve`: the web server, and beside it one worker that is started again when it dies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from liuke.config import environment
from liuke.config.environment import gettext as _
from liuke.core import memory

PARENT = "LIUKE_PARENT"
LOG_LIMIT = 20 * 1024 * 1024


def run(host: str, port: int, workers: int, threads: int) -> None:
    _cut_log()
    _load()
    os.environ[PARENT] = str(os.getpid())
    connections.close_all()  # the web processes are forks of this one and must not share its connection
    server = Granian(
        "liuke.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # An idle thread that ends takes its database connection with it, so it may stay for long.
        blocking_threads_idle_timeout=600,
        backlog=1024,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=15,
        log_level=LogLevels.warning,
    )
    worker = Worker()
    server.on_startup(worker.start)
    server.on_startup(lambda: _greet(host, port))
    try:
        server.serve(target_loader=_application)
    finally:
        worker.stop()


def ask_for(host: str, port: int) -> None:
    """Granian would share a port with whoever has it, an older Liuke even, and split the visitors between the two."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, sys.platform != "win32")
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as refusal:
            raise SystemExit(
                _("Port {port} of {host} cannot be used ({why}). Choose another: liuke serve --port 8001").format(
                    port=port, host=host, why=refusal
                )
            ) from None


def _load() -> None:
    """Once, before the web processes fork: they share the memory, and what is broken shows now, not to a visitor."""
    from django.urls import get_resolver

    from liuke.config import wsgi  # noqa: F401

    assert get_resolver().url_patterns
    memory.settle()


def _greet(host: str, port: int) -> None:
    print(_("Liuke answers at {url}").format(url=f"http://{host}:{port}"))
    print(_("Data: {folder}").format(folder=environment.data_dir()), flush=True)


def _application(target: str) -> Any:
    end_with_parent()
    if sys.platform != "win32":
        os.setpgrp()  # Ctrl-C reaches `serve` alone, which ends them in order; two signals at once make granian hang
    from liuke.config.wsgi import application

    return application


def end_with_parent() -> None:
    """When `serve` is killed outright, nothing of it may keep the port or go on working with an old schema."""
    parent = int(os.environ.get(PARENT, "0"))
    if parent and sys.platform != "win32":
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


class Worker:
    """The child process for queue and schedule. One that dies at once is not started in a tight loop."""

    def __init__(self) -> None:
        self.ending = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        threading.Thread(target=self._keep_alive, daemon=True).start()

    def _keep_alive(self) -> None:
        pause = 1.0
        while not self.ending.is_set():
            born = time.monotonic()
            # Its own process group: Ctrl-C reaches `serve`, and `serve` ends the worker in order.
            self.process = subprocess.Popen([sys.executable, "-m", "liuke.cli", "worker"], start_new_session=True)
            code = self.process.wait()
            if self.ending.is_set():
                return
            pause = 1.0 if time.monotonic() - born > 60 else min(pause * 2, 30)
            print(
                _("The worker ended with code {code} and starts again in {seconds} s.").format(
                    code=code, seconds=int(pause)
                ),
                file=sys.stderr,
                flush=True,
            )
            self.ending.wait(pause)

    def stop(self) -> None:
        self.ending.set()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _cut_log() -> None:
    """Here and not while running: several processes append to the file, and none of them may move it away."""
    log = environment.data_dir() / "liuke.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
