"""Orders, products and stock at hand while a case is handled (SVC-10), each as far as its reader may see it.

Service stands above commerce: it asks, commerce knows nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Max, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from liuke.commerce.life import orders_of
from liuke.commerce.models import OrderLine, Product, StockRecord
from liuke.commerce.models.amounts import QuantityField
from liuke.core.field_rights import is_hidden, seen_by
from liuke.core.register import resource
from liuke.core.search.found import searched

from . import beside

if TYPE_CHECKING:
    from liuke.accounts.models import User

    from .models import ServiceRequest

SOME = 5
TOLD = ("pk", "name", "model", "unit", "price")


@beside.sign(20, _("Orders"), "service/_orders.html")
def ordered(record: ServiceRequest, user: User) -> dict[str, Any] | None:
    """The newest orders of the customer."""
    if not resource("orders").may(user, "view"):
        return None
    rows = orders_of(record.customer, user).valid().order_by("-order_date", "-id")
    return {"orders": list(rows[:SOME]), "url": f"/orders/?customer={record.customer_id}"}


@beside.sign(30, _("Products and stock"), "service/_goods.html")
def goods(record: ServiceRequest, user: User) -> dict[str, Any] | None:
    """What the customer bought last, and a box to look for any other product."""
    if not resource("products").may(user, "view"):
        return None
    return {"products": bought(record, user)}


class Good(NamedTuple):
    """A product with how much of it lies in all warehouses; no quantity for who may not see stock."""

    pk: int
    name: str
    model: str
    unit: str
    price: Any
    quantity: Any


def bought(record: ServiceRequest, user: User) -> list[Good]:
    """The products of the orders this person sees, the last bought first; one question."""
    orders = orders_of(record.customer, user).valid().order_by()
    lines = OrderLine.objects.visible_to(user).filter(order__in=orders.values("pk"))
    lines = lines.filter(product__in=Product.objects.visible_to(user).values("pk")).order_by()
    told = [f"product__{name}" for name in TOLD]
    rows = lines.values(*told).annotate(last=Max("order__order_date"), left=_quantity("product", user))
    return _goods(rows.order_by("-last", "-product__pk").values_list(*told, "left")[:SOME], user)


def looked_for(asked: str, user: Any) -> list[Good]:
    """Products whose name, model or batch is like what was typed, on sale or not; none while nothing is."""
    if not asked.strip():
        return []
    products = seen_by(resource("products"), user)
    rows = Product.objects.visible_to(user).filter(searched(products, asked.strip()[:100]))
    told = rows.values_list(*TOLD, _quantity("pk", user))
    return _goods(told.order_by("name", "model", "pk")[:SOME], user)


def _goods(rows: Any, user: Any) -> list[Good]:
    hidden: dict[str, Any] = {name: None for name in TOLD if is_hidden(Product, name, user)}
    return [Good(*row)._replace(**hidden) for row in rows]


def _quantity(of: str, user: User) -> Any:
    """What lies in the warehouses this person sees: 0 where nothing does, nothing where he sees none."""
    if not resource("stock-records").may(user, "view"):
        return Value(None, output_field=QuantityField())
    rows = StockRecord.objects.visible_to(user).filter(product=OuterRef(of)).order_by().values("product")
    total = Subquery(rows.annotate(total=Sum("quantity")).values("total"))
    return Coalesce(total, Value(0), output_field=QuantityField())
