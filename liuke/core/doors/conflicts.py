"""Two people changed one record: both versions side by side, nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core import extras
from liuke.core.display import shown, value_html
from liuke.core.doors.common import commands, crumbs, page_title, record_url, screen
from liuke.core.models import Event
from liuke.core.pages import ConflictLine

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.forms import RecordForm
    from liuke.core.models import Record
    from liuke.core.resource import Resource


def conflict_page(request: HttpRequest, resource: Resource, form: RecordForm, stale: Record) -> HttpResponse:
    current = resource.model._base_manager.get(pk=stale.pk)  # the form has written its values into the one it was given
    newest = Event.of(current).first()
    more, carried = form.disputed(current)
    context = {
        "resource": resource,
        "page_title": page_title(str(current)),
        "crumbs": crumbs(resource, (str(current), record_url(resource, current))),
        "commands": commands(resource, request.user),
        "record": current,
        "who": str(newest.actor) if newest and newest.actor else _("System"),
        "at": newest.at if newest else current.updated_at,
        "lines": [*(_line(form, current, name) for name in form.fields if name not in form.frozen), *more],
        "carried": carried,
        "version": current.version,
        "post_url": f"{record_url(resource, current)}edit/",
        "cancel_url": record_url(resource, current),
        "form": form,
    }
    return screen(request, "core/conflict.html", context, 409)


def _line(form: RecordForm, current: Record, name: str) -> ConflictLine:
    bound = form[name]
    theirs = form.fields[name].prepare_value(_present(current, name))
    mine = bound.data
    differs = form.fields[name].has_changed(theirs, mine)
    return ConflictLine(
        name=name,
        label=str(bound.label),
        mine=_words(form, current, name, mine),
        theirs=str(value_html(current, name).striptags()),
        differs=differs,
        mine_value=_raw(mine),
        theirs_value=_raw(theirs),
    )


def _words(form: RecordForm, current: Record, name: str, mine: Any) -> str:
    cleaned = form.cleaned_data.get(name) if hasattr(form, "cleaned_data") else None
    known = shown(type(current), name)
    if known.kind == "reference":
        return str(cleaned or mine or "--")
    return known.text(cleaned if cleaned is not None else mine)


def _present(current: Any, name: str) -> Any:
    if extras.is_path(name):
        return extras.entered(current, extras.known(type(current), name))
    value = getattr(current, name)
    return list(value.all()) if current._meta.get_field(name).many_to_many else value


def _raw(value: Any) -> str:
    return "" if value is None else str(value)
