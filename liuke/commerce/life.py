"""What commerce knows of a customer: its orders, what they come to, and when they came (HORD, CUST-24, CUST-25)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, formats, menu
from liuke.core.field_rights import is_hidden
from liuke.core.register import resource, sign_tab
from liuke.core.resource import Tab
from liuke.customers import dossier, timeline, value
from liuke.customers.models import Customer
from liuke.customers.timeline import Entry

from .models import CustomerYear, Order
from .models.rollups import ALL_YEARS
from .reading import reads_history

if TYPE_CHECKING:
    from liuke.accounts.models import User

    from .models.orders import OrderQuerySet

NEWEST = 50


def orders_of(customer: Customer, user: User) -> OrderQuerySet:
    """The orders of this customer that the person may see."""
    if not resource("orders").may(user, "view"):
        return Order.objects.none()
    return Order.objects.visible_to(user).filter(customer=customer)


def history_of(customer: Customer, user: User) -> OrderQuerySet:
    return orders_of(customer, user).read()


def history_tab(customer: Customer, user: User) -> dict[str, Any]:
    found = list(history_of(customer, user).order_by("-order_date", "-id")[: NEWEST + 1])
    orders = resource("orders")
    may_add = orders.may(user, "create") and not orders.closed() and not customer.deleted_at
    return {"orders": found[:NEWEST], "more": len(found) > NEWEST, "may_add": may_add,
            "standing_orders": orders.standing()}  # fmt: skip


menu.declare_entry(
    "customers", 60, lazy("Historical orders"), "/orders/?scene=history", "receipt", reads_history
)  # fmt: skip
sign_tab(
    Customer,
    Tab("orders", lazy("Historical orders"), "commerce/_history.html", history_tab, order=42,
        shown_to=reads_history),
)  # fmt: skip


@timeline.sign("orders", "orders")
def turns(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    """Each order, with its amount and how far it has come: entered on its day it stands at that moment, else at the
    beginning of its day. Both kinds are asked for by their moments, or a day of many orders would lose some."""
    if is_hidden(Order, "order_date", user):
        return []  # without its day it has no place among the others
    rows = orders_of(customer, user).valid().select_related("created_by")
    rows = rows.annotate(entered_on=TruncDate("created_at", tzinfo=timezone.get_default_timezone()))
    then = rows.filter(entered_on=F("order_date"), created_at__lte=before).order_by("-created_at", "-id")[:most]
    days = rows.exclude(entered_on=F("order_date")).filter(order_date__lte=timezone.localdate(before))
    found = [_ordered(one, one.created_at) for one in then]
    found += [_ordered(one, _beginning(one.order_date)) for one in days.order_by("-order_date", "-id")[:most]]
    return sorted(found, key=lambda entry: (entry.at, entry.pk), reverse=True)[:most]


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def _ordered(order: Order, at: datetime) -> Entry:
    by = order.created_by.name if order.created_by else order.get_origin_display()
    return Entry(
        at, order.pk, by, _("ordered"), "receipt", "green",
        links=((order.external_id or order.number, f"/orders/{order.pk}/"),),
        tags=(formats.money(order.amount), order.get_fulfilment_display()),
    )  # fmt: skip


def _sums(customer: Customer, user: User) -> dict[str, Any]:
    if not reads_history(user) or is_hidden(Order, "amount", user):
        return {}
    rows = CustomerYear.objects.filter(Exists(orders_of(customer, user)), customer=customer)
    whole, now = rows.filter(year=ALL_YEARS), rows.filter(year=clock.today().year)
    asked = {
        "turnover": whole.values("amount"),
        "turnover_now": now.values("amount"),
        "ordered": whole.values("orders"),
    }
    return {name: Subquery(one) for name, one in asked.items()}


@value.sign(_sums)
def turnover(customer: Customer, user: User, found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What the orders that count come to: in all, this year, and when the last one was."""
    if found.get("ordered") is None:
        return []
    year, url = clock.today().year, f"/orders/?scene=history&customer={customer.pk}"
    last = customer.last_order_on
    return [
        (_("Turnover"), formats.money(found["turnover"]), url),
        (_("Turnover this year"), formats.money(found["turnover_now"] or 0),
         f"{url}&order_date__gte={year}-01-01&order_date__lte={year}-12-31"),
        (_("Historical orders"), str(found["ordered"]), url),
        (_("Last order"), formats.day(last) if last else formats.NOTHING, f"/orders/?customer={customer.pk}"),
    ]  # fmt: skip


@dossier.section(25, lazy("Historical orders"), "commerce/dossier/orders.html")
def printed(customer: Customer, user: User) -> list[Any]:
    if not reads_history(user):
        return []
    return list(history_of(customer, user).order_by("-order_date", "-id")[: dossier.MOST])
