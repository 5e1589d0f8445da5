"""The nightly way into the pool: customers whose term is over, batch by batch, each with its event and its notice."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.utils.translation import gettext_lazy as lazy

from liuke.core import audit, clock, events, options, written
from liuke.core.history import name_verb
from liuke.core.models import Event
from liuke.core.notices import Told, declare_kind, notify_many
from liuke.core.verbs import in_transaction

from .models import Customer, Ownership
from .pool import HELD

BATCH = 500
name_verb(Customer, "recycle", lazy("moved to the pool"))
declare_kind("pool.soon", "clock-hour-4", "amber",
             text=lazy("Customer “%(record)s” goes to the pool on %(date)s unless you follow up"))  # fmt: skip
declare_kind("pool.moved", "pool", "amber",
             text=lazy("Customer “%(record)s” was not followed up in time and is in the pool now"))  # fmt: skip


def recycle(today: date) -> int:
    """Move every customer whose term is over. Whatever was moved before a crash stays moved, the rest follows."""
    moved = 0
    while batch := list(_due(today).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        moved += in_transaction(partial(_move, batch, today))
    return moved


def _due(today: date) -> Any:
    return Customer.objects.filter(HELD, pool_deadline__lte=today)


def _move(pks: list[int], today: date) -> int:
    """Under the lock it is asked again: somebody may have followed up a moment ago."""
    locked = _due(today).filter(pk__in=pks).order_by("pk").select_for_update(of=("self",), no_key=True)
    customers = list(locked.select_related("owner"))
    if not customers:
        return 0
    now = clock.now()
    Customer.objects.filter(pk__in=[one.pk for one in customers]).update(
        owner=None, pool_from=now, pool_deadline=None, updated_at=now, version=F("version") + 1
    )
    for one in customers:
        one.former_owner, one.owner, one.how = one.owner, None, Ownership.How.RECYCLED
    happened = Event.objects.bulk_create([_event(one, now) for one in customers])
    audit.tell(happened)
    for one, event in zip(customers, happened, strict=True):
        events.tell(event, one)
    written.tell(customers)
    notify_many(
        "pool.moved",
        [Told(one.former_owner, one, event) for one, event in zip(customers, happened, strict=True)],
    )
    return len(customers)


def _event(customer: Customer, now: Any) -> Event:
    return Event(
        at=now, actor=None, verb="recycle", content_type=ContentType.objects.get_for_model(Customer),
        object_id=customer.pk, object_text=customer.name, changes={"owner": [str(customer.former_owner), None]},
    )  # fmt: skip


def remind(today: date) -> int:
    """Tell each manager once of each customer that will go to the pool soon."""
    last = today + timedelta(days=options.get("pool_remind_days"))
    soon = Customer.objects.filter(HELD, pool_deadline__gt=today, pool_deadline__lte=last).select_related("owner")
    told = [
        Told(one.owner, one, day=one.pool_deadline, words={"date": one.pool_deadline.isoformat()})
        for one in soon.order_by("pk").iterator(chunk_size=1000)
    ]
    notify_many("pool.soon", told)
    return len(told)
