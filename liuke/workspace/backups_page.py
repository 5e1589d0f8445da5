"""Backups of the house: made, fetched, brought back; and a house cleared of business data (SYS-04).

What replaces or empties the house is asked back with a typed word, and refused on a page that others have overtaken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuke.core import clock, toasts
from liuke.core.backups import clearing, folder, restoring
from liuke.core.backups.told import tell
from liuke.core.doors.common import go, page_title, screen
from liuke.core.forms import WordForm
from liuke.core.jobs import enqueue
from liuke.core.jobs.store import is_open
from liuke.core.pages import Action, Link
from liuke.core.refusals import Forbidden

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

HERE = "/backups/"
REASONS = {
    "liuke": lazy("By hand"), "daily": lazy("By night"), "before-restore": lazy("Before a restore"),
    "before-clear": lazy("Before clearing"),
}  # fmt: skip


@require_safe
def backups_page(request: HttpRequest) -> HttpResponse:
    _require(request, "view")
    may = {act: request.user.reach("backups", act) is not None for act in ("create", "fetch", "restore", "clear")}
    context = {
        "page_title": page_title(_("Backups")),
        "title": _("Backups"),
        "crumbs": [Link(_("Backups"), HERE, current=True)],
        "commands": [Action("help", _("Help"), "/help/#backups", "help-circle", access_key="h")],
        "backups": [(one, str(REASONS[one.reason])) for one in folder.all_kept()],
        "place": folder.place(),
        "may": may,
        "waiting": any(map(is_open, ("backup", restoring.RESTORE, clearing.CLEAR))),
    }
    return screen(request, "workspace/backups.html", context)


@require_POST
def make_backup(request: HttpRequest) -> HttpResponse:
    _require(request, "create")
    _ask(request, "backup")
    return go(request, HERE)


@require_safe
def fetch_backup(request: HttpRequest, name: str) -> HttpResponseBase:
    _require(request, "fetch")
    kept = folder.find(name)
    tell("fetched_backup", kept.name, request.user)
    response = FileResponse(kept.open("rb"), as_attachment=True, filename=kept.name, content_type="application/zip")
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def restore_page(request: HttpRequest, name: str) -> HttpResponse:
    _require(request, "restore")
    text = _("Everything is replaced by what this backup holds, and everybody has to sign in again. A backup of what "
             "is there now is made first.")  # fmt: skip
    kept = folder.find(name)
    words = {"heading": _("Restore %(file)s?") % {"file": kept.name}, "text": text,
             "submit_label": pgettext("backup", "Restore")}  # fmt: skip
    return _asked_back(
        request, WordForm(request.POST or None, word=_("bring back")), words, restoring.RESTORE, file=name, asked=_now()
    )


@require_http_methods(["GET", "HEAD", "POST"])
def clear_page(request: HttpRequest) -> HttpResponse:
    _require(request, "clear")
    text = _("All customers, opportunities, orders, service requests and whatever hangs on them go. People, roles, "
             "dictionary and settings stay. A backup is made first.")  # fmt: skip
    words = {"heading": _("Clear all business data?"), "text": text, "submit_label": _("Clear")}
    return _asked_back(
        request, WordForm(request.POST or None, word=_("clear all")), words, clearing.CLEAR, asked=_now()
    )


def _asked_back(request: HttpRequest, form: WordForm, words: dict[str, str], job: str, **payload: Any) -> HttpResponse:
    newest = next((one.name for one in folder.all_kept()), "")
    overtaken = request.method == "POST" and request.POST.get("newest", "") != newest
    if request.method == "POST" and form.is_valid() and not overtaken:
        _ask(request, job, **payload)
        return go(request, HERE)
    refusal = (
        _("Others have made or restored backups in the meantime. Look again before you go on") if overtaken else ""
    )
    context = words | {
        "page_title": page_title(words["heading"]), "form": form, "fields": list(form), "danger": True,
        "post_url": request.path, "refusal": refusal, "cancel_url": HERE, "carried": [("newest", newest)],
        "crumbs": [Link(_("Backups"), HERE), Link(words["submit_label"], request.path, current=True)],
    }  # fmt: skip
    status = 409 if overtaken else 422 if request.method == "POST" else 200
    return screen(request, "core/confirm.html", context, status)


def _now() -> str:
    return clock.now().isoformat()


def _ask(request: HttpRequest, job: str, **payload: Any) -> None:
    """Put the work into the queue, once."""
    if is_open(job):
        toasts.add(request, _("A run of this job is waiting already"))
    else:
        enqueue(job, by=request.user.pk, **payload)
        toasts.add(request, _("The job has been started"))


def _require(request: HttpRequest, action: str) -> None:
    if request.user.reach("backups", action) is None:
        raise Forbidden


backup_urls = [
    path("backups/", backups_page),
    path("backups/make/", make_backup),
    path("backups/clear/", clear_page),
    path("backups/<str:name>/", fetch_backup),
    path("backups/<str:name>/restore/", restore_page),
]
