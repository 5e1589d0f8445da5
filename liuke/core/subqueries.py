"""Subqueries that keep their place: left a choice, PostgreSQL joins whole tables for a few rows."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, Field, ForeignObject, Func, Lookup, Q, Subquery
from django.db.models.lookups import Exact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model


class Chosen(Subquery):
    empty_result_set_value = NotImplemented  # nothing to choose from: no answer, rather than `IN NULL`


class Among(Func):
    """`IN`, worked out once and before anything else."""

    output_field = BooleanField()
    template, arg_joiner = "%(expressions)s", " IN "

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", **context)


class InTurn(Exists):
    """`EXISTS`, asked of each row in its turn."""

    template = "(%(subquery)s) IS NOT NULL"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        sql, values = self.as_sql(compiler, connection, **context)
        return _by_index(sql, self.query), values


def _by_index(sql: str, query: Any) -> str:
    """A record with this id is looked for in an index that says all that is asked of it: SQLite prefers the table, of
    rows twenty times as wide, and takes three times as long."""
    table = query.model._meta.db_table
    found = re.search(rf'FROM "{table}"( \w+)? WHERE', sql)  # one table alone
    if not (found and _has_id(query.where)):
        return sql
    name = (found[1] or f'"{table}"').strip()
    index = narrow_index(query.model, frozenset(re.findall(rf'(?<!\w){name}\."(\w+)"', sql)))
    return sql.replace(found[0], f'{found[0][:-6]} INDEXED BY "{index}" WHERE', 1) if index else sql


def _has_id(where: Any) -> bool:
    return where.connector == Q.AND and not where.negated and any(map(_is_id, where.children))


def _is_id(condition: Any) -> bool:
    return isinstance(condition, Exact) and bool(getattr(getattr(condition.lhs, "target", None), "primary_key", False))


def narrow_index(model: type[Model], columns: frozenset[str] = frozenset()) -> str | None:
    """The index by id that holds these columns."""
    return next((name for name, held in _by_id(model) if columns <= held), None)


@cache
def _by_id(model: type[Model]) -> list[tuple[str, frozenset[str]]]:
    return list(_indexes(model))


def _indexes(model: type[Model]) -> Iterator[tuple[str, frozenset[str]]]:
    meta: Any = model._meta
    for index in meta.indexes:
        columns = [meta.get_field(name).column for name, _down in index.fields_orders]
        if len(columns) > 1 and columns[0] == meta.pk.column and not index.condition:
            yield index.name, frozenset(columns)


@ForeignObject.register_lookup
@Field.register_lookup
class Listed(Lookup):
    """`pk__listed=ids`: one of these whole numbers. Of a thousand in `IN` each would be worded for itself."""

    lookup_name = "listed"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} IN (SELECT value FROM json_each(%s))", [*values, json.dumps(list(self.rhs))]  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*values, list(self.rhs)]
