"""New rows straight into a table: Django takes five times as long over the wording of a thousand rows."""

from __future__ import annotations

from functools import lru_cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.db.models import Model

AT_ONCE = 1000
AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


def pour(rows: Sequence[Model]) -> None:
    """Insert new rows of one model; they know their ids afterwards."""
    model = type(rows[0])
    for row, pk in zip(rows, fresh_ids(model, len(rows)), strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    insert(model, fields, stored(fields, rows))


def repour(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write these fields of rows that are there, a statement for each that is prepared once: Django’s `bulk_update`
    asks a CASE for every cell, which takes ten times as long."""
    if not rows:
        return
    meta: Any = type(rows[0])._meta
    quote, fields = connection.ops.quote_name, [meta.get_field(name) for name in names]
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(meta.db_table), quote(meta.pk.column)
    values = [[*row, one.pk] for row, one in zip(stored(fields, rows), rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {columns} WHERE {key} = %s", values)  # noqa: S608  names of ours


def stored(fields: Sequence[Any], rows: Sequence[Model]) -> Iterator[list[Any]]:
    """The values as the database takes them; most need no asking how."""
    get, turned = attrgetter(*(field.attname for field in fields)), _turned(fields)
    derived = [field for field in fields if _is_worked_out(field)]
    for row in rows:
        for field in derived:
            field.pre_save(row, True)
        values = list(get(row))
        for place, store in turned:
            if values[place] is not None:
                values[place] = store(values[place])
        yield values


def _turned(fields: Sequence[Any]) -> list[tuple[int, Callable[[Any], Any]]]:
    """The places of values that the database takes otherwise than Python has them, and what turns them."""
    return [(place, _storing(field)) for place, field in enumerate(fields) if not isinstance(field, AS_IT_IS)]


def _storing(field: Any) -> Callable[[Any], Any]:
    """Rows of a batch share their moments, mostly: to turn one costs as much as all else that is done for a row."""
    store = partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
    return lru_cache(maxsize=1000)(store) if isinstance(field, models.DateField) else store


def _is_worked_out(field: Any) -> bool:
    """Whether saving gives it its value."""
    if isinstance(field, models.DateField):  # of times too
        return field.auto_now or field.auto_now_add
    return type(field).pre_save not in (models.Field.pre_save, models.ForeignKey.pre_save)


def fresh_ids(model: type[Model], count: int) -> Sequence[int]:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # who writes is alone
            cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
            last = int(cursor.fetchone()[0])
            return range(last + 1, last + count + 1)
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def pour_new(rows: Sequence[Model]) -> None:
    """Insert those rows of one model that no unique rule says are there already; none knows its id afterwards."""
    if rows:
        model = type(rows[0])
        fields = [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
        _insert_new(model, fields, list(stored(fields, rows)))


def insert_new(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The same, of the values of these fields."""
    fields = [model._meta.get_field(name) for name in names]
    turned, made = _turned(fields), [list(row) for row in rows]
    for row in made:
        for place, store in turned:
            if row[place] is not None:
                row[place] = store(row[place])
    _insert_new(model, fields, made)


def _insert_new(model: type[Model], fields: Sequence[Any], rows: Sequence[list[Any]]) -> None:
    quote, types = connection.ops.quote_name, [field.db_type(connection) for field in fields]
    table, columns = quote(model._meta.db_table), ", ".join(quote(field.column) for field in fields)
    for start in range(0, len(rows), AT_ONCE):
        asked, values = listed(types, rows[start : start + AT_ONCE])
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({columns}) {asked} ON CONFLICT DO NOTHING", values)


def listed(types: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """Rows as part of a statement, and its values. PostgreSQL gets a list for each column: it would word thousands of
    values one by one, which takes longer than to write them."""
    if connection.vendor == "postgresql":
        marks = ", ".join(f"%s::{kind.partition('(')[0]}[]" for kind in types)  # a length here would cut, not refuse
        return f"SELECT * FROM unnest({marks})", [list(column) for column in zip(*rows, strict=True)]  # noqa: S608
    mark = f"({', '.join(['%s'] * len(types))})"
    return f"VALUES {', '.join([mark] * len(rows))}", [value for row in rows for value in row]


def insert(model: type[Model], fields: Sequence[Any], rows: Iterator[list[Any]]) -> None:
    quote = connection.ops.quote_name
    made = list(rows)  # now: while it copies, the server answers no question a row may ask
    table, columns = quote(model._meta.db_table), ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", made)  # noqa: S608  names of ours
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in made:
                copy.write_row(row)
