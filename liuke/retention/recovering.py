"""Customers that ordered again: their alert is over, in the transaction that wrote the order (S-06)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from liuke.core import clock
from liuke.core.verbs import in_transaction
from liuke.customers.models import Customer

from .models import OPEN, ChurnAlert
from .parts import cut
from .silence import base_of, line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BATCH = 1000


def ordered(customer_ids: Iterable[int]) -> None:
    """Orders of these customers were written: called inside the writer's transaction, behind `last_order_on`."""
    for pks in cut(sorted(customer_ids), BATCH):
        _look_again(pks, clock.today())


def recover_all(today: date) -> int:
    """What no writer of an order saw, such as an order of the future whose day has come."""
    spoke = Q(customer__last_order_on__gte=line_of(today), customer__last_order_on__gt=F("silent_since"))
    found = ChurnAlert.objects.filter(spoke, status__in=OPEN, customer__deleted_at=None)
    pks = sorted(found.order_by().values_list("customer", flat=True))
    return sum(in_transaction(partial(_lock_and_look, some, today)) for some in cut(pks, BATCH))


def _lock_and_look(customers: Sequence[int], today: date) -> int:
    """Customers before their alerts, as whoever writes an order has them: of two who wait for each other one fails."""
    rows = Customer.objects.filter(pk__in=customers).order_by("pk").select_for_update(of=("self",), no_key=True)
    list(rows.values_list("pk"))
    return _look_again(customers, today)


def _look_again(customers: Sequence[int], today: date) -> int:
    """Recover those that are silent no more, the others show their last order as it is now. Returns how many did.

    Only an order ends an alert. Where the months of silence are raised afterwards it stays open: it was a true warning
    when it was given, and somebody may be at work on it.
    """
    open_ones = ChurnAlert.objects.filter(customer__in=customers, status__in=OPEN).order_by("pk")
    alerts = list(open_ones.select_for_update(of=("self",), no_key=True).select_related("customer__owner"))
    line = line_of(today)
    back = [one for one in alerts if _has_ordered(one, line)]
    moved = [one for one in alerts if one not in back and one.last_order_on != one.customer.last_order_on]
    if moved:
        _show_last_order(moved)
    if back:
        _recover(back)
    return len(back)


def _has_ordered(alert: ChurnAlert, line: date) -> bool:
    last = alert.customer.last_order_on
    return last is not None and last > alert.silent_since and last >= line


def _show_last_order(alerts: list[ChurnAlert]) -> None:
    from .check import tell

    changes = [{"last_order_on": [_day(one.last_order_on), _day(one.customer.last_order_on)]} for one in alerts]
    for one in alerts:
        one.last_order_on, one.silent_since = one.customer.last_order_on, base_of(one.customer)
        one.version, one.updated_at = one.version + 1, clock.now()
    ChurnAlert.objects.bulk_update(alerts, ["last_order_on", "silent_since", "version", "updated_at"])
    tell(alerts, "look_again", changes)


def _recover(alerts: list[ChurnAlert]) -> None:
    from .check import tell

    changes: list[dict[str, list[Any]]] = [
        {
            "status": [one.status, "recovered"],
            "last_order_on": [_day(one.last_order_on), _day(one.customer.last_order_on)],
        }
        for one in alerts
    ]
    now = clock.now()
    for one in alerts:
        one.status, one.recovered_at = "recovered", now
        one.last_order_on = one.customer.last_order_on
    ChurnAlert.objects.bulk_update(alerts, ["status", "recovered_at", "last_order_on"])
    ChurnAlert.objects.filter(pk__in=[one.pk for one in alerts]).update(version=F("version") + 1, updated_at=now)
    tell(alerts, "recover", changes)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
