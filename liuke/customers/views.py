"""The part of a customer's page that is loaded on its own: older entries of the timeline, or some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liuke.core import clock
from liuke.core.context import is_part
from liuke.core.doors.common import crumbs, find, page_title, require, screen
from liuke.core.register import resource

from . import timeline
from .tabs import timeline_parts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def life_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Entries of one group, or those behind a cursor; opened as a page it shows the same inside of the frame."""
    customers = resource("customers")
    require(request.user, customers, "view")
    customer = find(request.user, customers, pk)
    group, system = request.GET.get("show", ""), request.GET.get("system") != "0"
    try:
        page = timeline.page_of(customer, request.user, clock.now(), group, system, request.GET.get("after", ""))
    except ValueError:
        raise Http404 from None
    parts = timeline_parts(customer, page, group, system, request.GET.get("day", ""))
    if is_part(request):
        return screen(request, "customers/_timeline.html", parts | {"record": customer})
    around = {
        "page_title": page_title(str(customer), customers.label),
        "crumbs": crumbs(customers, (str(customer), f"/customers/{pk}/"), (_("Timeline"), "")),
        "commands": [],
        "record": customer,
    }
    return screen(request, "customers/timeline.html", around | parts)
