"""The five queues of service work: what waits for whom, counted in one question (ui.md, screen 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from liuke.accounts.models import User
from liuke.core import formats
from liuke.core.doors.details import Counted
from liuke.core.register import resource

from .models import ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

MOST = 1_000  # nobody counts further: what waits is begun at its head
SHOWN = 30  # cases beside the one that is open
HOMES = {act: f"/service/{act}/" for act in ("assign", "handle", "feedback")}
QUEUE_OF = {"new": "assign", "assigned": "handle", "handled": "feedback", "archived": "archive"}
STATUS_OF = {queue: status for status, queue in QUEUE_OF.items()}


@dataclass(frozen=True)
class Queue:
    """A step of the work, with how many cases wait there for this person."""

    key: str
    label: Any
    icon: str
    url: str
    count: str = ""
    current: bool = False


LABELS = {
    "create": (_("Service entry"), "plus"),
    "assign": (_("Service assignment"), "user-share"),
    "handle": (_("Service handling"), "tool"),
    "feedback": (_("Service feedback queue"), "message-2-check"),
    "archive": (_("Service archive"), "archive"),
}


def url_of(queue: str) -> str:
    if queue == "create":
        return "/service-requests/new/"
    return HOMES.get(queue) or "/service-requests/?scene=archived"


def is_shown(queue: str, user: Any) -> bool:
    """Whether this person has anything to do in the queue."""
    requests = resource("service-requests")
    if queue == "assign":
        return requests.may(user, "assign") or requests.may(user, "create")
    return requests.may(user, queue)


def named(user: Any, current: str, among: Collection[str] = LABELS) -> list[Queue]:
    """Those this person works in, from left to right; `current` is where he is."""
    shown = [key for key in LABELS if key in among and is_shown(key, user)]
    return [Queue(key, *LABELS[key], url_of(key), "", key == current) for key in shown]


def queues_of(user: Any, current: str, among: Collection[str] = LABELS) -> list[Queue]:
    """The same, counted."""
    queues = named(user, current, among)
    counted = [queue.key for queue in queues if queue.key != "create"]
    asked = [Counted(rows_of(key, user).order_by().values("pk")[: MOST + 1]) for key in counted]
    found = User.objects.filter(pk=user.pk).values_list(*asked).get() if asked else ()
    counts = dict(zip(counted, map(told_count, found), strict=True))
    return [replace(queue, count=counts.get(queue.key, "")) for queue in queues]


def told_count(n: int) -> str:
    return f"{formats.number(MOST)}+" if n > MOST else formats.number(n)


def rows_of(queue: str, user: Any) -> QuerySet[ServiceRequest]:
    """What waits there: to be assigned by him, or by others where he may only look; to be handled by himself."""
    requests = resource("service-requests")
    action = queue if queue != "archive" and requests.may(user, queue) else "view"
    rows = ServiceRequest.objects.filter(requests.where(user, action), requests.where(user), status=STATUS_OF[queue])
    return rows.order_by("id")


def cases_of(queue: str, user: Any) -> list[ServiceRequest]:
    """The first of them: called for by superiors before others, then the oldest."""
    if queue == "archive":
        return []
    rows = rows_of(queue, user).select_related("customer", "type")
    return list(rows.order_by(F("escalated_at").asc(nulls_last=True), "id")[:SHOWN])
