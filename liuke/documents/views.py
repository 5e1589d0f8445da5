"""Pages of a record's files: add, fetch, remove, put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuke.core import files, toasts
from liuke.core.doors.common import commands, crumbs, find, go, once_of, page_title, record_url, screen
from liuke.core.doors.details import acts_of, record_page
from liuke.core.refusals import Refused, Replayed

from .register import TAB
from .shelf import Shelf
from .uploads import received, weigh

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse

    from liuke.core.resource import Resource

    from .uploads import Scales


@csrf_exempt  # checked below: to look for the token is to read the body, and the scales must stand before it then
@require_POST
def upload(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    shelf = Shelf.find(request.user, resource, pk)
    shelf.must_allow()
    return _add(request, shelf, weigh(request))


@csrf_protect
def _add(request: HttpRequest, shelf: Shelf, scales: Scales) -> HttpResponse:
    try:
        kept = shelf.add(received(request, scales), (request.path, once_of(request), "page"))
    except Replayed:
        toasts.add(request, _("Do not submit twice"))
    except ValidationError as wrong:
        return _again(request, shelf, 422, wrong.messages)
    except Refused as refused:
        return _again(request, shelf, refused.status, [refused.message])
    else:
        text = ngettext("%(num)s file attached", "%(num)s files attached", len(kept)) % {"num": len(kept)}
        toasts.add(request, text)
    return go(request, _tab_url(shelf))


def _again(request: HttpRequest, shelf: Shelf, status: int, errors: list[str]) -> HttpResponse:
    """The record's page as it was, with what is wrong."""
    record = find(request.user, shelf.resource, shelf.record.pk, acts_of(shelf.resource))
    return record_page(request, shelf.resource, record, TAB, {"upload_errors": errors}, status)


@require_safe
def download(request: HttpRequest, resource: Resource, pk: int, file: int) -> FileResponse:
    kept = Shelf.find(request.user, resource, pk).file(file)
    try:
        return files.answer(kept.path, kept.name)
    except FileNotFoundError:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, resource: Resource, pk: int, file: int) -> HttpResponse:
    shelf = Shelf.find(request.user, resource, pk)
    kept = shelf.file(file)
    shelf.must_allow(kept)
    text = _("The attachment “%(name)s” is removed from “%(record)s” and can be put back with Undo")
    if request.method != "POST":
        return _dialog(request, shelf, _("Delete?"), text % {"name": kept.name, "record": shelf.record}, danger=True)
    shelf.remove(kept)
    undo = {"link_url": request.path.replace("/delete/", "/restore/"), "link_label": _("Undo"), "post": True}
    toasts.add(request, _("Deleted"), **undo)
    return go(request, _tab_url(shelf))


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, resource: Resource, pk: int, file: int) -> HttpResponse:
    shelf = Shelf.find(request.user, resource, pk)
    kept = shelf.file(file, deleted=True)
    shelf.must_allow(kept)
    if request.method != "POST":
        text = _("The attachment “%(name)s” comes back") % {"name": kept.name}
        return _dialog(request, shelf, _("Restore"), text, danger=False)
    shelf.restore(kept)
    toasts.add(request, _("Done"))
    return go(request, _tab_url(shelf))


def _dialog(request: HttpRequest, shelf: Shelf, heading: str, text: str, danger: bool) -> HttpResponse:
    here = record_url(shelf.resource, shelf.record)
    context: dict[str, Any] = {
        "heading": heading,
        "page_title": page_title(heading, str(shelf.record)),
        "crumbs": crumbs(shelf.resource, (str(shelf.record), here), (heading, "")),
        "commands": commands(shelf.resource, request.user),
        "cancel_url": _tab_url(shelf),
        "text": text,
        "submit_label": _("Delete") if danger else _("Restore"),
        "danger": danger,
        "post_url": request.path,
        "refusal": "",
    }
    return screen(request, "core/confirm.html", context)


def _tab_url(shelf: Shelf) -> str:
    return f"{record_url(shelf.resource, shelf.record)}?tab={TAB}"
