"""An older house becomes a present one, or stays what it was; and there is a way back (R36, docs/deploy.md)."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from argparse import Namespace

import pytest
from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor

from liuke import cli
from liuke.accounts.models import User
from liuke.config import environment, upkeep
from liuke.core import schema
from liuke.core.health import Health

NO_COPY = connection.vendor == "postgresql" and not shutil.which("pg_dump")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(NO_COPY, reason="a copy of PostgreSQL needs pg_dump"),
]
OLDER, SINCE = ("accounts", "0005_sign_in"), ("accounts", "0006_past_passwords")
TABLE = "accounts_pastpassword"


@pytest.fixture
def older(settings, tmp_path, monkeypatch):
    """A house of the version before passwords were remembered, with somebody in it; present again afterwards."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(environment, "data_dir", lambda: tmp_path)
    User(username="laoyuan", name="老员").create(by=None)
    MigrationExecutor(connection).migrate([OLDER])
    yield tmp_path / "backups"
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def tables():
    return connection.introspection.table_names()


def copies(folder):
    return sorted(folder.glob("liuke-*")) if folder.exists() else []


def is_ready(rf):
    return Health(lambda _request: None)(rf.get("/health/ready/")).status_code == 200


def test_an_older_house_is_copied_and_brought_to_the_present(older, rf):
    assert (schema.is_present(), is_ready(rf), TABLE in tables()) == (False, False, False)
    upkeep.prepare()
    assert (schema.is_present(), is_ready(rf), TABLE in tables()) == (True, True, True)
    assert User.objects.get(username="laoyuan").name == "老员"
    assert len(copies(older)) == 1
    upkeep.prepare()
    assert len(copies(older)) == 1, "the second start finds it done"


@pytest.mark.parametrize("work", [lambda: cli._worker(Namespace()), lambda: cli._job(Namespace(name="", today=None))])
def test_no_worker_and_no_job_works_on_an_older_house(work, older, monkeypatch):
    monkeypatch.setattr(cli, "_django", lambda: None)
    with pytest.raises(SystemExit, match="liuke serve"):
        work()


def test_a_migration_that_fails_half_way_leaves_the_older_house_unserved_and_the_next_start_ends_it(
    older, rf, monkeypatch
):
    from django.db.migrations.loader import MigrationLoader

    broken = MigrationLoader(connection).disk_migrations[SINCE].__class__
    with monkeypatch.context() as patch:
        fails = migrations.RunPython(lambda *_given: 1 / 0)
        patch.setattr(broken, "operations", [*broken.operations, fails])  # after the table has been made
        with pytest.raises(ZeroDivisionError):
            upkeep.prepare()  # `liuke serve` ends with it, before it serves
    assert TABLE not in tables(), "the database took it back"
    assert (schema.is_present(), is_ready(rf)) == (False, False)
    assert User.objects.filter(username="laoyuan").exists()
    upkeep.prepare()
    assert (schema.is_present(), TABLE in tables()) == (True, True)


@pytest.fixture
def put_back(tmp_path):
    """Puts a copy into a place of its own, as docs/deploy.md says, and returns what asks it one question."""
    made = []

    def of_sqlite(copy):
        place = shutil.copy(copy, tmp_path / "liuke.sqlite3")
        return lambda question: sqlite3.connect(place).execute(question).fetchall()

    def of_server(copy):
        import psycopg

        db, name = connection.settings_dict, f"liuke_back_{secrets.token_hex(6)}"
        server = {"host": db["HOST"], "port": db["PORT"], "user": db["USER"], "password": db["PASSWORD"] or None}

        def ask(question, dbname=name):
            with psycopg.connect(**server, dbname=dbname, autocommit=True) as there:
                found = there.execute(question)
                return found.fetchall() if found.description else []

        ask(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0", "postgres")
        made.append(lambda: ask(f"DROP DATABASE {name} WITH (FORCE)", "postgres"))
        env = os.environ | {f"PG{key.upper()}": str(value) for key, value in server.items() if value}
        subprocess.run(["pg_restore", "--no-owner", "--dbname", name, str(copy)], env=env, check=True)
        return ask

    yield of_sqlite if connection.vendor == "sqlite" else of_server
    for undo in made:
        undo()


def test_the_copy_put_back_is_the_house_of_the_older_version(older, put_back):
    upkeep.prepare()
    User.objects.filter(username="laoyuan").update(name="改了名")
    ask = put_back(copies(older)[0])
    assert ask("SELECT name FROM accounts_user WHERE username = 'laoyuan'") == [("老员",)]
    applied = {row[0] for row in ask("SELECT name FROM django_migrations WHERE app = 'accounts'")}
    assert OLDER[1] in applied
    assert SINCE[1] not in applied
    with pytest.raises(Exception, match=TABLE):
        ask(f"SELECT 1 FROM {TABLE}")
