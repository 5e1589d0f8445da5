"""What service shows on the home page: cases that wait for this person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from liuke.core import formats
from liuke.core.register import resource
from liuke.workspace.cards import Card, Figure, Line, card

from .models import ServiceRequest
from .queues import HOMES, cases_of, queues_of

SOME = 6


@card(15, "service")
def to_serve(user: Any) -> Card | None:
    """The queues this person works in; nothing for those who have never anything there."""
    waiting = queues_of(user, "", HOMES)
    if all(queue.count == "0" for queue in waiting) and not resource("service-requests").may(user, "create"):
        return None
    busy = next((queue for queue in waiting if queue.key == "handle" and queue.count != "0"), None)
    busy = busy or next((queue for queue in waiting if queue.count != "0"), None)
    cases = cases_of(busy.key, user)[:SOME] if busy else []
    return Card(
        "service",
        _("Service to be dealt with"),
        busy.url if busy else "/service-requests/",
        figures=[Figure(str(queue.label), queue.count, queue.url, _tone(queue.count)) for queue in waiting],
        lines=[_line(case) for case in cases],
        empty=_("All requests have been dealt with"),
    )


def _tone(count: str) -> str:
    return "" if count == "0" else "amber"


def _line(case: ServiceRequest) -> Line:
    text = f"{case.summary} · {case.customer.name}"
    tone = "red" if case.escalated_at else ""
    return Line(text, f"/service-requests/{case.pk}/", formats.ago(case.created_at), tone, "headset")
