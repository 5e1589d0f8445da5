"""What service knows of a customer: its requests, as far as the reader may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import formats
from liuke.core.field_rights import is_hidden
from liuke.core.pages import Link
from liuke.core.register import resource, sign_tab
from liuke.core.resource import Tab
from liuke.customers import dossier, timeline, value
from liuke.customers.models import Customer
from liuke.customers.table import table_of
from liuke.customers.timeline import Entry

from .models import ServiceHandling, ServiceRequest

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from liuke.accounts.models import User


def requests_of(customer: Customer, user: User) -> QuerySet[ServiceRequest]:
    """Those of this customer that the person may see: the one place every part of the page asks."""
    if not resource("service-requests").may(user, "view"):
        return ServiceRequest.objects.none()
    return ServiceRequest.objects.visible_to(user).filter(customer=customer)


@timeline.sign("service-requests", "service")
def asked(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    rows = requests_of(customer, user).filter(created_at__lte=before).select_related("creator", "type")
    return [
        Entry(
            one.created_at, one.pk, one.creator.name if one.creator else _("System"), _("entered a service request"),
            "headset", "purple", about=one.type.entry if one.type else "", text=one.request, links=(_link(one),),
        )
        for one in rows.order_by("-created_at", "-id")[:most]
    ]  # fmt: skip


@timeline.sign("service-handlings", "service")
def handled(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    rows = _rounds(customer, user).filter(handled_at__lte=before).order_by("-handled_at", "-id")
    return [
        Entry(
            one.handled_at, one.pk, one.handler.name if one.handler else _("System"), _("handled a service request"),
            "tool", "blue", text=one.method, links=(_link(one.request),),
        )
        for one in rows.select_related("handler", "request")[:most]
    ]  # fmt: skip


@timeline.sign("service-feedback", "service")
def answered(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    rows = _rounds(customer, user).filter(answered_at__lte=before).order_by("-answered_at", "-id")
    return [
        Entry(
            one.answered_at or before, one.pk, one.answered_by.name if one.answered_by else _("System"),
            _("recorded the customer’s feedback"), "message-2-check", "green", text=one.result,
            tags=(_("Satisfaction %(mark)s") % {"mark": one.satisfaction},), links=(_link(one.request),),
        )
        for one in rows.select_related("answered_by", "request")[:most]
    ]  # fmt: skip


def _rounds(customer: Customer, user: User) -> QuerySet[ServiceHandling]:
    return ServiceHandling.objects.filter(request__in=requests_of(customer, user).values("pk"))


def _link(one: ServiceRequest) -> tuple[str, str]:
    return f"{one.number} {one.summary}", f"/service-requests/{one.pk}/"


@value.sign()
def satisfied(customer: Customer, user: User, _found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """How satisfied it is, with the requests that prove it; how many they are tells the tab."""
    if not resource("service-requests").may(user, "view") or is_hidden(Customer, "satisfaction", user):
        return []
    url = f"/service-requests/?customer={customer.pk}"
    return [(_("Satisfaction with service"), str(customer.satisfaction or formats.NOTHING), url)]


@dossier.section(50, lazy("Service requests"), "service/dossier.html")
def printed(customer: Customer, user: User) -> list[Any]:
    rows = requests_of(customer, user).select_related("type", "assigned_to").order_by("-id")
    return list(rows[: dossier.MOST])


def service_tab(customer: Customer, user: User) -> dict[str, Any]:
    rows = requests_of(customer, user).select_related("type", "assigned_to").order_by("-id")
    may_add = resource("service-requests").may(user, "create") and not customer.deleted_at
    return {"table": table_of(
        rows, ("summary", "number", "type", "assigned_to", "satisfaction", "status", "created_at"),
        key="service", title=_("Service requests"),
        add=Link(_("New service request"), f"/service-requests/new/?customer={customer.pk}") if may_add else None,
        every=Link(_("All service requests"), f"/service-requests/?customer={customer.pk}"),
        empty=(_("No service requests you may see"), ""),
    )}  # fmt: skip


sign_tab(
    Customer,
    Tab("service", lazy("Service"), "customers/_table.html", service_tab, count=requests_of, order=60),
)
