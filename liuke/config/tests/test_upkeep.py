import shutil
import sqlite3
import stat

import pytest
from django.db import connection

from liuke.config import upkeep

pytestmark = pytest.mark.django_db(transaction=True)


def note_migration(app, name):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, '2026-01-01')", [app, name])


def forget_migration(name):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = %s", [name])


def test_a_database_of_a_newer_version_is_left_alone():
    note_migration("auth", "9999_from_the_future")
    try:
        with pytest.raises(SystemExit, match="9999_from_the_future"):
            upkeep.prepare()
    finally:
        forget_migration("9999_from_the_future")


def test_a_present_schema_is_not_copied(monkeypatch):
    monkeypatch.setattr(upkeep, "backup", lambda: pytest.fail("copied without need"))
    upkeep.prepare()


def test_a_copy_is_whole_and_the_owners_alone(tmp_path):
    if connection.vendor == "postgresql" and not shutil.which("pg_dump"):
        pytest.skip("no pg_dump on this machine")
    file = upkeep.backup(tmp_path / "copy")
    if connection.vendor == "sqlite":
        tables = sqlite3.connect(file).execute("SELECT name FROM sqlite_master").fetchall()
        assert ("django_migrations",) in tables
    else:
        assert file.read_bytes().startswith(b"PGDMP")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_copy_never_overwrites(tmp_path):
    file = tmp_path / "mine"
    file.write_text("precious")
    with pytest.raises(SystemExit):
        upkeep.backup(file)
    assert file.read_text() == "precious"


def test_without_pg_dump_the_next_step_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(upkeep.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit, match="pg_dump"):
        upkeep._dump_server(tmp_path / "copy")
