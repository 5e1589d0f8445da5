"""What service shows on the home page: cases and complaints that wait for this person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liuke.core import clock, formats, statements
from liuke.core.doors.details import Counted
from liuke.core.listing import Question, arms_of, some_of
from liuke.core.register import resource
from liuke.workspace.cards import Card, Figure, Line, card

from .models import Complaint, FollowUpVisit, ServiceRequest
from .models.complaints import UNSETTLED
from .models.visits import TO_DO
from .queues import HOMES, MOST, cases_of, queues_of, told_count

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


def _counted(rows: Any, special: Q) -> Any:
    """The rows, with how many there are and how many are special: figures and lines of a card in one question.

    Neither is counted past MOST, so that the card costs the same however many there are.
    """
    return rows.annotate(found=_up_to(MOST + 1, rows), special=_up_to(MOST + 1, rows.filter(special)))


def _gathered(asked: Question) -> Any:
    """Rows that are somebody's in several ways, found way by way; the first of many, by their order."""
    count, pks = statements.counted(some_of, asked, MOST + 1, some=MOST + 1)
    return asked.model._base_manager.filter(pk__listed=pks) if count <= MOST else asked.rows()


def _up_to(most: int, rows: Any) -> Counted:
    return Counted(rows.order_by().values("pk")[:most])


def _line(case: ServiceRequest) -> Line:
    text = f"{case.summary} · {case.customer.name}"
    tone = "red" if case.escalated_at else ""
    return Line(text, f"/service-requests/{case.pk}/", formats.ago(case.created_at), tone, "headset")


@card(16, "complaints")
def complaints(user: Any) -> Card | None:
    """Open complaints this person has to do with, the oldest first; nothing while there is none."""
    if not resource("complaints").may(user, "view"):
        return None
    open_ones = Complaint.objects.visible_to(user).filter(status__in=UNSETTLED).select_related("customer")
    oldest = list(_counted(open_ones, Q(staff=user.pk)).order_by("complained_at", "pk")[:SOME])
    if not oldest:
        return None
    found, mine = told_count(oldest[0].found), told_count(oldest[0].special)
    return Card(
        "complaints",
        _("Complaints"),
        "/complaints/?scene=open",
        figures=[
            Figure(pgettext("complaints", "Open"), found, "/complaints/?scene=open", "amber"),
            Figure(_("With me"), mine, f"/complaints/?scene=open&staff={user.pk}", _tone(mine)),
        ],
        lines=[Line(f"{one} · {one.customer.name}", f"/complaints/{one.pk}/", formats.ago(one.complained_at),
                    icon="mood-sad") for one in oldest],
    )  # fmt: skip


@card(17, "visits")
def visits(user: Any) -> Card | None:
    """Customers to be called back, the most urgent first; nothing for those who may call none of them."""
    sheets = resource("follow-up-visits")
    if not sheets.may(user, "record"):
        return None
    asked = Question(FollowUpVisit, (sheets.where(user), Q(status__in=TO_DO)))
    due = _gathered(asked) if len(arms_of(asked)) > 1 else asked.rows()
    for_him = _up_to(1, due.filter(sheets.range(user, "record")))
    rows = _counted(due.select_related("customer"), Q(due_on__lt=clock.today())).annotate(for_him=for_him)
    first = list(rows.order_by("due_on", "pk")[:SOME])
    if not first or not first[0].for_him:
        return None
    found, late = told_count(first[0].found), told_count(first[0].special)
    return Card(
        "visits",
        _("Call-backs"),
        "/follow-up-visits/?scene=due",
        figures=[
            Figure(pgettext("call-back", "Due"), found, "/follow-up-visits/?scene=due", "amber"),
            Figure(_("Overdue"), late, "/follow-up-visits/?scene=overdue", "red" if late != "0" else ""),
        ],
        lines=[Line(f"{one} · {one.customer.name}", f"/follow-up-visits/{one.pk}/", formats.day(one.due_on),
                    "red" if one.due_on < clock.today() else "", "phone") for one in first],
    )  # fmt: skip
