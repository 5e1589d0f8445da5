"""All rows of the house as lines of JSON that mean the same on every database."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.apps import apps as present
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BATCH = 2_000  # rows
# Not part of the house: what one machine does at the moment, who is signed in, and what is made of other rows.
MOMENTARY = {"core.JobRun", "core.Slot", "core.WorkerSign", "core.HouseSign"}
LEFT_OUT = MOMENTARY | {
    "contenttypes.ContentType", "auth.Permission", "sessions.Session", "accounts.SignInAttempt", "accounts.SignedIn",
    "core.SearchEntry",
}  # fmt: skip


def kept_models(apps: Any = present) -> list[type[models.Model]]:
    """Every model whose rows belong into a backup, links between many and many too."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and model._meta.label not in LEFT_OUT]


def columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside is one instant of the database, while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":  # an atomic block would take the lock of writers
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def lines(model: type[models.Model]) -> Iterator[bytes]:
    """The rows in the order of their keys, a list of values each. Kinds of records stand there by name."""
    kinds = {place: _kinds_by_id() for place, field in enumerate(model._meta.concrete_fields) if _is_kind(field)}
    momentary = {place for place, field in enumerate(model._meta.concrete_fields) if _is_momentary(field)}
    rows = model._base_manager.order_by("pk").values_list(*columns(model))
    for row in rows.iterator(chunk_size=BATCH):
        values = [
            None if place in momentary else kinds[place].get(value) if place in kinds else _plain(value)
            for place, value in enumerate(row)
        ]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def put(model: type[models.Model], names: Sequence[str], found: Iterable[bytes]) -> int:
    """Write rows as `lines` gave them, with their own keys; returns how many. `names` are the columns of each."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in names]
    quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table, marks = connection.ops.quote_name(model._meta.db_table), ", ".join(["%s"] * len(fields))
    kinds = _kinds_by_name() if any(map(_is_kind, fields)) else {}
    source, count = iter(found), 0
    with connection.cursor() as cursor:
        while some := list(islice(source, BATCH)):
            rows = [_stored(fields, json.loads(line), kinds) for line in some]
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)  # noqa: S608
            count += len(rows)
    return count


def _is_kind(field: Any) -> bool:
    return _related(field) == "contenttypes.ContentType"


def _is_momentary(field: Any) -> bool:
    """A reference to what no backup holds, such as the run that did an errand."""
    return _related(field) in MOMENTARY


def _related(field: Any) -> str:
    return field.related_model._meta.label if field.is_relation and field.related_model else ""


def _kinds_by_id() -> dict[int, str]:
    return {pk: f"{app}.{model}" for pk, app, model in ContentType.objects.values_list("pk", "app_label", "model")}


class _Kinds(dict[str, int]):
    """Ids of kinds by name. One that this database has not met yet is entered: an older schema knows few by itself."""

    def __missing__(self, name: str) -> int:
        app, _dot, model = name.partition(".")
        self[name] = ContentType.objects.get_or_create(app_label=app, model=model)[0].pk
        return self[name]


def _kinds_by_name() -> dict[str, int]:
    return _Kinds((name, pk) for pk, name in _kinds_by_id().items())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _stored(fields: Sequence[Any], values: Sequence[Any], kinds: dict[str, int]) -> list[Any]:
    return [_stored_value(field, value, kinds) for field, value in zip(fields, values, strict=True)]


def _stored_value(field: Any, value: Any, kinds: dict[str, int]) -> Any:
    if _is_momentary(field):
        return None
    if isinstance(field, models.JSONField):
        return None if value is None and field.null else connection.ops.adapt_json_value(value, field.encoder)
    if _is_kind(field):
        return None if value is None else kinds[value]
    target = field.target_field if field.is_relation else field
    return target.get_db_prep_save(target.to_python(value), connection)


# the numbers that keys are taken from


def last_keys(kept: Iterable[type[models.Model]]) -> dict[str, int]:
    """By model the highest key ever given out, also where its row is gone: a key never comes a second time."""
    counted = [model for model in kept if isinstance(model._meta.pk, models.AutoField)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            found = dict(cursor.fetchall())
            return {one._meta.label: found.get(one._meta.db_table, 0) for one in counted}
        return {one._meta.label: _last_of(cursor, one) for one in counted}


def _last_of(cursor: Any, model: type[models.Model]) -> int:
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{model._meta.db_table}"', model._meta.pk.column])
    cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {cursor.fetchone()[0]}")  # noqa: S608
    return int(cursor.fetchone()[0])


def go_on_from(model: type[models.Model], last: int) -> None:
    """The next key is the one behind `last`, or behind the highest there is."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COALESCE(MAX("{key}"), 0) FROM "{table}"')  # noqa: S608
        last = max(last, cursor.fetchone()[0])
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", [f'"{table}"', key, max(last, 1), last > 0]
            )
