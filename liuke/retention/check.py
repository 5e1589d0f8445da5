"""The weekly look for silent customers (CHURN-01): alerts in batches, each with its event and its notice.

A customer's lock and the unique open alert make it harmless to run twice, at once or after a crash: whatever was
written before a kill stays, the rest follows, and nobody is warned of twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from liuke.accounts.models import User
from liuke.core import audit, clock, events, written
from liuke.core.many.alike import alike
from liuke.core.many.pouring import pour
from liuke.core.models import Event
from liuke.core.models.numbers import next_numbers
from liuke.core.notices import Told, notify_many
from liuke.core.verbs import in_transaction
from liuke.customers.models import Customer

from . import early, source
from .models import OPEN, ChurnAlert
from .parts import cut
from .recovering import recover_all
from .silence import base_of, line_of, silent_before

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCH = 2000
READ = ("id", "name", "owner_id", "last_order_on", "created_at")  # of a customer
WATCHED = Q(status="normal", deleted_at=None)


@dataclass
class Checked:
    """What a check has done."""

    warned: int = 0
    recovered: int = 0
    any_orders: bool = True

    def __str__(self) -> str:
        if not self.any_orders:
            return _("No order data: nobody is warned")
        return _("%(warned)s warned, %(recovered)s won back") % {"warned": self.warned, "recovered": self.recovered}


def check(today: date) -> Checked:
    """Close alerts of customers that ordered, warn of those that are silent, tell who is close to it.

    Raises source.Unreadable when the orders cannot be trusted: no data is not the same as no orders.
    """
    source.must_be_readable()
    if not source.any_orders(today):
        return Checked(any_orders=False)
    found = Checked(recovered=recover_all(today))
    for pks in cut(_silent(today), BATCH):
        found.warned += in_transaction(partial(_warn, pks, today))
    early.tell(today)
    return found


def _silent(today: date) -> list[int]:
    """Ids of all silent customers without an open alert: read from the index of the last order, arm by arm."""
    open_ones = ChurnAlert.objects.filter(customer=OuterRef("pk"), status__in=OPEN)
    silent = silent_before(line_of(today))
    found: list[int] = []
    for arm in silent.children:
        rows = Customer.objects.filter(WATCHED, arm if isinstance(arm, Q) else Q(arm)).exclude(Exists(open_ones))
        found += rows.order_by().values_list("pk", flat=True)
    return sorted(found)


def _warn(pks: Sequence[int], today: date) -> int:
    """Under the lock it is asked again: somebody may have ordered, or another check been here, a moment ago."""
    customers = _locked(pks, today)
    warned = set(ChurnAlert.objects.filter(customer__listed=pks, status__in=OPEN).values_list("customer", flat=True))
    alerts = _alerts([one for one in customers if one.pk not in warned])
    if alerts:
        _write(alerts)
    return len(alerts)


def _locked(pks: Sequence[int], today: date) -> list[Customer]:
    """What is read of them is what an alert tells; one record for each of their managers."""
    rows = Customer.objects.filter(WATCHED, silent_before(line_of(today)), pk__listed=pks).order_by("pk")
    found = list(rows.select_for_update(no_key=True).values(*READ))
    customers = alike(Customer.from_db(DEFAULT_DB_ALIAS, READ, [None] * len(READ)), found)
    owners = User.objects.in_bulk({one.owner_id for one in customers if one.owner_id})
    for one in customers:
        one.owner = owners.get(one.owner_id)
    return customers


def _alerts(customers: Sequence[Customer]) -> list[ChurnAlert]:
    told = ({"last_order_on": one.last_order_on, "silent_since": base_of(one)} for one in customers)
    alerts = alike(ChurnAlert(), told)
    for alert, customer in zip(alerts, customers, strict=True):
        alert.customer = customer
    return alerts


def _write(alerts: list[ChurnAlert]) -> None:
    for alert, number in zip(alerts, next_numbers(ChurnAlert.NUMBER_PREFIX, len(alerts)), strict=True):
        alert.number = number
    pour(alerts)
    tell(alerts, "warn", [{"status": [None, alert.status]} for alert in alerts])
    notify_many("churn.warned", [
        Told(alert.customer.owner, alert, alert.__dict__["last_event"], words={
            "customer": alert.customer.name, "since": alert.silent_since.isoformat(),
        })
        for alert in alerts
    ])  # fmt: skip


def tell(alerts: Sequence[ChurnAlert], name: str, changes: Sequence[dict[str, list[Any]]]) -> None:
    """One event each, for what the system did to many alerts; listeners and followers hear of it."""
    kind, now = ContentType.objects.get_for_model(ChurnAlert).pk, clock.now()
    happened = alike(
        Event(at=now, verb=name, content_type_id=kind),
        ({"object_id": alert.pk, "object_text": str(alert), "changes": change}
         for alert, change in zip(alerts, changes, strict=True)),
    )  # fmt: skip
    pour(happened)
    audit.tell(happened)
    for alert, event in zip(alerts, happened, strict=True):
        events.tell(event, alert)
    written.tell(alerts)
