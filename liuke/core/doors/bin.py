"""The recycle bin: everything a person may restore or delete for good, kind by kind (SYS-12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from liuke.core import menu, purging, statements, toasts
from liuke.core.doors.acts import frame
from liuke.core.doors.batch import BIN, BINNED, bin_acts
from liuke.core.doors.common import find_for, go, page_title, record_url, screen, whole
from liuke.core.forms import WordForm
from liuke.core.hallway import saved
from liuke.core.listing import LAST_NUMBERED_PAGE, Question
from liuke.core.models import Event
from liuke.core.pages import Action, Link
from liuke.core.refusals import Forbidden, Refused
from liuke.core.register import resources
from liuke.core.resource import marked

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.models import Record
    from liuke.core.resource import Resource

SIZE = 20
ACTS = ("restore", "purge")


@dataclass(frozen=True)
class Line:
    """A deleted record: what it is, who deleted it when, and what this person may do with it."""

    pk: int
    name: str
    url: str
    number: str
    deleted_by: str
    deleted_at: Any
    acts: list[Action]


@require_safe
def recycle_bin(request: HttpRequest) -> HttpResponse:
    kinds = kinds_of(request.user)
    if not kinds:
        raise Forbidden
    counts = _counts(request.user, kinds)
    chosen = next((one for one in kinds if one.name == request.GET.get("kind")), None)
    chosen = chosen or next((one for one in kinds if counts[one.name]), kinds[0])
    number = min(max(whole(request.GET.get("page"), 1), 1), LAST_NUMBERED_PAGE)
    lines = _lines(request.user, chosen, number)
    here = f"{BIN}?kind={chosen.name}&page="
    context = {
        "page_title": page_title(_("Recycle bin")),
        "title": _("Recycle bin"),
        "crumbs": [Link(_("Recycle bin"), BIN, current=True)],
        "commands": [Action("help", _("Help"), "/help/#recycle-bin", "help-circle", access_key="h")],
        "scenes": [
            Link(one.label_plural, f"{BIN}?kind={one.name}", one is chosen, f"{counts[one.name]:,}", one.name)
            for one in kinds
            if counts[one.name] or one is chosen
        ],
        "resource": chosen,
        "lines": lines[:SIZE],
        "previous_url": f"{here}{number - 1}" if number > 1 else "",
        "next_url": f"{here}{number + 1}" if len(lines) > SIZE else "",
        "page": number,
        "batch": bin_acts(chosen, request.user) if lines else [],
        "question": BINNED,
        "list_url": f"/{chosen.name}/",
        "listing_count": f"{counts[chosen.name]:,}",
        "pager": {"last": 1, "next_url": here if len(lines) > SIZE or number > 1 else ""},
    }
    return screen(request, "core/bin.html", context)


def kinds_of(user: Any) -> list[Resource]:
    return [one for one in resources() if one.fields and any(one.may(user, act) for act in ACTS)]


def _counts(user: Any, kinds: list[Resource]) -> dict[str, int]:
    """How many of each kind, in one question."""
    asked = tuple(Question(one.model, (one.binned(user),)) for one in kinds)
    found: dict[Any, int] = dict(statements.rows(_counted, asked))
    return {one.name: found.get(place, 0) for place, one in enumerate(kinds)}


def _counted(asked: tuple[Question, ...]) -> Any:
    first, *others = [
        one.rows()
        .order_by()
        .annotate(_kind=Value(place))
        .values("_kind")
        .annotate(_many=Count("pk"))
        .values_list("_kind", "_many")
        for place, one in enumerate(asked)
    ]
    return first.union(*others, all=True) if others else first


def _lines(user: Any, resource: Resource, page: int) -> list[Line]:
    rows = resource.model._base_manager.filter(resource.binned(user))
    acts = [act for act in ACTS if resource.may(user, act)]
    rows = marked(rows, resource.marks(user, acts)).select_related(*resource.related)
    start = (page - 1) * SIZE
    found = list(rows.order_by(F("deleted_at").desc(), "-pk")[start : start + SIZE + 1])
    who = _who_deleted(resource, found)
    seen = resource.may(user, "view")
    return [_line(resource, one, who.get(one.pk, ""), acts, seen) for one in found]


def _who_deleted(resource: Resource, records: list[Any]) -> dict[int, str]:
    kind = ContentType.objects.get_for_model(resource.model)
    events = Event.objects.filter(content_type=kind, object_id__in=[one.pk for one in records], verb="delete")
    return {event.object_id: str(event.actor or "") for event in events.select_related("actor").order_by("id")}


def _line(resource: Resource, record: Any, who: str, acts: list[str], seen: bool) -> Line:
    here = record_url(resource, record)
    buttons = [Action("restore", _("Restore"), f"{here}restore/", dialog=True),
               Action("purge", _("Delete for good"), f"{here}purge/", style="danger", dialog=True)]  # fmt: skip
    may = [one for one in buttons if one.key in acts and getattr(record, f"may_{one.key}")]
    number, shown = getattr(record, "number", ""), here if seen else ""
    return Line(record.pk, str(record), shown, number, who or _("System"), record.deleted_at, may)


# out of it, one way or the other


def _name_form(data: Any, record: Record) -> WordForm:
    """What is gone for good is gone: its number or name is typed first (ui.md §7)."""
    return WordForm(data, word=str(getattr(record, "number", "") or record))


def restore_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    record = find_for(request.user, resource, pk, "restore")
    text = _("%(kind)s “%(name)s” comes back from the recycle bin") % {"kind": resource.label, "name": record}
    context = frame(request, resource, record, _("Restore")) | {
        "text": text, "submit_label": _("Restore"), "danger": False, "post_url": request.path, "refusal": "",
    }  # fmt: skip
    if request.method != "POST":
        return screen(request, "core/confirm.html", context)
    try:
        saved(lambda: record.restore(by=request.user))
    except ValidationError as wrong:  # its name has been given to another one in the meantime
        return screen(request, "core/confirm.html", context | {"refusal": " ".join(wrong.messages)}, 422)
    toasts.add(request, _("Done"))
    return go(request, resource.after_save(request.user, record))


def purge_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    record = find_for(request.user, resource, pk, "purge")
    form = _name_form(request.POST if request.method == "POST" else None, record)
    if request.method != "POST" or not form.is_valid():
        return _purge_dialog(request, resource, record, form, 422 if request.method == "POST" else 200)
    try:
        purging.for_good(record, request.user)
    except Refused as refused:
        return _purge_dialog(request, resource, record, form, refused.status, refused.message)
    toasts.add(request, _("Deleted for good"))
    return go(request, f"{BIN}?kind={resource.name}")


def _purge_dialog(
    request: HttpRequest, resource: Resource, record: Record, form: WordForm, status: int, refusal: str = ""
) -> HttpResponse:
    text = _("%(kind)s “%(name)s” is deleted for good and cannot be brought back; the audit trail keeps that it was")
    context = frame(request, resource, record, _("Delete for good?")) | {
        "text": text % {"kind": resource.label, "name": record}, "form": form, "fields": list(form),
        "submit_label": _("Delete for good"), "danger": True, "post_url": request.path, "refusal": refusal,
    }  # fmt: skip
    return screen(request, "core/confirm.html", context, status)


def _purges(user: Any) -> bool:
    return any(one.fields and one.may(user, "purge") for one in resources())


def _restores(user: Any) -> bool:
    return any(one.fields and one.may(user, "restore") for one in resources())


# who cleans up finds it among what he administers, everybody else beside his own work
menu.declare_entry("admin", 95, lazy("Recycle bin"), BIN, "trash", _purges)
menu.declare_entry(
    "workspace", 95, lazy("Recycle bin"), BIN, "trash", lambda user: _restores(user) and not _purges(user)
)
