"""Rows of another entity on a customer's page: the newest of them as a table, and the list that has them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField
from markupsafe import Markup

from liuke.core import formats
from liuke.core.display import record_url, shown, value_html
from liuke.core.pages import Link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet

NEWEST = 50


@dataclass(frozen=True)
class Cell:
    label: str
    html: Markup
    css: str = ""


@dataclass(frozen=True)
class Table:
    """`more` leads to the list of all where some are left out; `add` to the form of a further one."""

    key: str
    title: str
    heads: list[Cell]
    lines: list[tuple[Link, list[Cell]]]
    add: Link | None
    more: Link | None
    empty: tuple[str, str]


def table_of(
    rows: QuerySet[Any], columns: tuple[str, ...], *, key: str, title: str, add: Link | None = None,
    every: Link, empty: tuple[str, str],
) -> Table:  # fmt: skip
    """The first column names the record and leads to it; a record may name itself by several, joined by `|`."""
    found = list(rows[: NEWEST + 1])
    names, *others = columns
    lead, *_rest = names.split("|")
    model = rows.model
    heads = [Cell(str(shown(model, path).label), Markup(), _css(model, path)) for path in (lead, *others)]
    lines = [(Link(_name(one, names), record_url(one)), list(_cells(one, others))) for one in found[:NEWEST]]
    return Table(key, title, heads, lines, add, every if len(found) > NEWEST else None, empty)


def _name(record: Model, names: str) -> str:
    return next((str(value) for name in names.split("|") if (value := getattr(record, name))), formats.NOTHING)


def _cells(record: Model, paths: Iterable[str]) -> Iterable[Cell]:
    for path in paths:
        known = shown(type(record), path)
        is_moment = isinstance(known.field, DateTimeField)
        html = Markup.escape(formats.day(getattr(record, path))) if is_moment else value_html(record, path)
        yield Cell(str(known.label), html, _css(type(record), path))


def _css(model: type[Model], path: str) -> str:
    known = shown(model, path)
    if known.kind == "choice" and getattr(model, "TONES", {}).get(path):
        return "badge"
    return "num" if known.is_number else ""
