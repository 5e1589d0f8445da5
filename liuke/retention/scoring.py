"""The churn risk of all customers, worked out at night: a few statements for each thousand of them."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from liuke.core import clock
from liuke.core.verbs import in_transaction
from liuke.customers.models import Customer

from . import signs, source  # noqa: F401  the signs are signed in
from .models import CustomerRisk
from .parts import cut
from .signals import judged, score_of

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCH = 1000
SCORED = Q(status="normal", deleted_at=None)


def score_all(today: date) -> str:
    """Score every normal customer; forget the score of those lost or deleted.

    Raises source.Unreadable when the orders cannot be trusted: the risks stay as they are, or all would grow.
    """
    source.must_be_readable()
    changed = scored = last = 0
    while pks := list(Customer.objects.filter(SCORED, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        changed += in_transaction(partial(score, pks, today))
        scored, last = scored + len(pks), pks[-1]
    _forget()
    return _("%(scored)s customers looked at, %(changed)s risks changed") % {"scored": scored, "changed": changed}


def score(pks: Sequence[int], today: date) -> int:
    """Write what is new about these customers, and nothing else: most nights little changes. Returns how many did."""
    known = {risk.pk: risk for risk in CustomerRisk.objects.filter(pk__in=pks)}
    shown = dict(Customer.objects.filter(pk__in=pks).values_list("pk", "churn_risk"))
    found, now = judged(pks, today), clock.now()
    changed = [
        CustomerRisk(customer_id=pk, score=score_of(saw), found=saw, changed_at=now)
        for pk, saw in found.items()
        if pk not in known or known[pk].found != saw
    ]
    if changed:
        CustomerRisk.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["customer"], update_fields=["score", "found", "changed_at"]
        )
    moved = [pk for pk, saw in found.items() if shown.get(pk) != score_of(saw)]
    _carry_over(moved)
    return len({risk.pk for risk in changed} | set(moved))


def _carry_over(pks: Sequence[int]) -> None:
    """The number stands with the customer, too, where lists sort by it; that is no change of the record.

    Whoever was lost or deleted while the night went on stays without one.
    """
    risk = CustomerRisk.objects.filter(customer=OuterRef("pk")).values("score")
    Customer.objects.filter(SCORED, pk__in=pks).update(churn_risk=Subquery(risk))


def _forget() -> None:
    gone = Customer.objects.exclude(SCORED).exclude(churn_risk=None)
    for pks in cut(list(gone.values_list("pk", flat=True)), BATCH):
        Customer.objects.filter(pk__in=pks).exclude(SCORED).update(churn_risk=None)
    CustomerRisk.objects.filter(customer__in=Customer.objects.exclude(SCORED)).delete()
