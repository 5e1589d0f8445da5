"""One record: its name, state, figures, what can be done with it, and its tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core.display import badge, shown, tones_of, value_html
from liuke.core.doors.common import commands, crumbs, find, page_title, record_url, require, screen
from liuke.core.history import history_of
from liuke.core.pages import Action, Fact, FactGroup, Link

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.models import Record
    from liuke.core.resource import Resource, Tab, Verb


def detail_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    require(request.user, resource, "view")
    acts = ("update", "delete", "restore", *(verb.name for verb in resource.verbs))
    record = find(request.user, resource, pk, acts)
    tab = request.GET.get("tab", "overview")
    context = head(request.user, resource, record) | {
        "page_title": page_title(str(record), resource.label),
        "crumbs": crumbs(resource, (str(getattr(record, "number", "") or record), "")),
        "commands": commands(resource, request.user, record),
        "tabs": _tabs(resource, request.user, record, tab),
        "tab": tab,
        "groups": fact_groups(resource, record) if tab == "overview" else [],
        "history": history_of(record) if tab == "history" else [],
        "aside": [],
    }
    chosen = next((one for one in resource.tabs if one.key == tab), None)
    if chosen and resource.may(request.user, chosen.action):
        context |= {"tab_template": chosen.template} | chosen.fill(record, request.user)
    context |= resource.detail(record, request.user, tab)
    return screen(request, resource.templates.get("detail", "core/detail.html"), context)


def head(user: Any, resource: Resource, record: Record) -> dict[str, Any]:
    return {
        "resource": resource,
        "record": record,
        "heading": str(record),
        "badges": [badge(tone, text) for tone, text in _badges(resource, record)],
        "keys": [_fact(record, path) for path in resource.keys(record)],
        "actions": [] if record.deleted_at else actions(resource, user, record),
        "banner": _deleted_banner(resource, record) if record.deleted_at else None,
        "previous": None,
        "next": None,
    }


def actions(resource: Resource, user: Any, record: Record) -> list[Action]:
    """The verbs this person could ever do here, greyed with the reason when not now, then edit."""
    found = [verb_action(resource, user, record, verb) for verb in resource.verbs if verb.name in record.allowed]
    if resource.may(user, "update") and resource.fields:
        refused = record.refusal("update", user)
        reason = refused.message if refused else "" if "update" in record.allowed else _("No permission")
        url = f"{record_url(resource, record)}edit/"
        found.append(Action("edit", _("Edit"), url, "pencil", reason=reason, access_key="e"))
    # one primary button a page: the first that can be pressed
    found.sort(key=lambda action: (bool(action.reason), action.style != "primary"))
    return found


def verb_action(resource: Resource, user: Any, record: Record, verb: Verb) -> Action:
    refused = record.refusal(verb.name, user)
    return Action(
        verb.name,
        str(verb.label),
        f"{record_url(resource, record)}{verb.name}/",
        verb.icon,
        "" if refused else verb.style,
        dialog=True,
        reason=refused.message if refused else "",
    )


def _badges(resource: Resource, record: Record) -> list[tuple[str, str]]:
    found = []
    if status := getattr(record, "status", None):
        field: Any = type(record)._meta.get_field("status")  # type: ignore[misc]
        found.append((tones_of(field).get(status, "grey"), record.get_status_display()))
    if getattr(record, "incomplete", False):
        found.append(("amber", _("Incomplete")))
    return found + resource.badges(record)


def _deleted_banner(resource: Resource, record: Record) -> dict[str, Any]:
    restore = Action("restore", _("Restore"), f"{record_url(resource, record)}restore/", "arrow-back-up", dialog=True)
    return {"tone": "amber", "text": _("This record is in the recycle bin"), "action": restore}


def _tabs(resource: Resource, user: Any, record: Record, current: str) -> list[Link]:
    here = record_url(resource, record)
    signed: list[Tab] = [tab for tab in resource.tabs if resource.may(user, tab.action)]
    keys = [("overview", _("Overview")), *((t.key, str(t.label)) for t in signed), ("history", _("Change history"))]
    urls = {key: here if key == "overview" else f"{here}?tab={key}" for key, _label in keys}
    return [Link(label, urls[key], key == current, key=key) for key, label in keys]


def fact_groups(resource: Resource, record: Record) -> list[FactGroup]:
    groups = [FactGroup(str(title), [_fact(record, name) for name in names]) for title, names in resource.fields]
    system = [name for name in (record.AUTHOR, "created_at", "updated_at") if name]
    return [*groups, FactGroup(_("System information"), [_fact(record, name) for name in system])]


def _fact(record: Record, name: str) -> Fact:
    known = shown(type(record), name)
    return Fact(str(known.label), value_html(record, name), wide=known.kind == "long")
