"""Questions that are worded once: Django needs longer to word a question than the database to answer it.

`build` is a function that makes a `values_list` of its arguments and of nothing else, so that equal arguments mean
the same SQL with the same values in it. A part of a question is an argument too: equal `Q`s are equal arguments.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from django.db.models import QuerySet


class Statement(NamedTuple):
    """SQL with its values, and what was selected by it."""

    sql: str
    params: tuple[Any, ...]
    selected: tuple[Any, ...]


def rows(build: Callable[..., QuerySet], *args: Hashable) -> list[tuple[Any, ...]]:
    """The rows of `build(*args)` as tuples, asked now."""
    statement = _worded(build, *args)
    if statement is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.params)
        found = cursor.fetchall()
    return _converted(found, statement.selected)


def count(build: Callable[..., QuerySet], *args: Hashable) -> int:
    """How many rows `build(*args)` has, counted now."""
    statement = _worded(build, *args)
    if statement is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({statement.sql}) counted", statement.params)  # noqa: S608
        return int(cursor.fetchone()[0])


@lru_cache(maxsize=500)
def _worded(build: Callable[..., QuerySet], *args: Hashable) -> Statement | None:
    """None: the question cannot have an answer, as in `id IN ()`."""
    compiler = build(*args).query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    selected = tuple(expression for expression, _sql, _alias in compiler.select[: compiler.col_count])
    return Statement(sql, tuple(params), selected)


def _converted(found: list[tuple[Any, ...]], selected: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Values of Python for those of the driver. What converts them belongs to this thread's connection, never kept."""
    converters = [(place, _converters(one), one) for place, one in enumerate(selected)]
    wanted = [(place, functions, one) for place, functions, one in converters if functions]
    if not wanted:
        return found
    lists = [list(row) for row in found]
    for place, functions, expression in wanted:
        for row in lists:
            for function in functions:
                row[place] = function(row[place], expression, connection)
    return [tuple(row) for row in lists]


def _converters(expression: Any) -> list[Callable[..., Any]]:
    return [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
