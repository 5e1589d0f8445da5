"""What a customer's page, its timeline and its risk know of its complaints, as far as the reader may see them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from liuke.core import formats
from liuke.core.pages import Link
from liuke.core.register import resource, sign_tab
from liuke.core.resource import Tab, marked
from liuke.customers import dossier, timeline
from liuke.customers.models import Customer
from liuke.customers.table import table_of
from liuke.customers.timeline import Entry
from liuke.retention.signals import signal

from . import beside
from .models import Complaint
from .models.complaints import UNSETTLED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from liuke.accounts.models import User

    from .models import ServiceRequest

FIRST, FURTHER = 10, 5  # points of churn risk for an open complaint, and for each one more


def complaints_of(customer: Customer, user: User) -> QuerySet[Complaint]:
    """Those of this customer that the person may see: the one place every part of the page asks."""
    if not resource("complaints").may(user, "view"):
        return Complaint.objects.none()
    return Complaint.objects.visible_to(user).filter(customer=customer)


def complaints_tab(customer: Customer, user: User) -> dict[str, Any]:
    rows = complaints_of(customer, user).select_related("category", "staff").order_by("-complained_at", "-id")
    may_add = resource("complaints").may(user, "create") and not customer.deleted_at
    return {"table": table_of(
        rows, ("content", "number", "category", "complained_at", "staff", "status", "result"),
        key="complaints", title=_("Complaints"),
        add=Link(_("New complaint"), f"/complaints/new/?customer={customer.pk}") if may_add else None,
        every=Link(_("All complaints"), f"/complaints/?customer={customer.pk}"),
        empty=(_("No complaints you may see"), ""),
    )}  # fmt: skip


sign_tab(
    Customer,
    Tab("complaints", lazy("Complaints"), "customers/_table.html", complaints_tab, count=complaints_of, order=62),
)


@timeline.sign("complaints", "service")
def complained(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    """At the time the customer complained, which may lie before the time it was written down."""
    rows = complaints_of(customer, user).filter(complained_at__lte=before).select_related("created_by", "category")
    return [
        Entry(
            one.complained_at, one.pk, one.created_by.name if one.created_by else _("System"),
            _("recorded a complaint"), "mood-sad", "amber", about=one.category.entry if one.category else "",
            text=one.content, links=(_link(one),),
        )
        for one in rows.order_by("-complained_at", "-id")[:most]
    ]  # fmt: skip


@timeline.sign("complaints-closed", "service")
def settled(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    rows = complaints_of(customer, user).filter(closed_at__lte=before).select_related("closed_by")
    return [
        Entry(
            one.closed_at or before, one.pk, one.closed_by.name if one.closed_by else _("System"),
            _("closed a complaint"), "circle-check", "green", text=one.result, links=(_link(one),),
        )
        for one in rows.order_by("-closed_at", "-id")[:most]
    ]  # fmt: skip


def _link(one: Complaint) -> tuple[str, str]:
    return one.number, f"/complaints/{one.pk}/"


@dossier.section(55, lazy("Complaints"), "service/complaint_dossier.html")
def printed(customer: Customer, user: User) -> list[Any]:
    rows = complaints_of(customer, user).select_related("category", "staff").order_by("-complained_at", "-id")
    return list(rows[: dossier.MOST])


# beside a service request


@beside.sign(8, lazy("Complaint"), "service/_complaint.html")
def of_request(record: ServiceRequest, user: User) -> dict[str, Any] | None:
    """The complaint this request was made of; else the way to record one (CMP-04)."""
    complaints = resource("complaints")
    if not complaints.may(user, "view"):
        return None
    rows = Complaint.objects.filter(request=record.pk, deleted_at=None)
    found = marked(rows, complaints.marks(user, ("view",))).first()
    if found:
        return {"complaint": found} if found.may_view else None
    return {"complaint": None} if complaints.may(user, "create") and not record.deleted_at else None


# what it says of the risk of losing the customer


def open_complaints(customers: Sequence[int], today: date) -> dict[int, tuple[int, date]]:
    """How many of each customer's complaints are open, and since when the first of them is."""
    rows = Complaint.objects.filter(customer__in=customers, deleted_at=None, status__in=UNSETTLED).order_by()
    found = rows.values_list("customer").annotate(Count("pk"), Min("complained_at"))
    return {pk: (n, timezone.localdate(first)) for pk, n, first in found}


@signal("complaints", most=20, read=open_complaints, icon="mood-sad")
def complaints(known: tuple[int, date], today: date) -> tuple[float, dict[str, Any]] | None:
    n, first = known
    return FIRST + FURTHER * (n - 1), {"n": n, "since": first.isoformat()}


@complaints.words
def _complaints(seen: dict[str, Any], today: date) -> str:
    words = {"n": seen["n"], "day": formats.day(date.fromisoformat(seen["since"]))}
    return ngettext("An open complaint, since %(day)s", "%(n)s open complaints, the first since %(day)s",
                    seen["n"]) % words  # fmt: skip


@complaints.seen_by
def _sees_them(customer: Customer, user: User, seen: dict[str, Any]) -> bool:
    """Told to whoever sees as many himself."""
    mine = complaints_of(customer, user).filter(status__in=UNSETTLED)[: seen["n"]]
    return mine.count() >= int(seen["n"])
