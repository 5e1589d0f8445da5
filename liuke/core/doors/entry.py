"""New records and changes: the form, the one-time key, the conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core import toasts
from liuke.core.companions import companions_of
from liuke.core.doors.common import (
    commands,
    crumbs,
    find_for,
    go,
    list_url,
    once,
    once_of,
    page_title,
    record_url,
    require,
    screen,
    whole,
)
from liuke.core.doors.conflicts import conflict_page
from liuke.core.forms import RecordForm, record_form
from liuke.core.hallway import enter, revise
from liuke.core.refusals import Refused, Replayed, Stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from liuke.core.companions import Beside
    from liuke.core.models import Record
    from liuke.core.resource import Resource


def new_page(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "create")
    if request.method != "POST":
        initial = resource.initial(request.user) | {k: v for k, v in request.GET.items() if k in resource.field_names}
        form = record_form(resource, request.user, initial=initial)
        return form_page(request, resource, form, besides=companions_of(resource, request.user))
    form = record_form(resource, request.user, data=request.POST)
    besides = companions_of(resource, request.user, request.POST)
    asked = [one for one in besides if one.asked]
    try:
        record = enter(resource, request.user, form, (request.path, once_of(request), "page"), asked)
    except Replayed as replayed:
        return duplicate_page(request, resource, replayed.record)
    except Refused as refused:
        return refused_form(request, resource, form, refused, besides=besides)
    except ValidationError as wrong:
        _explain(getattr(wrong, "form", form), wrong)
        return form_page(request, resource, form, besides=besides)
    toasts.add(request, resource.saved(record))
    again = "save_and_new" in request.POST
    return go(request, f"{list_url(resource)}new/" if again else resource.after_create(request.user, record))


def edit_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    record = find_for(request.user, resource, pk, "update", ("delete",))
    if request.method != "POST":
        return form_page(request, resource, record_form(resource, request.user, record), record)
    version = request.POST.get("version", "")
    form = record_form(resource, request.user, record, data=request.POST)
    try:
        revise(resource, request.user, record, form, whole(version, 0) or None)
    except Stale as stale:
        return conflict_page(request, resource, form, stale.current)
    except Refused as refused:
        return refused_form(request, resource, form, refused, record)
    except ValidationError as wrong:
        _explain(form, wrong)
        return form_page(request, resource, form, record)
    toasts.add(request, _("Saved"))
    return go(request, resource.after_save(request.user, record))


def form_page(
    request: HttpRequest, resource: Resource, form: RecordForm, record: Record | None = None,
    besides: Sequence[Beside] = (),
) -> HttpResponse:  # fmt: skip
    here = record_url(resource, record) if record else list_url(resource)
    heading = (_("Edit %(what)s") if record else _("New %(what)s")) % {"what": resource.label.lower()}
    context = {
        "resource": resource,
        "page_title": page_title(heading),
        "heading": heading,
        "crumbs": crumbs(resource, *([(str(record), here)] if record else []), (heading, "")),
        "commands": commands(resource, request.user, record, form="form"),
        "form": form,
        "besides": besides,
        "groups": [(str(title), [form[name] for name in names]) for title, names in form.groups],
        "submit_label": _("Save"),
        "cancel_url": here,
        "save_and_new": record is None,
        "once": (once_of(request) or once()) if record is None else "",
        "version": request.POST.get("version") or (record.version if record else ""),
    }
    context |= resource.around(request.user, "form")
    wrong = form.errors or any(one.form.errors for one in besides)
    return screen(request, resource.templates.get("form", "core/form.html"), context, 422 if wrong else 200)


def refused_form(
    request: HttpRequest, resource: Resource, form: RecordForm, refused: Refused, record: Record | None = None,
    besides: Sequence[Beside] = (),
) -> HttpResponse:  # fmt: skip
    """The state changed while somebody was typing: the reason stands above the form, the text stays in it."""
    if refused.code == "forbidden":
        raise refused
    form.add_error(None, refused.message)
    page = form_page(request, resource, form, record, besides)
    page.status_code = refused.status
    return page


def duplicate_page(request: HttpRequest, resource: Resource, record: Record | None) -> HttpResponse:
    context = {
        "page_title": page_title(_("Do not submit twice")),
        "crumbs": crumbs(resource, (_("Do not submit twice"), "")),
        "commands": commands(resource, request.user),
        "record": record,
        "record_url": record_url(resource, record) if record else list_url(resource),
        "resource": resource,
    }
    return screen(request, "core/duplicate.html", context, 409)


def _explain(form: RecordForm, wrong: ValidationError) -> None:
    """What the model or the hallway refused, shown at the field where there is one."""
    if form.errors and not hasattr(wrong, "error_dict"):
        return
    for name, errors in getattr(wrong, "error_dict", {"__all__": [wrong]}).items():
        if name not in form.errors:
            form.add_error(name if name in form.fields else None, errors)
