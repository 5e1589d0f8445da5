"""An archive of an older Liuke brought to the present schema, in a house of its own that is thrown away.

A process of its own does it: migrations speak to the database of their process, which must not be the live one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liuke.core.refusals import Refused


def lifted(old: Path, folder: Path) -> Path:
    """A new archive in `folder` with the rows of `old` as today's schema has them. Raises Refused."""
    target = folder / "lifted.zip"
    with tempfile.TemporaryDirectory(dir=folder) as house:
        env = os.environ | {"LIUKE_DATA_DIR": house, "DATABASE_URL": f"sqlite:///{house}/house.sqlite3"}
        command = [sys.executable, "-m", __name__, str(old), str(target)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode or not target.exists():
        last = done.stderr.strip().splitlines()[-1:] or [""]
        text = _("The backup of an older Liuke could not be brought to the present version: %(why)s")
        raise Refused(text % {"why": last[0][:300]}, "not_lifted")
    return target


def _main(old: str, target: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    from . import rows
    from .archive import Archive, write

    source = Archive(Path(old))
    executor = MigrationExecutor(connection)
    leaves = [key for key in source.applied & set(executor.loader.graph.nodes) if not _followed(executor, key, source)]
    state = executor.migrate(leaves)
    with transaction.atomic():
        _empty(rows.kept_models(state.apps))
        for model in rows.kept_models(state.apps):
            if names := source.head["columns"].get(model._meta.label):
                rows.put(model, names, source.rows(model._meta.label))
                if last := source.head["last_keys"].get(model._meta.label):
                    rows.go_on_from(model, last)
    call_command("migrate", interactive=False, verbosity=0)
    write(Path(target), with_files=False)


def _followed(executor: Any, key: tuple[str, str], source: Any) -> bool:
    """Whether another applied migration of the same app stands on this one."""
    children = executor.loader.graph.node_map[key].children
    return any(child.key[0] == key[0] and child.key in source.applied for child in children)


def _empty(models: list[Any]) -> None:
    """What migrations themselves put in gives way to what the archive has."""
    from django.db import connection

    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


if __name__ == "__main__":
    _main(*sys.argv[1:3])
