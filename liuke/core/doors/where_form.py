"""The box of the advanced filter: rows of field, operator and value; applying it leads to the list's address."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.http import QueryDict
from django.utils.translation import gettext as _

from liuke.core.display import Shown, shown
from liuke.core.doors.addresses import asked
from liuke.core.doors.common import commands, crumbs, go, page_title, require, screen
from liuke.core.doors.filterbar import choices_of
from liuke.core.listing import filterable
from liuke.core.wheres import MOST, OPERATORS, ORDERED, WITHOUT_VALUE, Where, operators_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.resource import Resource

NEVER = {"id", "version", "deleted_at"}


class Line(NamedTuple):
    """A row of the box, with what its field offers."""

    where: Where
    operators: list[tuple[str, str]]
    kind: str  # "choice", "date", "number", "text", or "" where nothing is asked for
    choices: list[tuple[str, str]]


def where_page(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "view")
    query = QueryDict(request.GET.get("question", "")[:4000], mutable=True)
    lines = _sent(request.GET) if "f" in request.GET else [Where.read(line) for line in asked(query).get("where", ())]
    any_of = request.GET.get("any", query.get("any", "")) == "1"
    if "apply" in request.GET:
        return go(request, _list(resource, query, lines, any_of))
    lines = _changed(resource, lines, request.GET)
    context = {
        "resource": resource,
        "heading": _("Advanced filter"),
        "page_title": page_title(_("Advanced filter"), resource.label_plural),
        "crumbs": crumbs(resource, (_("Advanced filter"), "")),
        "commands": commands(resource, request.user),
        "lines": [_line(resource, request.user, where) for where in lines],
        "fields": fields_of(resource),
        "any_of": any_of,
        "question": query.urlencode(),
        "full": len(lines) >= MOST,
        "here": f"/{resource.name}/where/",
    }
    return screen(request, "core/where.html", context)


def fields_of(resource: Resource) -> list[tuple[str, str]]:
    """What can be filtered on, those in forms and columns first."""
    first = [*resource.field_names, *(one for one in resource.columns if isinstance(one, str)), *resource.filters]
    allowed = {name for name in filterable(resource) if name not in NEVER}
    names = [name for name in dict.fromkeys([*first, *sorted(allowed)]) if name in allowed]
    return [(name, str(shown(resource.model, name).label)) for name in names]


def _sent(sent: QueryDict) -> list[Where]:
    columns = [sent.getlist(name)[: MOST + 1] for name in "fovw"]
    return [Where(*row) for row in zip_longest(*columns, fillvalue="") if row[0]]


def _changed(resource: Resource, lines: list[Where], sent: QueryDict) -> list[Where]:
    """Without one row there is nothing to fill in; `add` and `drop` come from buttons."""
    drop = sent.get("drop", "")
    if drop.isascii() and drop.isdigit() and int(drop) < len(lines):
        lines = [line for place, line in enumerate(lines) if place != int(drop)]
    if not lines or ("add" in sent and len(lines) < MOST):
        lines = [*lines, Where(fields_of(resource)[0][0], "")]
    return lines[:MOST]


def _line(resource: Resource, user: Any, where: Where) -> Line:
    try:
        known = shown(resource.model, where.path if where.path in filterable(resource) else "")
    except FieldDoesNotExist:
        known = shown(resource.model, fields_of(resource)[0][0])
    offered = operators_of(known)
    operator = where.operator if where.operator in offered else offered[0]
    choices = choices_of(known, user) if known.kind in ("choice", "bool", "reference") else []
    values = where.value if not choices or where.value in dict(choices) else ""
    kept = Where(known.path, operator, values, where.until)
    return Line(kept, [(name, str(OPERATORS[name])) for name in offered], _kind(known, operator), choices)


def _kind(known: Shown, operator: str) -> str:
    if operator in WITHOUT_VALUE:
        return ""
    if known.kind in ("choice", "bool", "reference"):
        return "choice"
    return "date" if known.kind in ("date", "datetime") else "number" if known.kind in ORDERED else "text"


def _list(resource: Resource, query: QueryDict, lines: list[Where], any_of: bool) -> str:
    """The list with the conditions that are complete."""
    filled = [where for where in lines if where.operator in WITHOUT_VALUE or where.value]
    for name in ("where", "any", "page", "after", "view"):
        query.pop(name, None)
    query.setlist("where", [str(where) for where in filled][:MOST])
    if any_of and len(filled) > 1:
        query["any"] = "1"
    return f"/{resource.name}/?{query.urlencode(safe='~,')}"
