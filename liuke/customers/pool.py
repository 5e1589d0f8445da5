"""The term of a customer: how long its manager may leave it alone before it goes to the pool (POOL-03).

The day stands in `pool_deadline`, kept up in the transaction of whoever changes what it is counted from.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, DateField, DateTimeField, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from liuke.core import clock, options
from liuke.core.options import Option

from .models import Customer

if TYPE_CHECKING:
    from collections.abc import Iterable

IN_POOL = Q(owner=None)
HELD = Q(owner__isnull=False, status="normal", deleted_at=None)


def would_move(old: int, new: int) -> str:
    """What switching the pool on, or shortening the term, means for the customers there are."""
    if not new or (old and new >= old):
        return ""
    held = Customer.objects.filter(HELD)
    silent = held.filter(_latest_before(clock.now() - timedelta(days=new))).count()
    day = clock.today() + timedelta(days=0 if old else new)
    return ngettext(
        "%(silent)s customer of %(all)s has not been followed up for %(days)s days. "
        "It goes to the pool on %(day)s unless somebody follows up.",
        "%(silent)s customers of %(all)s have not been followed up for %(days)s days. "
        "They go to the pool on %(day)s unless somebody follows up.",
        silent,
    ) % {"silent": silent, "all": held.count(), "days": new, "day": day.isoformat()}


def _latest_before(moment: datetime) -> Q:
    followed = Q(last_follow_at=None) | Q(last_follow_at__lt=moment)
    return followed & (Q(pool_from__lt=moment) | Q(pool_from=None, created_at__lt=moment))


for _option in (
    Option("pool_days", 0, "int", lazy("Days until a customer goes to the pool"),
           lazy("Without a follow-up it goes to the customer pool after so many days; 0 switches this off. "
                "30 suits most companies."), least=0, most=3650, asks=would_move),
    Option("pool_remind_days", 3, "int", lazy("Days of warning before that"),
           lazy("So many days earlier the manager gets a notice"), least=0, most=365),
    Option("pool_claim_limit", 50, "int", lazy("Customers a person may claim"),
           lazy("Claimed from the pool and still held"), least=1, most=100_000),
    Option("pool_reclaim_days", 7, "int", lazy("Days until a former manager may claim again"),
           lazy("For a customer that he had before"), least=0, most=3650),
    Option("pool_since", "", "hidden", ""),  # the day the pool was switched on; nothing is counted from before it
):  # fmt: skip
    options.declare(_option)


def set_deadlines(customers: Any, days: int | None = None, since: str | None = None) -> None:
    """Write anew on which day each of these customers goes to the pool, in one statement."""
    days = options.get("pool_days") if days is None else days
    if not days:
        return
    began = _began(options.get("pool_since") if since is None else since)
    latest = Greatest(
        Coalesce("last_follow_at", "created_at"), Coalesce("pool_from", "created_at"),
        Value(began, output_field=DateTimeField()),
    )  # fmt: skip
    day = TruncDate(latest, tzinfo=timezone.get_default_timezone())
    term = ExpressionWrapper(day + Value(timedelta(days=days)), output_field=DateField())
    held = Q(owner__isnull=False, status="normal")
    customers.update(pool_deadline=Case(When(held, then=term), default=Value(None, output_field=DateField())))


def _began(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day or "2000-01-01"), time.min, timezone.get_default_timezone())


def forget_deadlines() -> None:
    Customer.objects.exclude(pool_deadline=None).update(pool_deadline=None)


def followed_up(customers: Iterable[int], at: datetime) -> None:
    """Somebody did something for these customers: their term starts anew. For upper modules."""
    rows = Customer.objects.filter(pk__in=list(customers))
    rows.update(
        last_follow_at=Greatest(Coalesce("last_follow_at", Value(at)), Value(at)),
        pool_from=Greatest(Coalesce(F("pool_from"), Value(at)), Value(at)),
    )
    set_deadlines(rows)
