"""The task centre: what a person has going on in the background, how far it is, and what came of it. Only one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liuke.core import clock, files, toasts
from liuke.core.display import badge
from liuke.core.doors.common import go, page_title, screen
from liuke.core.errands import BROKEN_OFF, is_lost
from liuke.core.models import Errand
from liuke.core.pages import Link

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse
    from markupsafe import Markup

LIST = "/errands/"
NEWEST = 50


@dataclass(frozen=True)
class Line:
    """One errand, ready to print."""

    errand: Errand
    badge: Markup
    days_left: int


@require_safe
def errand_list(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    rows = Errand.objects.filter(user=person).select_related("run").order_by("-id")[:NEWEST]
    lines = [_line(one) for one in rows]
    context = {
        "page_title": page_title(_("Task centre")),
        "title": _("Task centre"),
        "crumbs": [Link(_("Workbench"), "/"), Link(_("Task centre"), LIST, current=True)],
        "lines": lines,
        "running": any(line.errand.is_open for line in lines),
    }
    return screen(request, "workspace/errands.html", context)


def _line(errand: Errand) -> Line:
    if is_lost(errand):  # what looks at a page changes nothing; the nightly job writes it down
        errand.state, errand.result = Errand.State.FAILED, str(BROKEN_OFF)
    left = (errand.expires_at - clock.now()).days if errand.expires_at else 0
    return Line(errand, badge(Errand.TONES["state"][errand.state], errand.get_state_display()), max(left, 0))


@require_POST
def cancel_errand(request: HttpRequest, pk: int) -> HttpResponse:
    stopped = _own(request, pk).cancel()
    toasts.add(request, _("Cancelled") if stopped else _("It had ended already"))
    return go(request, LIST)


@require_safe
def errand_file(request: HttpRequest, pk: int) -> FileResponse:
    """Another person's file, one whose time is over and one that never was all look the same: not there."""
    errand = _own(request, pk)
    if not errand.can_be_fetched:
        raise Http404
    try:
        return files.answer(errand.file, errand.file_name)
    except FileNotFoundError:
        raise Http404 from None


def _own(request: HttpRequest, pk: int) -> Any:
    if pk >= 2**63:
        raise Http404
    return get_object_or_404(Errand, pk=pk, user=request.user)


errand_urls = [
    path("errands/", errand_list),
    path("errands/<int:pk>/cancel/", cancel_errand),
    path("errands/<int:pk>/file/", errand_file),
]
