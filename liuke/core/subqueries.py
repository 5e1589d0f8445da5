"""Subqueries that keep their place: left a choice, PostgreSQL joins whole tables for a few rows."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import BooleanField, Exists, Field, ForeignObject, Func, Lookup, Subquery


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
