"""Which columns a list has for somebody, and in which order: kept for him, and named in the address when chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from liuke.core.display import shown
from liuke.core.doors.column_widths import keep_widths
from liuke.core.doors.columns import choosable, chosen, lead_of
from liuke.core.doors.common import commands, crumbs, go, page_title, require, screen
from liuke.core.models import ListSetting
from liuke.core.models.list_settings import Settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from liuke.core.resource import Resource


class Choice(NamedTuple):
    """A column in the box of settings."""

    name: str
    label: str
    on: bool
    fixed: bool  # it carries the link to the record


def names_of(params: Mapping[str, Any], kept: Settings) -> str:
    """The columns of a list: those its address names, else those the person has set."""
    return str(params.get("columns") or QueryDict(kept.columns).get("columns") or "")


def column_settings(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "view")
    if "widths" in request.POST:
        return keep_widths(request, resource)
    if request.method == "POST" and "move" not in request.POST:
        return _keep(request, resource)
    question = (request.POST or request.GET).get("question", "")[:4000]
    choices = _moved(resource, request.POST) if request.method == "POST" else _choices(request, resource, question)
    context = {
        "resource": resource,
        "heading": _("Columns"),
        "page_title": page_title(_("Columns"), resource.label_plural),
        "crumbs": crumbs(resource, (_("Columns"), "")),
        "commands": commands(resource, request.user),
        "choices": choices,
        "question": question,
        "cancel_url": _list(resource, question),
    }
    return screen(request, "core/columns.html", context)


def _choices(request: HttpRequest, resource: Resource, question: str) -> list[Choice]:
    """Those shown first, in their order, then the others."""
    names = names_of(QueryDict(question), settings_of(request.user, resource.name))
    on = [name if isinstance(name, str) else name.name for name in chosen(resource, names)]
    return _listed(resource, [*on, *(name for name in choosable(resource) if name not in on)], set(on))


def _listed(resource: Resource, names: list[str], on: set[str]) -> list[Choice]:
    known, lead = choosable(resource), lead_of(resource)
    return [
        Choice(name, _label(resource, known[name]), name in on or name == lead, name == lead)
        for name in names
        if name in known
    ]


def _label(resource: Resource, column: Any) -> str:
    return str(shown(resource.model, column).label if isinstance(column, str) else column.label)


def _moved(resource: Resource, sent: QueryDict) -> list[Choice]:
    """One step up or down, where no script moves them: `move` is "up:name" or "down:name"."""
    names = list(dict.fromkeys(sent.getlist("order")))
    way, _colon, name = sent["move"].partition(":")
    if name in names:
        place = names.index(name)
        names.insert(max(0, place + (1 if way == "down" else -1)), names.pop(place))
    return _listed(resource, names, set(sent.getlist("show")))


def _keep(request: HttpRequest, resource: Resource) -> HttpResponse:
    sent, user = request.POST, request.user.pk
    assert user  # nobody comes here who has not signed in
    mine: dict[str, Any] = {"user_id": user, "resource": resource.name, "name": ""}
    query = QueryDict(sent.get("question", "")[:4000], mutable=True)
    query.pop("columns", None)
    if "reset" in sent:
        ListSetting.objects.filter(**mine).delete()
        return go(request, _list(resource, query.urlencode()))
    choices = _listed(resource, list(dict.fromkeys(sent.getlist("order"))), set(sent.getlist("show")))
    names = ",".join(choice.name for choice in choices if choice.on) or lead_of(resource)
    ListSetting.objects.update_or_create({"query": urlencode({"columns": names})}, **mine)
    query["columns"] = names
    return go(request, _list(resource, query.urlencode(safe=",")))


def _list(resource: Resource, question: str) -> str:
    return f"/{resource.name}/?{QueryDict(question).urlencode(safe=',')}"
