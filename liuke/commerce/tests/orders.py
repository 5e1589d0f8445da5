"""Orders for tests: made through the verbs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from liuke.commerce.models import Order, OrderLine


def order(customer: Any, *prices: Any, by: Any = None, **values: Any) -> Order:
    """An order with a line of one piece for each price."""
    made = Order(customer=customer, **values).create(by=by)
    for price in prices:
        line(made, price, by=by)
    made.refresh_from_db()
    return made


def line(of: Order, price: Any, quantity: Any = 1, by: Any = None) -> OrderLine:
    made = OrderLine(order=of, product_name="流量计", quantity=Decimal(str(quantity)), unit_price=Decimal(str(price)))
    return made.create(by=by)
