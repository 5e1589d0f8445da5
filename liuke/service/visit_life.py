"""What the pages of customers, requests, complaints and call-backs show of call-backs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.field_rights import veiled
from liuke.core.pages import Link
from liuke.core.register import resource, sign_tab
from liuke.core.resource import Tab
from liuke.customers import timeline
from liuke.customers.models import Customer
from liuke.customers.table import table_of
from liuke.customers.timeline import Entry

from . import beside
from .models import FollowUpVisit

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from liuke.accounts.models import User

    from .models import Complaint, ServiceRequest


def visits_of(customer: Customer, user: User) -> QuerySet[FollowUpVisit]:
    """Those of this customer that the person may see."""
    if not resource("follow-up-visits").may(user, "view"):
        return FollowUpVisit.objects.none()
    return FollowUpVisit.objects.visible_to(user).filter(customer=customer)


def visits_tab(customer: Customer, user: User) -> dict[str, Any]:
    rows = visits_of(customer, user).select_related("staff").order_by("-id")
    return {"table": table_of(
        rows, ("about", "number", "due_on", "status", "staff", "channel", "satisfaction", "suggestions"),
        key="visits", title=_("Call-backs"),
        every=Link(_("All call-backs"), f"/follow-up-visits/?customer={customer.pk}"),
        empty=(_("No call-backs you may see"), _("They are made when a service or complaint is done.")),
    )}  # fmt: skip


sign_tab(Customer, Tab("visits", lazy("Call-backs"), "customers/_table.html", visits_tab, count=visits_of, order=64))


@timeline.sign("visits", "service")
def answered(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    """What it said when it was called back, or by the link."""
    rows = visits_of(customer, user).filter(status="answered", answered_at__lte=before).select_related("answered_by")
    return [
        Entry(
            one.answered_at or before, one.pk, one.answered_by.name if one.answered_by else _("Customer"),
            _("called the customer back") if one.answered_by else _("answered by the link"), "phone",
            "green" if one.is_content else "red", text=one.suggestions,
            tags=(_("Satisfaction %(mark)s") % {"mark": one.satisfaction},),
            links=((f"{one.number} {one.about}", f"/follow-up-visits/{one.pk}/"),),
        )
        for one in rows.order_by("-answered_at", "-id")[:most]
    ]  # fmt: skip


def visit_screen(visit: FollowUpVisit, user: User) -> dict[str, Any]:
    """The matter it is about and whom to call, as far as this person sees them."""
    name = "service-requests" if visit.request_id else "complaints"
    matter: Any = resource(name).find(user, visit.request_id or visit.complaint_id or 0)
    settles = resource("follow-up-visits").may(user, "record") and "record" in visit.allowed
    return {
        "matter": matter,
        "matter_url": f"/{name}/{matter.pk}/" if matter else "",
        "person": visit.contact if settles and visit.status in ("due", "sent") else None,
        "phone": veiled(user, visit.customer).phone
        if settles and not visit.contact and visit.status in ("due", "sent")
        else "",
    }


@beside.sign(9, lazy("Call-back"), "service/_visit.html")
def of_request(record: ServiceRequest, user: User) -> dict[str, Any] | None:
    """Beside an archived request: what the customer said to it."""
    return _shown(user, request=record.pk) if record.is_archived else None


def of_complaint(record: Complaint, user: User) -> dict[str, Any] | None:
    return _shown(user, complaint=record.pk) if record.is_closed else None


def _shown(user: User, **matter: int) -> dict[str, Any] | None:
    if not resource("follow-up-visits").may(user, "view"):
        return None
    found = FollowUpVisit.objects.visible_to(user).filter(**matter).first()
    return {"visit": found} if found else None
