"""The page of the link: what is set up, whether it answers, what the mapping makes of it, and running it (INTG-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liuke.commerce.models import SalesSync
from liuke.commerce.source import is_external, last_sync
from liuke.core import toasts
from liuke.core.doors.common import go, page_title, screen
from liuke.core.errands import start
from liuke.core.models import Errand
from liuke.core.pages import Action, Link
from liuke.core.refusals import Forbidden

from . import marks, place
from .labels import words
from .mapping import SECTIONS
from .models import SourceCustomer, SyncState
from .refusing import MappingError, SalesSystemError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

HERE = "/sales-system/"
PATIENCE = 10  # seconds a person waits for an answer


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    require(request, "view")
    return _home(request)


def _home(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    context = frame(_("Sales system")) | _setup() | _state(request) | more
    return screen(request, "sales_system/home.html", context, status)


def frame(title: str, *steps: str) -> dict[str, Any]:
    crumbs = [Link(_("Sales system"), HERE), *(Link(step, "") for step in steps)]
    return {
        "page_title": page_title(title),
        "title": title,
        "crumbs": [*crumbs[:-1], Link(crumbs[-1].label, crumbs[-1].url, current=True)],
        "commands": [Action("help", _("Help"), "/help/#sales-system", "help-circle", access_key="h")],
    }


def _setup() -> dict[str, Any]:
    """Address and mapping as far as they may be shown."""
    from .address import shown

    context: dict[str, Any] = {"problems": [], "address": "", "sections": [], "mapping_file": place.mapping_file()}
    try:
        found = place.read_mapping()
        context["sections"] = [words(name) for name in SECTIONS if name in found.sections]
        if place.is_exposed(found):
            context["problems"] = [_("The mapping holds a password and others on this server may read it: change its "
                                     "rights (chmod 600), or set LIUKE_SALES_URL instead")]  # fmt: skip
        context["address"] = shown(place.url_of(found))
    except MappingError as wrong:
        context["problems"] = wrong.problems
    return context


def _state(request: HttpRequest) -> dict[str, Any]:
    state = SyncState.objects.filter(pk=1).first() or SyncState()
    waiting = SourceCustomer.objects.filter(status="waiting", orders__gt=0)
    person: Any = request.user
    open_errands = Errand.objects.filter(kind="sales-sync", state__in=Errand.OPEN, user=person)
    return {
        "external": is_external(),
        "last": last_sync(),
        "runs": SalesSync.objects.order_by("-id")[:10],
        "marks": [(words(name), marks.shown(kept)) for name, kept in state.marks.items()],
        "wrong": state.wrong,
        "failures": state.failures,
        "unknown": waiting.count(),
        "errand": open_errands.order_by("-id").first(),
        "may_run": request.user.reach("sales-system", "run") is not None,
    }


@require_POST
def test_connection(request: HttpRequest) -> HttpResponse:
    """Connect, look for every table and column of the mapping, and say what was found."""
    from .queries import Queries
    from .source import opened

    require(request, "run")
    try:
        found = place.read_mapping()
        with opened(place.url_of(found), _patient(found)) as source:
            Queries(found, source)
    except MappingError as wrong:
        return _home(request, 422, tested=False, test_problems=wrong.problems)
    except SalesSystemError as wrong:
        return _home(request, 422, tested=False, test_problems=[wrong.message])
    return _home(request, tested=True, test_problems=[])


@require_safe
def preview_page(request: HttpRequest) -> HttpResponse:
    from .preview import NUMBERS, samples
    from .queries import Queries
    from .source import opened

    require(request, "run")
    context = frame(_("Preview"), _("Preview")) | {"samples": [], "problems": [], "numbers": NUMBERS}
    try:
        found = place.read_mapping()
        with opened(place.url_of(found), _patient(found)) as source:
            context["samples"] = samples(source, Queries(found, source), found)
    except SalesSystemError as wrong:
        context["problems"] = wrong.message.split("\n")
    return screen(request, "sales_system/preview.html", context)


@require_safe
def tables_page(request: HttpRequest) -> HttpResponse:
    """Tables and columns of their database: what a mapping is written from."""
    from .mapping import Mapping
    from .source import opened
    from .tables import tables

    require(request, "run")
    word = request.GET.get("q", "").strip()[:100]
    context = frame(_("Tables and columns"), _("Tables and columns")) | {"tables": [], "problems": [], "word": word}
    try:
        with opened(_url(), Mapping({}, timeout=PATIENCE)) as source:
            context["tables"] = tables(source, word)
    except SalesSystemError as wrong:
        context["problems"] = wrong.message.split("\n")
    return screen(request, "sales_system/tables.html", context)


def _url() -> str:
    """The address alone: whoever looks at the tables has no mapping yet."""
    from .mapping import Mapping

    try:
        return place.url_of(place.read_mapping())
    except MappingError:
        return place.url_of(Mapping({}))


def _patient(found: Any) -> Any:
    from dataclasses import replace

    return replace(found, timeout=min(found.timeout, PATIENCE))


@require_POST
def run_now(request: HttpRequest) -> HttpResponse:
    """Start a reading in the background; its progress stands on this page and in the task centre."""
    require(request, "run")
    if not is_external():
        toasts.add(request, _("Choose the sales system in the settings first"), level="error")
        return go(request, HERE)
    full, accept = "full" in request.POST, "accept_gone" in request.POST
    label = _("Sales system: read everything") if full else _("Sales system: read what has changed")
    start("sales-sync", request.user, label, full=full, accept_gone=full and accept)
    toasts.add(request, _("The reading has been started"))
    return go(request, HERE)


def require(request: HttpRequest, action: str) -> None:
    """Raises Forbidden unless the person may do this with the link."""
    if request.user.reach("sales-system", action) is None:
        raise Forbidden
