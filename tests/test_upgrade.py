"""An older house becomes a present one, or stays what it was; and there is a way back (R36, docs/deploy.md)."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest
from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor

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


@pytest.mark.skipif(connection.vendor != "sqlite", reason="on PostgreSQL pg_restore does it, see docs/deploy.md")
def test_the_copy_is_the_house_of_the_older_version(older):
    upkeep.prepare()
    User.objects.filter(username="laoyuan").update(name="改了名")
    with closing(sqlite3.connect(copies(older)[0])) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT name FROM accounts_user WHERE username = 'laoyuan'").fetchone() == ("老员",)
        applied = {row[0] for row in copy.execute("SELECT name FROM django_migrations WHERE app = 'accounts'")}
        made = {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
    assert OLDER[1] in applied
    assert SINCE[1] not in applied
    assert TABLE not in made
