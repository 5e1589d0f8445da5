"""The table of a list: what is read for each row and how each cell is printed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from liuke.core.display import Shown, badge, shown
from liuke.core.listing import Listing, Reader, sortable
from liuke.core.pages import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.doors.addresses import Address
    from liuke.core.resource import Resource


RECURRING = ("reference", "choice", "bool", "date", "percent")


@dataclass(frozen=True)
class Computed:
    """A column that is no field: what it reads from the row, and how it prints it."""

    name: str
    label: Any
    fetch: tuple[str, ...]
    html: Callable[[dict[str, Any]], Markup]


def field_paths(resource: Resource) -> list[str]:
    return [column for column in resource.columns if isinstance(column, str)]


def reader(resource: Resource, user: Any) -> tuple[Reader, dict[str, str]]:
    """What is read of each row: every column, the state, and marks for the acts allowed on it: {act: its mark}."""
    names = {"id", *_state(resource)}
    for column in resource.columns:
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


def columns(resource: Resource, listing: Listing, address: Address) -> list[Column]:
    lead = next(column for column in resource.columns if isinstance(column, str) and _leads(resource, column))
    return [
        _field_column(resource, listing, address, column, column == lead)
        if isinstance(column, str)
        else Column(column.name, str(column.label), _computed_html(column))
        for column in resource.columns
    ]


def _leads(resource: Resource, path: str) -> bool:
    return path == resource.model.TEXT or resource.model.TEXT not in resource.columns


def _field_column(resource: Resource, listing: Listing, address: Address, path: str, lead: bool) -> Column:
    known = shown(resource.model, path)
    can_sort = "__" not in path and path in sortable(resource) and known.kind != "reference"
    current = {path: "asc", f"-{path}": "desc"}.get(listing.ordering, "")
    turned = path if current == "desc" else f"-{path}" if current == "asc" else _first_turn(known)
    return Column(
        name=path,
        label=str(known.label),
        html=_lead_html(known) if lead else _value_html(known),
        align="end" if known.is_number else "start",
        sort_url=address.but(ordering=turned) if can_sort else "",
        sort=current,
        lead=lead,
        badge=path == "status",
    )


def _first_turn(known: Shown) -> str:
    """Names start with A, amounts and days with the greatest."""
    return known.path if known.kind in ("text", "choice") else f"-{known.path}"


def _value_html(known: Shown) -> Callable[[dict[str, Any]], Markup]:
    """Prints the column's values; those that recur, such as names of stages and people, once a page."""
    html, fetch = cache(known.html) if known.kind in RECURRING else known.html, known.fetch
    return lambda row: html(row[fetch])


def _computed_html(column: Computed) -> Callable[[dict[str, Any]], Markup]:
    """The same for a computed column: it prints from what it fetches and nothing else."""
    html = cache(lambda *values: column.html(dict(zip(column.fetch, values, strict=True))))
    return lambda row: html(*(row[name] for name in column.fetch))


def _lead_html(known: Shown) -> Callable[[dict[str, Any]], Markup]:
    incomplete = badge("amber", _("Incomplete"))

    def html(row: dict[str, Any]) -> Markup:
        link = f'<a href="{row["url"]}">{escape(known.text(row[known.fetch]))}</a>'
        return Markup(link + incomplete if row.get("incomplete") else link)

    return html
