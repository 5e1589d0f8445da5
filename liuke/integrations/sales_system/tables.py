"""What their database holds: tables and columns, for whoever writes the mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exc

if TYPE_CHECKING:
    from .source import Source

MOST = 300  # tables; their columns are told of those that fit the search


@dataclass(frozen=True)
class Found:
    name: str
    columns: list[tuple[str, str]]  # (name, type)


def tables(source: Source, word: str = "") -> list[Found]:
    """Tables and views of the database the address names, whose name contains `word`."""
    names = sorted(source.ask(lambda known: {*known.get_table_names(), *known.get_view_names()}))
    wanted = [name for name in names if word.casefold() in name.casefold()][:MOST]
    return [Found(name, _columns(source, name)) for name in wanted]


def _columns(source: Source, name: str) -> list[tuple[str, str]]:
    """Of a view that is broken there, nothing."""
    try:
        rows = source.ask(lambda known: known.get_columns(name))
    except (exc.NoSuchTableError, exc.UnreflectableTableError):
        return []
    return [(row["name"], _kind(row["type"])) for row in rows]


def _kind(kind: object) -> str:
    try:
        return str(kind).split(" COLLATE")[0][:40]
    except Exception:  # a type SQLAlchemy has no words for
        return type(kind).__name__
