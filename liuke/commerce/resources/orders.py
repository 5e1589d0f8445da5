"""Orders and their lines (ORD-01, ORD-03, ORD-04, ORD-07, HORD-01…04).

Matrix 2.2: sales enter orders of their own customers, the back office sets their state, changes and deletes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liuke.core import clock
from liuke.core.register import register
from liuke.core.resource import ALL, MINE, TEAM, Menu, Scene, Stats, Verb
from liuke.customers.models import Customer

from ..line_form import OrderLineForm
from ..models import Order, OrderLine
from ..models.orders import read_statuses
from ..order_form import OrderForm
from ..reading import reads_history
from ..screens import order_screen
from .sourced import SourcedResource

if TYPE_CHECKING:
    from liuke.accounts.models import User

# Few customers are deleted: to leave theirs out is quicker than to ask each row's customer whether it is alive.
OF_DELETED = Q(customer__in=Customer.objects.filter(deleted_at__isnull=False).values("pk"))
ORDERS_OF_DELETED = Q(order__customer__in=Customer.objects.filter(deleted_at__isnull=False).values("pk"))

OPEN = Scene("open", _("Not shipped yet"), lambda resource, user: Q(status="valid", fulfilment__lt=5))
HISTORY = Scene("history", _("Historical orders"), lambda resource, user: in_history(), ordering="-order_date",
                shown_to=reads_history)  # fmt: skip


def in_history() -> Q:
    """HORD-01: shipped or paid, and not invalid."""
    return Q(fulfilment__in=read_statuses()) & ~Q(status="invalid")


@register
class Orders(SourcedResource):
    model = Order
    icon = "receipt"
    menu = Menu("commerce", 5)
    columns = ("number", "customer", "order_date", "amount", "delivery_address", "fulfilment", "status", "created_by")
    sought = ("number", "external_id", "customer__name")
    filters = ("status", "fulfilment", "customer", "customer__owner", "order_date", "amount", "origin", "opportunity")
    scenes = (ALL, MINE, TEAM, OPEN, HISTORY)
    fields = (
        (pgettext_lazy("entity", "Order"), ("customer", "order_date", "contact", "opportunity", "delivery_address",
                                            "status", "fulfilment")),
        (_("More"), ("external_id", "notes")),
    )  # fmt: skip
    own = ("customer__owner",)
    ordering = "-order_date"
    verbs = (
        Verb("ship", _("Mark as shipped"), icon="package", style="primary", grant="set_status", listed=True),
        Verb("pay", _("Mark as paid"), icon="cash", grant="set_status", listed=True),
    )
    stats = Stats("fulfilment", "amount")
    extensible = True
    match = (("external_id",),)
    aliases = {
        "order_date": ("下单日期", "日期"),
        "delivery_address": ("收货地址",),
        "fulfilment": ("执行状态", "进度"),
    }
    templates = {"detail": "commerce/order.html", "form": "commerce/order_form.html"}

    @property
    def actions(self) -> list[str]:
        return [*super().actions, "set_status"]

    def range(self, user: User, action: str) -> Q:
        return super().range(user, action) & ~OF_DELETED

    def offered(self, user: User, action: str) -> Q:
        """What is shipped is not shipped again."""
        step = {"ship": 5, "pay": 6}.get(action)
        left = Q(fulfilment__lt=step) & ~Q(status="invalid") if step else Q()
        return super().offered(user, action) & left

    def initial(self, user: User) -> dict[str, Any]:
        return {"order_date": clock.today()}

    def around(self, user: User, door: str) -> dict[str, Any]:
        return {"shape": "two"} if door == "form" else {}  # the lines need the room

    def form_class(self) -> type:
        return OrderForm

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("customer", "order_date", "amount", "fulfilment", "customer__owner", "origin")

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        return order_screen(record, user, tab)


@register
class OrderLines(SourcedResource):
    model = OrderLine
    icon = "list-details"
    columns = ("product_name", "order", "product", "quantity", "unit", "unit_price", "amount")
    filters = ("order", "product", "product_name", "order__customer")
    fields = ((_("Order line"), ("order", "product", "product_name", "quantity", "unit", "unit_price")),)
    own = ("order__customer__owner",)

    def form_class(self) -> type:
        return OrderLineForm

    def range(self, user: User, action: str) -> Q:
        kept = Q(order__deleted_at=None)
        return super().range(user, action) & kept & ~ORDERS_OF_DELETED

    def after_save(self, user: User, record: Any) -> str:
        return f"/orders/{record.order_id}/"

    after_delete = after_save
