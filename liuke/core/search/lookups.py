"""How the two databases ask the index: `holds` is a plain look into a text, `finds` goes by the full-text index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, Lookup

from liuke.core.models.search_entry import SearchEntry, SearchWords

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.search.parts import Meaning

Parts = tuple[tuple["Meaning", ...], ...]


class Wanted(NamedTuple):
    """The grams of a meaning of every part, and not those of `but`."""

    parts: Parts
    but: Parts = ()


class Holds(Lookup):
    """A part of the text, letter by letter."""

    lookup_name = "holds"
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return self._call("INSTR", compiler, connection)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self._call("STRPOS", compiler, connection)

    def _call(self, function: str, compiler: Any, connection: Any) -> Any:
        left, values = self.process_lhs(compiler, connection)
        return f"{function}({left}, %s) > 0", [*values, self.rhs]


class Finds(Lookup):
    """Entries with the grams that are `Wanted`, as each database says it."""

    lookup_name = "finds"
    output_field = BooleanField()
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} MATCH %s", [*values, _said(self.rhs, _for_sqlite, (" AND ", " OR ", " NOT "))]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        left, values = self.process_lhs(compiler, connection)
        words = f"array_to_tsvector(string_to_array(btrim({left}), ' '))"  # as the index of migration 0005 has it
        return f"{words} @@ %s::tsquery", [*values, _said(self.rhs, _for_postgresql, (" & ", " | ", " & ! "))]


def _said(wanted: Wanted, word: Callable[[str], str], signs: tuple[str, str, str]) -> str:
    every, any_of, but = signs

    def meaning(one: Meaning) -> str:
        return every.join(f"({any_of.join(map(word, group))})" for group in one.groups)

    def all_of(parts: Parts) -> str:
        return every.join(f"({any_of.join(f'({meaning(one)})' for one in part)})" for part in parts)

    return f"({all_of(wanted.parts)}){but}({all_of(wanted.but)})" if wanted.but else all_of(wanted.parts)


def _for_sqlite(gram: str) -> str:
    doubled = gram.replace('"', '""')
    return f'"{doubled}"'


def _for_postgresql(gram: str) -> str:
    doubled = gram.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


for field in (SearchEntry.trace, SearchEntry.grams, SearchWords.grams):
    field.field.register_lookup(Holds)
    field.field.register_lookup(Finds)
