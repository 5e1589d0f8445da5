"""The database before Liuke starts: brought to the present schema, never without a copy of what was there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from liuke.config import environment
from liuke.config.environment import gettext as _
from liuke.core import schema, watching
from liuke.core.search import rebuild


def prepare() -> None:
    """An empty database gets its tables; an older one is copied first; a newer one is left alone."""
    from liuke.config import granting, install

    executor = MigrationExecutor(connection)
    applied, plan = set(executor.loader.applied_migrations), executor.loader.graph.leaf_nodes()
    if unknown := sorted(name for app, name in applied - _known(executor) if app in executor.loader.migrated_apps):
        raise SystemExit(
            _("This database was written by a newer Liuke ({names}). Install that version.").format(
                names=", ".join(unknown)
            )
        )
    if not executor.migration_plan(plan):
        watching.watch_tables()
        granting.seed_roles(making=False)  # what can be granted may be new where the schema is not
        return
    if applied:
        print(_("The schema is older. Copy of the database: {file}").format(file=backup()), flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    install.seed()
    rebuild.complete()


def must_be_present() -> None:
    """For what works on a house without looking after it: nothing is done on an older schema, or half a one.

    A database that is away for the moment is waited for by the work itself.
    """
    with suppress(OperationalError):
        if schema.is_present():
            return
        raise SystemExit(_("The database is not of this version of Liuke. Start `liuke serve` first."))


def _known(executor: MigrationExecutor) -> set[tuple[str, str]]:
    on_disk = executor.loader.disk_migrations
    return set(on_disk) | {old for migration in on_disk.values() for old in migration.replaces}


def backup(file: Path | None = None) -> Path:
    """A copy of the database as it is, by its own means: what it holds is of an older schema, which only that can read.

    One file that holds one moment, readable by its owner only; a half one is never left.
    """
    suffix = "sqlite3" if connection.vendor == "sqlite" else "dump"
    folder = environment.data_dir() / "backups"
    target = file or folder / f"liuke-{datetime.now().astimezone():%Y%m%d-%H%M%S-%f}.{suffix}"
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.exists():
        raise SystemExit(_("{file} exists. Choose another name.").format(file=target))
    draft = target.with_name(f"{target.name}.part")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        (_copy_sqlite if connection.vendor == "sqlite" else _dump_server)(draft)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def _copy_sqlite(target: Path) -> None:
    source = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(source, timeout=20)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        if (answer := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise SystemExit(_("The copy is damaged: {answer}").format(answer=answer))


def _dump_server(target: Path) -> None:
    program = shutil.which("pg_dump")
    if not program:
        raise SystemExit(_("A copy of the database needs pg_dump. Install the PostgreSQL client programs."))
    db = connection.settings_dict
    # By environment: the password stays out of the process list, and no shell reads any of it.
    given = {"PGHOST": db["HOST"], "PGPORT": db["PORT"], "PGUSER": db["USER"], "PGPASSWORD": db["PASSWORD"]}
    options = {f"PG{key.upper()}": value for key, value in db["OPTIONS"].items() if key.startswith("ssl")}
    env = os.environ | {key: str(value) for key, value in (given | options).items() if value}
    subprocess.run([program, "--format=custom", f"--file={target}", str(db["NAME"])], env=env, check=True)
