"""What an order's own page shows beside the common parts: its lines and their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liuke.core.register import resource

from .models import Order, OrderLine

if TYPE_CHECKING:
    from liuke.accounts.models import User


def order_screen(order: Order, user: User, tab: str) -> dict[str, Any]:
    if tab != "overview" or not resource("order-lines").may(user, "view"):
        return {}
    lines = OrderLine.objects.visible_to(user).filter(order=order).select_related("product").order_by("id")
    return {"lines": list(lines), "sees_products": resource("products").may(user, "view")}
