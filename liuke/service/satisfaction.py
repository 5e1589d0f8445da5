"""How satisfied a customer is, worked out of what it says to services and when it is called back.

The rule (docs/decisions/0010-satisfaction.md): with each answer the customer's satisfaction becomes the mean of all
marks it gave within the last twelve months, those of rounds that had to be done again and of call-backs included,
rounded half up.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum

from liuke.core import clock
from liuke.core.verbs import hold
from liuke.customers.models import Customer

from .models import FollowUpVisit, ServiceHandling

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

MONTHS = 12


def satisfaction_of(customer: Customer) -> int | None:
    """The mean of the last twelve months' marks, 1 to 5; None when there are none."""
    rounds = ServiceHandling.objects.filter(request__customer=customer, request__deleted_at=None)
    found = [_marks(rows) for rows in (rounds, FollowUpVisit.objects.alive().filter(customer=customer))]
    n = sum(count for count, _total in found)
    return rounded(sum(total for _count, total in found), n) if n else None


def _marks(rows: QuerySet[Any]) -> tuple[int, int]:
    """(how many, their sum) of the last twelve months."""
    fresh = rows.filter(answered_at__gte=_a_year_ago()).order_by()
    found = fresh.aggregate(n=Count("satisfaction"), total=Sum("satisfaction"))
    return found["n"], found["total"] or 0


def rounded(total: int, n: int) -> int:
    return int((Decimal(total) / n).quantize(Decimal(1), ROUND_HALF_UP))


def write_back(customer: Customer, by: Any) -> None:
    """Bring the customer's file up to date, if it can still be changed at all.

    Under the customer's lock: of two answers at the same moment the second counts the first as well.
    """
    hold(customer)
    found = satisfaction_of(customer)
    if found is not None and found != customer.satisfaction and not customer.refusal("update", by):
        customer.update({"satisfaction": found}, by=by)


def _a_year_ago() -> datetime:
    now = clock.now()
    try:
        return now.replace(year=now.year - 1)
    except ValueError:  # 29 February
        return now.replace(year=now.year - 1, day=28)
