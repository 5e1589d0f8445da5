"""Customer changes: what became of the customers one sees, newest first, by field, day and person (CUST-09)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from liuke.core import menu
from liuke.core.conditions import condition, readable
from liuke.core.display import shown
from liuke.core.doors.common import crumbs, page_title, require, screen, whole
from liuke.core.field_rights import is_hidden
from liuke.core.history import history_entry
from liuke.core.models import Event
from liuke.core.pages import Action, FilterBox
from liuke.core.register import resource

from .models import Customer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from liuke.core.pages import HistoryEntry

SIZE = 30
ADDRESS = "/customers/changes/"
FIELDS = ("owner", "name", "type", "categories", "level", "follow_status", "status", "phone", "address")
VERBS = {"delete": lazy("deleted"), "restore": lazy("restored")}


@dataclass(frozen=True)
class Line:
    """One change of one customer."""

    pk: int
    name: str
    entry: HistoryEntry


@require_safe
def changes_page(request: HttpRequest) -> HttpResponse:
    customers = resource("customers")
    require(request.user, customers, "view")
    params = {name: str(value) for name, value in request.GET.items() if value and name in PARAMETERS}
    events = list(_asked(request.user, params)[: SIZE + 1])
    told = Customer()
    lines = [Line(event.object_id, event.object_text, history_entry(told, event)) for event in events[:SIZE]]
    further = urlencode(params | {"before": events[SIZE - 1].pk}) if len(events) > SIZE else ""
    context = {
        "page_title": page_title(_("Customer changes")),
        "title": _("Customer changes"),
        "crumbs": crumbs(customers, (_("Customer changes"), ADDRESS)),
        "commands": [Action("help", _("Help"), "/help/#customers", "help-circle", access_key="h")],
        "filters": _boxes(request.user, params),
        "search": params.get("search", ""),
        "search_hint": _("Customer name"),
        "list_url": ADDRESS,
        "lines": lines,
        "next_url": f"{ADDRESS}?{further}" if further else "",
        "filtered": bool(params),
    }
    return screen(request, "customers/changes.html", context)


PARAMETERS = ("search", "kind", "actor", "at__gte", "at__lte", "before")


def _asked(user: Any, params: Mapping[str, str]) -> Any:
    """Changes of customers this person sees. What cannot be read as a filter finds nothing."""
    kind = ContentType.objects.get_for_model(Customer)
    seen = Customer.objects.visible_to(user).values("pk")
    rows = Event.objects.filter(content_type=kind, object_id__in=seen).exclude(verb__in=("create", "imported", "copy"))
    try:
        rows = rows.filter(_condition(params))
    except (ValueError, ValidationError, OverflowError):
        return rows.none()
    return rows.select_related("actor").order_by("-id")


def _condition(params: Mapping[str, str]) -> Q:
    found = Q()
    if word := params.get("search", "")[:100].strip():
        found &= Q(object_text__icontains=word) if readable(word) else Q(pk__in=[])
    if (what := params.get("kind", "")) in FIELDS and not is_hidden(Customer, what):
        found &= Q(changes__has_key=what)
    elif what in VERBS:
        found &= Q(verb=what)
    if actor := params.get("actor"):
        found &= Q(actor=whole(actor, 0))
    for name in ("at__gte", "at__lte"):
        if day := params.get(name):
            found &= condition(shown(Event, "at"), name.removeprefix("at__"), day)
    if before := params.get("before"):
        found &= Q(pk__lt=whole(before, 0))
    return found


def _boxes(user: Any, params: Mapping[str, str]) -> list[FilterBox]:
    kinds = [(name, str(shown(Customer, name).label)) for name in FIELDS if not is_hidden(Customer, name)]
    kinds += [(name, str(label)) for name, label in VERBS.items()]
    people = [(str(pk), name) for pk, name in resource("users").choices(user).values_list("pk", "name")[:300]]
    return [
        FilterBox("kind", _("What changed"), "choice", params.get("kind", ""), choices=kinds),
        FilterBox("actor", _("By"), "choice", params.get("actor", ""), choices=people),
        FilterBox("at", _("Date"), "range", params.get("at__gte", ""), params.get("at__lte", ""), date=True),
    ]


menu.declare_entry(
    "customers", 55, lazy("Customer changes"), ADDRESS, "history",
    lambda user: resource("customers").may(user, "view"),
)  # fmt: skip
