"""What retention asks the orders: which there were, on what days, for how much (S-04: invalid ones do not count).

That a customer has not ordered, and since when, is told to whoever sees it; for how much it did, to those who may read
all of its orders.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum

from liuke.commerce.models import Order
from liuke.commerce.models.amounts import CENT
from liuke.core.field_rights import is_hidden

from .rhythm import Bought, Rhythm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.accounts.models import User

NEWEST = 24  # days with orders that make a rhythm


def valid_until(today: date) -> Any:
    """Orders that count: neither invalid nor of a day to come."""
    return Order.objects.valid().filter(order_date__lte=today)


def rhythms_of(customers: Sequence[int], today: date) -> dict[int, Rhythm]:
    """The rhythm of each of these customers that ever ordered; one statement for all of them."""
    rows = valid_until(today).filter(customer__in=customers).order_by("customer", "order_date")
    by_day = rows.values_list("customer", "order_date").annotate(Sum("amount"))
    return {
        pk: Rhythm([Bought(on, _exact(amount)) for _pk, on, amount in some][-NEWEST:])
        for pk, some in groupby(by_day, key=lambda row: row[0])
    }


def reads_amounts(customer: int, user: User) -> bool:
    """Whether no order of this customer is hidden from the person."""
    if is_hidden(Order, "amount", user):
        return False
    seen = Order.objects.visible_to(user).filter(customer=customer)  # of this one alone, or millions would be listed
    return not Order.objects.valid().filter(customer=customer).exclude(pk__in=seen.values("pk")).exists()


def bought_since(customer: int, first: date, today: date) -> list[tuple[date, Decimal, int]]:
    """(day, amount, number of orders) from that day on, the oldest first."""
    rows = valid_until(today).filter(customer=customer, order_date__gte=first).order_by("order_date")
    by_day = rows.values_list("order_date").annotate(Sum("amount"), Count("pk"))
    return [(on, _exact(amount), count) for on, amount, count in by_day]


def _exact(amount: Decimal | None) -> Decimal:
    """SQLite sums in floating numbers: ten and twenty cents are thirty cents again."""
    return (amount or Decimal(0)).quantize(CENT)
