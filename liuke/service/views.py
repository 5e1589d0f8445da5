"""The queues as pages, and the event report of a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from liuke.core.doors.common import commands, find, page_title, require, screen
from liuke.core.doors.details import acts_of, record_page
from liuke.core.forms import record_form
from liuke.core.history import history_entry
from liuke.core.models import Event
from liuke.core.pages import Link
from liuke.core.refusals import Forbidden
from liuke.core.register import resource

from .goods import looked_for
from .models import ServiceRequest
from .queues import LABELS, cases_of, is_shown, queues_of, url_of
from .similar import article_of, hints

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST = 500  # events of a report


@require_safe
def queue_page(request: HttpRequest, queue: str) -> HttpResponse:
    """The first case of a queue, open at its step; or a word that all is done."""
    if not is_shown(queue, request.user):
        raise Forbidden
    requests = resource("service-requests")
    if cases := cases_of(queue, request.user):
        record = find(request.user, requests, cases[0].pk, acts_of(requests))
        return record_page(request, requests, record, "overview")
    label = str(LABELS[queue][0])
    context = {
        "page_title": page_title(label),
        "crumbs": [Link(pgettext("menu", "Service"), url_of(queue)), Link(label, "", current=True)],
        "commands": commands(requests, request.user),
        "queues": queues_of(request.user, queue),
        "queue": queue,
        "title": label,
    }
    return screen(request, "service/empty.html", context)


@require_safe
def queues_part(request: HttpRequest) -> HttpResponse:
    """The queues with their counts, for the list they stand above."""
    return screen(request, "service/_queues.html", {"queues": queues_of(request.user, "archive")})


@require_safe
def goods_part(request: HttpRequest) -> HttpResponse:
    """Products like what was typed, for the box beside a case (SVC-10)."""
    require(request.user, resource("products"), "view")
    asked = request.GET.get("search", "").replace("\x00", "")
    found = {"products": looked_for(asked, request.user), "none_found": _("No product found") if asked else ""}
    return screen(request, "service/_products.html", found)


@require_POST
def similar_part(request: HttpRequest) -> HttpResponse:
    """What is like the request being typed. Sent, not asked for: a text is no address, and stays out of logs."""
    typed = [request.POST.get(name, "").replace("\x00", "") for name in ("summary", "request")]
    found: dict[str, Any] = hints(request.user, "\n".join(typed))
    return screen(request, "service/_similar.html", found | {"typed": True})


@require_safe
def similar_beside(request: HttpRequest, pk: int) -> HttpResponse:
    """What is like a case, and the article made of it."""
    requests = resource("service-requests")
    require(request.user, requests, "view")
    record = find(request.user, requests, pk)
    found: dict[str, Any] = hints(request.user, f"{record.summary}\n{record.request}", but=record.pk)
    own = article_of(record, request.user)
    return screen(request, "service/_similar.html", found | {"own": own, "none_found": _("Nothing like it so far")})


@require_POST
def article_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of an article says that somebody has opened it."""
    articles = resource("knowledge-articles")
    require(request.user, articles, "view")
    find(request.user, articles, pk).read(request.user)
    return HttpResponse(status=204)


@require_safe
def caller_part(request: HttpRequest) -> HttpResponse:
    """For the customer just chosen in the form of a new request: its contacts, its requests, what it was promised."""
    requests = resource("service-requests")
    require(request.user, requests, "create")
    chosen = {name: request.GET.get(name, "") for name in ("customer", "contact", "matter")}
    form = record_form(requests, request.user, initial=chosen)
    return screen(request, "service/_caller.html", {"form": form, "swapped": True})


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened in one matter, on paper: its requests and their events, oldest first (SVC-07)."""
    requests = resource("service-requests")
    require(request.user, requests, "view")
    record = find(request.user, requests, pk)
    family = ServiceRequest.objects.visible_to(request.user).filter(record.family())
    related = ("customer", "type", "creator", "assigned_to", "contact")
    matter = {one.pk: one for one in family.select_related(*related).order_by("id")} or {record.pk: record}
    title = _("Service event report")
    context = {
        "page_title": page_title(str(record), title), "title": title, "record": record,
        "requests": list(matter.values()), "entries": _entries(matter), "back_url": f"/service-requests/{pk}/",
    }  # fmt: skip
    return screen(request, "service/report.html", context)


def _entries(matter: dict[int, ServiceRequest]) -> list[tuple[ServiceRequest, Any]]:
    kind = ContentType.objects.get_for_model(ServiceRequest)
    events = Event.objects.filter(content_type=kind, object_id__in=list(matter)).select_related("actor")
    return [(matter[one.object_id], history_entry(matter[one.object_id], one)) for one in events.order_by("id")[:MOST]]
