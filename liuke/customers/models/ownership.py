"""Who had a customer when, and how it came to him (POOL-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock
from liuke.core.many.pouring import pour

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .customers import Customer


class Ownership(models.Model):
    """A time in which a customer had one manager, or none and lay in the pool. The present one has no end."""

    class How(models.TextChoices):
        CREATED = "created", lazy("entered")
        WON = "won", lazy("won from an opportunity")
        IMPORTED = "imported", lazy("imported")
        CLAIMED = "claimed", lazy("claimed from the pool")
        ASSIGNED = "assigned", lazy("assigned from the pool")
        TRANSFERRED = "transferred", lazy("transferred")
        RELEASED = "released", lazy("put into the pool")
        RECYCLED = "recycled", lazy("put into the pool, not followed up in time")

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="ownerships", db_index=False)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    how = models.CharField(max_length=12, choices=How.choices)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = lazy("Ownership")
        verbose_name_plural = lazy("Ownership history")
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=models.Q(until=None), name="one_present_ownership")
        ]
        indexes = [
            models.Index(fields=["customer", "-since"], name="ownership_of_customer"),
            models.Index(fields=["owner", "how"], condition=models.Q(until=None), name="ownership_of_owner"),
        ]


def keep(customers: Sequence[Customer]) -> None:
    """Write down whose these customers are now, where that is news. One question and two statements for all."""
    now = clock.now()
    known = {
        one.customer_id: one
        for one in Ownership.objects.filter(customer__listed=[one.pk for one in customers], until=None)
    }
    news = [one for one in customers if not one.deleted_at and _is_news(one, known.get(one.pk))]
    if not news:
        return
    if known:
        Ownership.objects.filter(customer__listed=[one.pk for one in news], until=None).update(until=now)
    pour([_new(one, one.pk in known, now) for one in news])


def _is_news(customer: Customer, known: Ownership | None) -> bool:
    return known is None or known.owner_id != customer.owner_id


def _new(customer: Customer, again: bool, now: datetime) -> Ownership:
    event: Any = getattr(customer, "last_event", None)
    how = customer.how or (_first_how(customer, event) if not again else Ownership.How.TRANSFERRED)
    by = event.actor if event else None
    return Ownership(customer=customer, owner_id=customer.owner_id, since=now, how=how, by=by)


def _first_how(customer: Customer, event: Any) -> str:
    if customer.origin == customer.Origin.OPPORTUNITY:
        return Ownership.How.WON
    return Ownership.How.IMPORTED if event and event.verb == "imported" else Ownership.How.CREATED
