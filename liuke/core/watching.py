"""The triggers behind `core.remembered`: a write to a watched table gives the house another sign.

A migration that makes a table of SQLite anew takes its triggers away; therefore they are looked after whenever
migrations have run, and when the house is opened.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from liuke.core.models.house_sign import HouseSign
from liuke.core.remembered import Watched, watched

SIGN = HouseSign._meta.db_table

# No INSERT OR REPLACE: where the writer himself says OR IGNORE, a trigger would ignore, too.
ON_SQLITE = f"UPDATE {SIGN} SET sign = hex(randomblob(16))"  # noqa: S608
# Of two who write at a time each leaves a row of his own: nobody waits for the other one's transaction to end.
ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION liuke_other_sign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM {SIGN} WHERE id IN (SELECT id FROM {SIGN} FOR UPDATE SKIP LOCKED);
    INSERT INTO {SIGN} (sign) VALUES (gen_random_uuid()::text);
    RETURN NULL;
END $$
"""  # noqa: S608


def watch_tables(**_signal: Any) -> None:
    """Every watched table has its triggers. Harmless when they are there."""
    present = set(connection.introspection.table_names())
    if SIGN not in present:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        there = _triggers(cursor)
        for one in watched():
            model = apps.get_model(one.label)
            if model._meta.db_table in present:
                for name, statement in _wanted(model, one):
                    if name not in there:
                        cursor.execute(statement)
        if not HouseSign.objects.exists():
            HouseSign.objects.create(sign=secrets.token_hex(16))


def _triggers(cursor: Any) -> set[str]:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(ON_POSTGRESQL)
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    return {name for (name,) in cursor.fetchall()}


def _wanted(model: Any, one: Watched) -> list[tuple[str, str]]:
    """(name, statement) of the triggers of a table."""
    table = model._meta.db_table
    columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if f.name not in one.but)
    update = f"UPDATE OF {columns}" if one.but else "UPDATE"
    if connection.vendor == "sqlite":
        acts, run = {"insert": "INSERT", "update": update, "delete": "DELETE"}, f"BEGIN {ON_SQLITE}; END"
    else:
        acts = {"change": f"INSERT OR {update} OR DELETE OR TRUNCATE"}
        run = "FOR EACH STATEMENT EXECUTE FUNCTION liuke_other_sign()"
    names = {act: f"{table}_{act}_sign" for act in acts}
    return [
        (names[act], f'CREATE TRIGGER "{names[act]}" AFTER {when} ON "{table}" {run}') for act, when in acts.items()
    ]
