"""The table of a list: what is read for each row and how each cell is printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from liuke.core import extras
from liuke.core.display import Shown, badge, shown
from liuke.core.field_rights import seen_by
from liuke.core.listing import Listing, Reader, sortable
from liuke.core.pages import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.doors.addresses import Address
    from liuke.core.resource import Resource

    Columns = tuple[str | "Computed", ...]

NO_COLUMN = {"id", "version", "deleted_at", "password"}
RECUR = 1_000  # values whose print is kept
RECURRING = ("reference", "choice", "bool", "date", "percent")


@dataclass(frozen=True)
class Computed:
    """A column that is no field: what it reads from the row, and how it prints it."""

    name: str
    label: Any
    fetch: tuple[str, ...]
    html: Callable[[dict[str, Any]], Markup]


def field_paths(resource: Resource) -> list[str]:
    return [column for column in all_columns(resource) if isinstance(column, str)]


def all_columns(resource: Resource) -> tuple[str | Computed, ...]:
    """The declared columns, then those of added fields."""
    return (*resource.columns, *extras.listed(resource))


def choosable(resource: Resource) -> dict[str, str | Computed]:
    """By name: the columns of the list first, then every other field of the entity that fits into a cell."""
    declared = {column if isinstance(column, str) else column.name: column for column in all_columns(resource)}
    none = {*NO_COLUMN, *resource.guarded, *declared}
    own = (name for name in sortable(resource) if name not in none)
    more = [one.path for one in extras.of(resource) if one.kind not in ("long", "many")]
    order = {field.name: place for place, field in enumerate(resource.model._meta.concrete_fields)}
    return declared | {name: name for name in [*sorted(own, key=order.__getitem__), *more]}


def chosen(resource: Resource, names: str) -> tuple[str | Computed, ...]:
    """The columns of these names, the one with the link among them; the declared ones where none are named."""
    known = choosable(resource)
    found = [known[name] for name in dict.fromkeys(names.split(",")) if name in known]
    if not found:
        return all_columns(resource)
    lead = lead_of(resource)
    return tuple(found) if lead in found else (lead, *found)


def lead_of(resource: Resource) -> str:
    """The column that carries the link to the record; it is always there."""
    return next(column for column in resource.columns if isinstance(column, str) and _leads(resource, column))


def reader(resource: Resource, user: Any, chosen: Columns) -> tuple[Reader, dict[str, str]]:
    """What is read of each row: every column, the state, and marks for the acts allowed on it: {act: its mark}."""
    resource = seen_by(resource, user)
    names = {"id", *_state(resource), *(flag.path for flag in resource.flags)}
    for column in chosen:
        names |= {shown(resource.model, column).fetch, column} if isinstance(column, str) else set(column.fetch)
    ranges = {act: resource.offered(user, act) for act in _row_acts(resource) if resource.may(user, act)}
    acts = {act: next(f"may_{other}" for other in ranges if ranges[other] == ranges[act]) for act in ranges}
    seen = resource.range(user, "view")
    marks = {acts[act]: None if not rows or rows == seen else rows for act, rows in ranges.items()}
    return Reader(frozenset(names), tuple(marks.items())), acts


def _state(resource: Resource) -> set[str]:
    own = {field.name for field in resource.model._meta.concrete_fields}
    return {"status", "incomplete", "deleted_at"} & own


def _row_acts(resource: Resource) -> list[str]:
    return ["update", *(verb.name for verb in resource.verbs if verb.listed)]


def columns(resource: Resource, chosen: Columns) -> list[Column]:
    lead = lead_of(resource)
    return [
        _field_column(resource, column, column == lead) if isinstance(column, str) else _computed_column(column)
        for column in chosen
    ]


def headed(resource: Resource, listing: Listing, address: Address, columns: list[Column]) -> list[Column]:
    """The same with what their heads say and lead to: in which order the list stands."""
    return [_headed(resource, listing.ordering, address, column) for column in columns]


def _headed(resource: Resource, ordering: str, address: Address, column: Column) -> Column:
    path, known = column.name, column.shown
    if known is None or not (
        isinstance(known, extras.Extra) or (path in sortable(resource) and known.kind != "reference")
    ):
        return column
    current = {path: "asc", f"-{path}": "desc"}.get(ordering, "")
    turned = path if current == "desc" else f"-{path}" if current == "asc" else _first_turn(known)
    return replace(column, sort_url=address.but(ordering=turned), sort=current)


def _computed_column(column: Computed) -> Column:
    html = _computed_html(column)
    return Column(column.name, str(column.label), html, plain=html)


def _leads(resource: Resource, path: str) -> bool:
    return path == resource.model.TEXT or resource.model.TEXT not in resource.columns


def _field_column(resource: Resource, path: str, lead: bool) -> Column:
    known = shown(resource.model, path)
    plain = _value_html(known)
    return Column(
        name=path,
        label=str(known.label),
        html=_lead_html(known, resource) if lead else plain,
        align="end" if known.is_number else "start",
        lead=lead,
        badge=path == "status",
        kind=known.kind,
        text=lambda row: known.text(row[known.fetch]),
        plain=plain,
        shown=known,
    )


def _first_turn(known: Shown) -> str:
    """Names start with A, choices as the dictionary has them, amounts and days with the greatest."""
    return known.path if known.kind in ("text", "link", "choice", "reference") else f"-{known.path}"


def _value_html(known: Shown) -> Callable[[dict[str, Any]], Markup]:
    """Prints the column's values; those that recur, such as names of stages and people, once."""
    html, fetch = lru_cache(RECUR)(known.html) if known.kind in RECURRING else known.html, known.fetch
    return lambda row: html(row[fetch])


def _computed_html(column: Computed) -> Callable[[dict[str, Any]], Markup]:
    """The same for a computed column: it prints from what it fetches and nothing else."""
    html = lru_cache(RECUR)(lambda *values: column.html(dict(zip(column.fetch, values, strict=True))))
    return lambda row: html(*(row[name] for name in column.fetch))


def _lead_html(known: Shown, resource: Resource) -> Callable[[dict[str, Any]], Markup]:
    flags = [(flag.path, flag.value, badge(flag.tone, flag.label)) for flag in resource.flags]
    flags.append(("incomplete", True, badge("amber", _("Incomplete"))))

    def html(row: dict[str, Any]) -> Markup:
        link = Markup(f'<a href="{row["url"]}">{escape(known.text(row[known.fetch]))}</a>')
        return link + Markup("").join([mark for path, value, mark in flags if row.get(path) == value])

    return html
