"""Silent customers on the home page (CHURN-03)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from liuke.commerce.source import standing
from liuke.core import clock, formats
from liuke.core.jobs.monitor import overview_of
from liuke.core.register import resource
from liuke.workspace.cards import Card, Figure, Line, card

from .models import OPEN, ChurnAlert

SOME = 6


@card(15, "churn")
def churn(user: Any) -> Card | None:
    """Open alerts this person may act on, or at least see; those silent the longest first."""
    alerts = resource("churn-alerts")
    acts = alerts.may(user, "postpone")
    looks_after_the_check = user.reach("jobs", "run") is not None  # and not after customers, unless he acts as well
    if not alerts.may(user, "view") or (looks_after_the_check and not acts):
        return None
    mine = ChurnAlert.objects.visible_to(user, "postpone" if acts else "view").filter(status__in=OPEN)
    found = mine.aggregate(warning=Count("pk", filter=Q(status="warning")), all=Count("pk"))
    job = overview_of("churn-check")
    return Card(
        "churn",
        _("Churn alerts"),
        "/churn-alerts/?scene=open",
        figures=[
            Figure(_("Warning"), formats.number(found["warning"]), "/churn-alerts/?scene=open&status=warning", "amber"),
            Figure(_("Loss postponed"), formats.number(found["all"] - found["warning"]),
                   "/churn-alerts/?scene=open&status=postponed"),
        ],
        lines=[_line(one) for one in mine.select_related("customer").order_by("silent_since", "pk")[:SOME]]
        if found["all"] else [],
        empty=_("No customer is silent for too long"),
        sub=_("next check %(at)s") % {"at": formats.moment(job.next_at)},
        standing=standing(),
    )  # fmt: skip


def _line(alert: ChurnAlert) -> Line:
    days = (clock.today() - alert.silent_since).days if alert.silent_since else None  # may be hidden
    note = "" if days is None else _("%(n)s months without order") % {"n": f"{days / 30.44:.1f}"}
    return Line(
        alert.customer.name, f"/churn-alerts/{alert.pk}/", note, alert.TONES["status"][alert.status], "building"
    )
