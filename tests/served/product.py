"""Starts the product as a person would, and talks to it as programs and browsers do."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from .clients import Api, Pages

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
LOGINS = ("zhuguan", "jingli", "jingli2", "jingli3", "yewu", "bumen", "gaoguan", "admin")
SERVER = os.environ.get("DATABASE_URL", "")
ON_SERVER = SERVER.startswith("postgres")


def until(true, why: str):
    """Wait for a condition; its first true value is the answer."""
    end = time.monotonic() + PATIENCE
    while not (value := true()):
        assert time.monotonic() < end, f"waited in vain: {why}"
        time.sleep(0.05)
    return value


class Data:
    """One folder and one database of Liuke."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.url = urlsplit(SERVER)._replace(path=f"/{name}").geturl() if ON_SERVER else ""

    @property
    def environment(self) -> dict[str, str]:
        mine = ("LIUKE_", "DATABASE_", "PYTEST_")
        env = {key: value for key, value in os.environ.items() if not key.startswith(mine)}
        return env | {"LIUKE_DATA_DIR": str(self.folder)} | ({"DATABASE_URL": self.url} if self.url else {})

    def liuke(self, *words: str) -> str:
        command = [sys.executable, "-m", "liuke.cli", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def create(self, template: str = "") -> None:
        if ON_SERVER:
            _on_server(f'CREATE DATABASE "{self.name}"' + (f' TEMPLATE "{template}"' if template else ""))

    def drop(self) -> None:
        if ON_SERVER:
            _on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)

    def rows(self, query: str, *values) -> list[tuple]:
        """What stands in the database; `?` marks a value."""
        if not ON_SERVER:
            with sqlite3.connect(self.folder / "liuke.sqlite3", timeout=20) as database:
                return database.execute(query, values).fetchall()
        import psycopg

        with psycopg.connect(self.url) as database:
            return database.execute(query.replace("?", "%s"), values).fetchall()


class Demo(Data):
    """The demo house as `liuke demo` makes it, with a token for the people who act in tests. Never served itself."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder, name)
        self.create()
        self.liuke("demo")
        self.tokens = {name: self.liuke("token", name).split()[-1] for name in LOGINS}

    @classmethod
    @contextmanager
    def shared(cls, folder: Path):
        """Made by the first process that asks, dropped by the last that leaves."""
        mine = _enter(cls, folder)
        try:
            yield mine
        finally:
            _leave(mine)


class Product(Data):
    """A running Liuke."""

    def __init__(self, demo: Demo, folder: Path) -> None:
        super().__init__(folder / "data", f"liuke_served_{uuid.uuid4().hex[:12]}")
        self.tokens = demo.tokens
        shutil.copytree(demo.folder, self.folder)
        self.create(demo.name)
        self.find_place()
        self.log = folder / "log"

    def find_place(self) -> None:
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Product:
        command = [sys.executable, "-m", "liuke.cli", "serve", "--workers", "2", "--port", str(self.port)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        until(self._answers, f"{self.address}\n{self.log.read_text()}")
        return self

    def __exit__(self, *_error) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.drop()

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        with suppress(OSError):
            return Pages(self.address).get("/login/").status == 200
        return False

    def api(self, name: str) -> Api:
        return Api(self.address, self.tokens[name])

    def pages(self, name: str) -> Pages:
        pages = Pages(self.address)
        pages.sign_in(name)
        return pages

    def web_processes(self) -> list[int]:
        """The processes that answer requests: granian names no other way to tell them from the job worker."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"worker" not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]

    def complaints(self) -> str:
        """The log, if it tells of a failure inside."""
        log = self.log.read_text()
        return log if "Traceback" in log or "database is locked" in log else ""


def _enter(cls, folder: Path) -> Demo:
    note = folder.with_suffix(".json")
    with _locked(folder):
        if note.exists():
            made = cls.__new__(cls)
            known = json.loads(note.read_text())
            Data.__init__(made, folder, known["name"])
            made.tokens = known["tokens"]
        else:
            made = cls(folder, f"liuke_demo_{uuid.uuid4().hex[:12]}")
            known = {"name": made.name, "tokens": made.tokens, "users": 0}
        note.write_text(json.dumps(known | {"users": known["users"] + 1}))
    return made


def _leave(made: Demo) -> None:
    note = made.folder.with_suffix(".json")
    with _locked(made.folder):
        known = json.loads(note.read_text())
        if known["users"] > 1:
            note.write_text(json.dumps(known | {"users": known["users"] - 1}))
        else:
            note.unlink()
            made.drop()


@contextmanager
def _locked(folder: Path):
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _on_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(statement)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
