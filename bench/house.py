"""The surroundings of a measurement: a data directory, a database of its own, and the served product in it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DATABASE = "liuke_bench"


@contextmanager
def house(database: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment for SQLite or PostgreSQL; what it made is gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'bench.sqlite3'}" if database == "sqlite" else _postgres("create")
    env = {"LIUKE_DATA_DIR": str(folder), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "liuke.config.settings"}
    try:
        yield os.environ | env
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if database == "postgres":
            _postgres("drop")


def _postgres(act: str) -> str:
    """Create or drop the database; a server's URL names another one to come in by."""
    import psycopg

    url = os.environ["LIUKE_TEST_POSTGRES_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        if act == "create":
            server.execute(f"CREATE DATABASE {DATABASE}")
    return f"{url.rpartition('/')[0]}/{DATABASE}"


def fill(env: dict[str, str], section: str, rows: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.fill", section, str(rows)]
    made = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    print("\n".join(made[:-1]), flush=True)
    found: dict[str, Any] = json.loads(made[-1])
    return found


@contextmanager
def served(env: dict[str, str], *command: str) -> Iterator[tuple[int, float]]:
    """Port, and the seconds from the command to the first page."""
    port = _free_port()
    begun = time.monotonic()
    process = subprocess.Popen([*command, str(port)], env=env, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield port, time.monotonic() - begun
    finally:
        process.terminate()
        process.wait(30)


def start_times(env: dict[str, str], times: int = 3) -> list[float]:
    """How long `liuke serve` takes to answer, on a database that is ready."""
    found = []
    for _ in range(times):
        with served(env, str(Path(sys.executable).with_name("liuke")), "serve", "--port") as (_port, seconds):
            found.append(seconds)
    return found


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(3000):
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=10).read()
            return
        except OSError:
            time.sleep(0.01)
    raise SystemExit("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
