"""One record: its name, state, figures, what can be done with it, and its tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import IntegerField, Subquery
from django.utils.translation import gettext as _

from liuke.core import extras
from liuke.core.context import is_part
from liuke.core.display import badge, shown, tones_of, value_html
from liuke.core.doors.common import commands, crumbs, find, page_title, record_url, require, screen
from liuke.core.field_rights import is_hidden, reading_out, seen_by
from liuke.core.guarded import unseen_of
from liuke.core.history import history_of
from liuke.core.pages import Action, Fact, FactGroup, Link

MANY = 99  # above this a tab says 99+

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.models import Record
    from liuke.core.resource import Resource, Tab, Verb


def detail_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    require(request.user, resource, "view")
    if "quick" in request.GET and is_part(request):
        return quick_part(request, resource, find(request.user, resource, pk, ("update", "restore")))
    record = find(request.user, resource, pk, acts_of(resource))
    return record_page(request, resource, record, request.GET.get("tab", "overview"))


def record_page(
    request: HttpRequest,
    resource: Resource,
    record: Record,
    tab: str,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A record that was found, with one of its tabs open; `more` is what a form in that tab has to say."""
    request.menu_path = resource.place(record)  # type: ignore[attr-defined]
    context = head(request.user, resource, record) | {
        "page_title": page_title(str(record), resource.label),
        "crumbs": crumbs(resource, (str(getattr(record, "number", "") or record), "")),
        "commands": commands(resource, request.user, record),
        "tabs": _tabs(resource, request.user, record, tab),
        "tab": tab,
        "groups": fact_groups(resource, record, request.user) if tab == "overview" else [],
        "history": history_of(record, unseen=unseen_of(resource, request.user, record)) if tab == "history" else [],
        "aside": [],
    }
    chosen = next((one for one in resource.tabs if one.key == tab), None)
    with reading_out(request.user):
        if chosen and chosen.is_for(resource, request.user):
            context |= {"tab_template": chosen.template} | chosen.fill(record, request.user)
        context |= resource.detail(record, request.user, tab) | (more or {})
        return screen(request, resource.templates.get("detail", "core/detail.html"), context, status)


def quick_part(request: HttpRequest, resource: Resource, record: Record) -> HttpResponse:
    """The same record beside its list: its head and facts, no acts but the way to them."""
    resource = seen_by(resource, request.user)
    may_edit = resource.fields and "update" in record.allowed and not record.refusal("update", request.user)
    context = {
        "heading": str(record),
        "badges": [badge(tone, text) for tone, text in _badges(resource, record)],
        "banner": _deleted_banner(resource, record) if record.deleted_at else None,
        "keys": _keys(resource, record),
        "groups": fact_groups(resource, record, request.user),
        "record_url": record_url(resource, record),
        "edit_url": f"{record_url(resource, record)}edit/" if may_edit else "",
    }
    return screen(request, "core/quick.html", context)


def acts_of(resource: Resource) -> tuple[str, ...]:
    """Everything a page of one record must know whether it may be done."""
    return ("update", "delete", "restore", *(verb.name for verb in resource.verbs))


def _keys(resource: Resource, record: Record) -> list[Fact]:
    return [_fact(record, path) for path in resource.keys(record) if not is_hidden(type(record), path)]


def head(user: Any, resource: Resource, record: Record) -> dict[str, Any]:
    resource = seen_by(resource, user)
    return {
        "resource": resource,
        "record": record,
        "heading": str(record),
        "badges": [badge(tone, text) for tone, text in _badges(resource, record)],
        "keys": _keys(resource, record),
        "actions": [] if record.deleted_at else actions(resource, user, record),
        "banner": _deleted_banner(resource, record) if record.deleted_at else None,
        "standing": resource.standing(),
        "previous": None,
        "next": None,
    }


def actions(resource: Resource, user: Any, record: Record) -> list[Action]:
    """The verbs this person could ever do here, greyed with the reason when not now, then edit."""
    fitting = [verb for verb in resource.verbs if verb.name in record.allowed and (not verb.when or verb.when(record))]
    found = [verb_action(resource, user, record, verb) for verb in fitting]
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
    found += [(flag.tone, str(flag.label)) for flag in resource.flags if _value(record, flag.path) == flag.value]
    return found + resource.badges(record)


def _value(record: Any, path: str) -> Any:
    for part in path.split("__"):
        record = getattr(record, part) if record is not None else None
    return record


def _deleted_banner(resource: Resource, record: Record) -> dict[str, Any]:
    restore = Action("restore", _("Restore"), f"{record_url(resource, record)}restore/", "arrow-back-up", dialog=True)
    return {"tone": "amber", "text": _("This record is in the recycle bin"), "action": restore}


def _tabs(resource: Resource, user: Any, record: Record, current: str) -> list[Link]:
    here = record_url(resource, record)
    signed: list[Tab] = [tab for tab in resource.tabs if tab.is_for(resource, user)]
    signed.sort(key=lambda one: one.order)
    keys = [("overview", _("Overview")), *((t.key, str(t.label)) for t in signed), ("history", _("Change history"))]
    urls = {key: here if key == "overview" else f"{here}?tab={key}" for key, _label in keys}
    counts = _counts(record, user, signed)
    return [Link(label, urls[key], key == current, counts.get(key, ""), key) for key, label in keys]


def _counts(record: Record, user: Any, signed: list[Tab]) -> dict[str, str]:
    """How many rows stand behind each tab that tells it, asked in one question and never past 99."""
    counted = {tab.key: tab.count(record, user) for tab in signed if tab.count}
    if not counted:
        return {}
    asked = [Counted(rows.order_by().values("pk")[: MANY + 1]) for rows in counted.values()]
    found = type(record)._base_manager.filter(pk=record.pk).values_list(*asked).get()
    return {key: f"{MANY}+" if n > MANY else str(n) for key, n in zip(counted, found, strict=True)}


class Counted(Subquery):
    """The number of rows of a question, as part of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def fact_groups(resource: Resource, record: Record, user: Any) -> list[FactGroup]:
    resource = seen_by(resource, user)
    unseen = unseen_of(resource, user, record)
    groups = [
        FactGroup(str(title), [_fact(record, name, unseen.get(name) or resource.told(record, name)) for name in names])
        for title, names in resource.fields
    ]
    if added := [_fact(record, one.path) for one in extras.of(resource)]:
        groups.append(FactGroup(_("Extended information"), added))
    system = [n for n in (record.AUTHOR, "created_at", "updated_at") if n and n not in resource.secret]
    return [*groups, FactGroup(_("System information"), [_fact(record, name) for name in system])]


def _fact(record: Record, name: str, instead: str = "") -> Fact:
    known = shown(type(record), name)
    return Fact(str(known.label), instead or value_html(record, name), wide=known.kind == "long")
