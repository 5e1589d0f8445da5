"""Orders whose customer has become known leave the waiting room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liuke.core.verbs import in_transaction

from . import into
from .matching import Buyer
from .models import SourceCustomer, WaitingOrder
from .orders import count_waiting, shaped

if TYPE_CHECKING:
    from .matching import Matcher

AT_ONCE = 500


def release(source: SourceCustomer) -> int:
    """Write the orders that waited for this customer, inside the caller's transaction. Returns their number."""
    assert source.customer_id
    return _release(source, source.customer_id)


def release_found(matcher: Matcher) -> int:
    """Some have become known since, because somebody entered them: their orders are written now."""
    done = 0
    waiting = SourceCustomer.objects.filter(orders__gt=0).exclude(status="ignored").order_by("pk")
    last = 0
    while rows := list(waiting.filter(pk__gt=last)[:AT_ONCE]):
        found = matcher.find(Buyer(one.key, one.external_number, one.name) for one in rows)
        for one in rows:
            if one.key in found:
                done += in_transaction(lambda one=one, who=found[one.key]: _release(one, who))  # type: ignore[misc]
        last = rows[-1].pk
    return done


def _release(source: SourceCustomer, customer: int) -> int:
    done = 0
    while parked := list(WaitingOrder.objects.filter(source=source.pk).order_by("pk")[:AT_ONCE]):
        into.orders([shaped(one.body["order"], one.body["lines"], customer) for one in parked])
        WaitingOrder.objects.filter(pk__in=[one.pk for one in parked]).delete()
        done += len(parked)
    count_waiting([source.pk])
    source.orders, source.amount = 0, 0
    return done
