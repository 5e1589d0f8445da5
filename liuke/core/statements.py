"""Questions that are worded once: Django needs longer to word a question than the database to answer it.

`build` is a function that makes a queryset of its arguments and of nothing else, so that equal arguments mean the same
SQL with the same values in it. A part of a question is an argument too: equal `Q`s are equal arguments. What differs
each time, the id of a record, is worded as `HERE` and filled in when the question is asked.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models.query import ModelIterable, get_related_populators

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from django.db.models import Model, QuerySet

    Row = tuple[Any, ...]

HERE = -(2**62) - 7  # a number no table gives out


class Statement(NamedTuple):
    """SQL with its values, and what was selected by it."""

    sql: str
    params: tuple[Any, ...]
    selected: tuple[Any, ...]
    places: tuple[int, ...]  # of those whose values need converting
    maker: Maker | None  # where whole records are asked for

    def filled(self, here: int | None) -> tuple[Any, ...]:
        if here is None:
            return self.params
        return tuple(here if value == HERE else value for value in self.params)


class Maker(NamedTuple):
    """How a row becomes a record, the records it refers to, and what is noted on it."""

    model: type[Model]
    start: int
    stop: int
    names: list[str]
    related: list[Any]
    noted: dict[str, int]

    def record(self, row: Row) -> Model:
        made = self.model.from_db(connection.alias, self.names, row[self.start : self.stop])
        for one in self.related:
            one.populate(row, made)
        for name, place in self.noted.items():
            setattr(made, name, row[place])
        return made


def rows(build: Callable[..., QuerySet], *args: Hashable, here: int | None = None) -> list[Row]:
    """The rows of `build(*args)`, a `values_list`, as tuples, asked now."""
    statement = _worded(build, *args)
    return _asked(statement, here) if statement else []


def records(build: Callable[..., QuerySet], *args: Hashable, here: int | None = None) -> list[Any]:
    """The records of `build(*args)`, with what `select_related` and `annotate` say; asked now."""
    statement = _worded(build, *args)
    if statement is None or statement.maker is None:
        return []
    return [statement.maker.record(row) for row in _asked(statement, here)]


def count(build: Callable[..., QuerySet], *args: Hashable) -> int:
    """How many rows `build(*args)` has, counted now."""
    statement = _worded(build, *args)
    if statement is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({statement.sql}) counted", statement.params)  # noqa: S608
        return int(cursor.fetchone()[0])


def guessed(build: Callable[..., QuerySet], *args: Hashable) -> int:
    """How many rows the planner of PostgreSQL takes `build(*args)` for."""
    statement = _worded(build, *args)
    if statement is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.params)
        [[plan]] = cursor.fetchall()
        return int((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]["Plan Rows"])


def counted(build: Callable[..., QuerySet], *args: Hashable, some: int) -> tuple[int, list[int]]:
    """How many rows `build(*args)`, a `values_list` of ids, has, and those of up to `some`, found in one walk."""
    statement = _worded(build, *args)
    if statement is None:
        return 0, []
    walk = f"WITH found (pk) AS MATERIALIZED ({statement.sql})"
    with connection.cursor() as cursor:
        cursor.execute(f"{walk} SELECT (SELECT COUNT(*) FROM found), pk FROM found LIMIT {some:d}", statement.params)  # noqa: S608
        found = cursor.fetchall()
    return (found[0][0] if found else 0), [pk for _count, pk in found]


def summed(rows: QuerySet, most: int) -> tuple[int, list[Any]]:
    """How many rows a `values_list` has, counted to `most` and one more, and what each column of the first `most` comes
    to: one walk tells both. It is worded anew each time."""
    names = rows.query.values_select
    try:
        sql, params = rows[: most + 1].query.sql_with_params()
    except EmptyResultSet:
        return 0, [0] * len(names)
    walk = f"WITH found ({', '.join(names)}) AS MATERIALIZED ({sql})"
    sums = ", ".join(f"COALESCE(SUM({one}), 0) - COALESCE({_behind(one, most)}, 0)" for one in names)
    with connection.cursor() as cursor:
        cursor.execute(f"{walk} SELECT COUNT(*), {sums} FROM found", params)  # noqa: S608
        count, *found = cursor.fetchone()
    return count, found


def _behind(name: str, most: int) -> str:
    return f"(SELECT {name} FROM found LIMIT 1 OFFSET {most:d})"  # noqa: S608  a name of ours


def _asked(statement: Statement, here: int | None) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.filled(here))
        return _converted(cursor.fetchall(), statement.selected, statement.places)


@lru_cache(maxsize=1000)
def _worded(build: Callable[..., QuerySet], *args: Hashable) -> Statement | None:
    """None: the question cannot have an answer, as in `id IN ()`."""
    asked = build(*args)
    compiler = asked.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    selected = tuple(expression for expression, _sql, _alias in compiler.select[: compiler.col_count])
    own = connections[DEFAULT_DB_ALIAS]
    places = tuple(place for place, expression in enumerate(selected) if _converters(expression, own))
    whole = compiler.klass_info and issubclass(asked._iterable_class, ModelIterable)
    return Statement(sql, tuple(params), selected, places, _maker(compiler) if whole else None)


def _maker(compiler: Any) -> Maker:
    """As Django itself makes records of rows (`ModelIterable`)."""
    info, select = compiler.klass_info, compiler.select
    start, stop = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [field[0].target.attname for field in select[start:stop]]
    related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]  # the stubs are of 6.1
    return Maker(info["model"], start, stop, names, related, compiler.annotation_col_map or {})


def _converted(found: list[Row], selected: tuple[Any, ...], places: tuple[int, ...]) -> list[Row]:
    """Values of Python for those of the driver."""
    if not places or not found:
        return found
    own = connections[DEFAULT_DB_ALIAS]
    lists = [list(row) for row in found]
    for place in places:
        expression = selected[place]
        for function in _converters(expression, own):
            for row in lists:
                row[place] = function(row[place], expression, own)
    return [tuple(row) for row in lists]


def _converters(expression: Any, own: Any) -> list[Callable[..., Any]]:
    return [*own.ops.get_db_converters(expression), *expression.get_db_converters(own)]
