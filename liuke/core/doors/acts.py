"""Delete, restore and the verbs: a dialog that says what will happen, and the act itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core import toasts
from liuke.core.doors.common import commands, crumbs, find_for, go, page_title, record_url, screen
from liuke.core.hallway import act
from liuke.core.refusals import Refused
from liuke.core.resource import LINK, Verb

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.forms import VerbForm
    from liuke.core.models import Record
    from liuke.core.resource import Resource


def verb_page(request: HttpRequest, resource: Resource, pk: int, name: str) -> HttpResponse:
    verb = resource.verb(name)
    assert verb is not None  # the address exists for declared verbs only
    record = find_for(request.user, resource, pk, name)
    sent = request.POST if request.method == "POST" else None
    form = verb.form(sent, record=record, user=request.user) if verb.form else None
    if request.method != "POST":
        return verb_dialog(request, resource, record, verb, form)
    try:
        result = act(record, name, request.user, form)
    except ValidationError as wrong:
        _explain(form, wrong)
        return verb_dialog(request, resource, record, verb, form, 422)
    except Refused as refused:
        return verb_dialog(request, resource, record, verb, form, refused.status, refused)
    if verb.tells:
        return _told(request, resource, record, verb, result)
    toasts.add(request, resource.done(record, verb, result))
    return go(request, resource.after_verb(request.user, record, name))


def verb_dialog(
    request: HttpRequest,
    resource: Resource,
    record: Record,
    verb: Verb,
    form: VerbForm | None,
    status: int = 200,
    refused: Refused | None = None,
) -> HttpResponse:
    here = record_url(resource, record)
    context = frame(request, resource, record, str(verb.label)) | {
        "verb": verb,
        "text": verb.text(record) if callable(verb.text) else str(verb.text),
        "form": form,
        "fields": list(form) if form else [],
        "submit_label": str(verb.label),
        "danger": verb.style == "danger",
        "post_url": f"{here}{verb.name}/",
        "refusal": refused.message if refused else "",
        "refused": refused,
    }
    context |= form.context() if form else {}
    return screen(request, verb.template, context, status)


def _told(request: HttpRequest, resource: Resource, record: Record, verb: Verb, result: object) -> HttpResponse:
    """What a verb returns is shown once and kept nowhere: no toast that is gone before it is read."""
    context = frame(request, resource, record, str(verb.label)) | {"text": resource.done(record, verb, result)}
    told = request.build_absolute_uri(str(result)) if verb.tells == LINK else result
    return screen(request, "core/told.html", context | {"told": told})


def delete_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    record = find_for(request.user, resource, pk, "delete")
    if request.method != "POST":
        return _delete_dialog(request, resource, record)
    try:
        record.delete(by=request.user)
    except Refused as refused:
        return _delete_dialog(request, resource, record, refused)
    undo = {"link_url": f"{record_url(resource, record)}restore/", "link_label": _("Undo"), "post": True}
    toasts.add(request, _("Deleted"), **undo)
    return go(request, resource.after_delete(request.user, record))


def _delete_dialog(
    request: HttpRequest, resource: Resource, record: Record, refused: Refused | None = None
) -> HttpResponse:
    context = frame(request, resource, record, _("Delete?")) | {
        "text": _("%(kind)s “%(name)s” goes to the recycle bin and can be restored")
        % {"kind": resource.label, "name": record},
        "submit_label": _("Delete"),
        "danger": True,
        "post_url": f"{record_url(resource, record)}delete/",
        "refusal": refused.message if refused else "",
    }
    return screen(request, "core/confirm.html", context, refused.status if refused else 200)


def frame(request: HttpRequest, resource: Resource, record: Record, heading: str) -> dict[str, Any]:
    here = record_url(resource, record)
    return {
        "resource": resource,
        "record": record,
        "heading": heading,
        "page_title": page_title(heading, str(record)),
        "crumbs": crumbs(resource, (str(record), here), (heading, "")),
        "commands": commands(resource, request.user),
        "cancel_url": here,
        "once": "",
    }


def _explain(form: VerbForm | None, wrong: ValidationError) -> None:
    if form is None:
        raise wrong
    for name, errors in getattr(wrong, "error_dict", {"__all__": [wrong]}).items():
        if name not in form.errors:
            form.add_error(name if name in form.fields else None, errors)
