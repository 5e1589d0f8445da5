"""What the pages of churn alerts show beside the common parts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from liuke.core import clock, formats, options
from liuke.core.display import shown, value_html
from liuke.core.field_rights import is_hidden
from liuke.core.jobs.monitor import overview_of
from liuke.core.pages import Fact, Link
from liuke.core.register import resource

from . import signs  # noqa: F401  a page tells reasons before any job was looked for in its process
from .drawing import draw
from .early import steps
from .models import ChurnAlert, CustomerRisk
from .orders import bought_since, reads_amounts
from .rhythm import Bought, Rhythm
from .signals import reasons, told_to
from .silence import months_after, months_before
from .thread import cases_of

if TYPE_CHECKING:
    from liuke.accounts.models import User
    from liuke.core.resource import Resource
    from liuke.customers.models import Customer

YEARS = 2  # of orders that are drawn
FACTS = ("number", "customer__owner", "last_order_on", "confirmed_at")


def alert_screen(alerts: Resource, alert: ChurnAlert, user: User, tab: str) -> dict[str, Any]:
    if tab != "overview" or not sees_silence(user):
        return {}
    day = _day_of(alert)
    job = overview_of("churn-check")
    return {
        "pulse": pulse_of(alert, day, reads_amounts(alert.customer_id, user)),
        "cases": cases_of(alert, clock.today()),
        "why": reasons_of(alert.customer, user) if alert.is_open else [],
        "facts": [
            *(Fact(str(shown(ChurnAlert, path).label), value_html(alert, path)) for path in FACTS),
            Fact(_("Last check"), formats.moment(job.last.finished_at if job.last else None)),
            Fact(_("Next check"), formats.moment(job.next_at)),
        ],
        "may_add": "postpone" in alert.allowed and not alert.refusal("postpone", user),
        "months": options.get("churn_months"),
        "path": [(key, label, alert.TONES["status"][key]) for key, label in ChurnAlert.Status.choices],
    }


def sees_silence(user: User) -> bool:
    """Drawing and course of an alert tell since when the customer is silent, and how it ended."""
    told = ("silent_since", "last_order_on", "confirmed_at", "recovered_at", "reason")
    return not any(is_hidden(ChurnAlert, name, user) for name in told)


def _day_of(alert: ChurnAlert) -> date:
    """Today, or the day the alert was closed on."""
    closed = alert.confirmed_at or alert.recovered_at
    return timezone.localdate(closed) if closed else clock.today()


def pulse_of(alert: ChurnAlert, today: date, amounts: bool) -> dict[str, Any]:
    """How the customer bought, and how long it has not: figures, and a drawing for wide and narrow screens.

    Without `amounts` neither the figures nor the drawing tell for how much.
    """
    limit, base = options.get("churn_months"), alert.silent_since
    rows = bought_since(alert.customer_id, months_before(min(today, base), 12 * YEARS), today)
    days = [Bought(on, amount) for on, amount, _n in rows if on <= base]
    rhythm, recent = Rhythm(days), months_before(today, 12 * YEARS)
    return {
        "silent": (today - base).days,
        "gap": rhythm.usual_gap,
        "times": f"{times:.1f}" if days and (times := rhythm.times(today)) else "",
        "missed": len(rhythm.missed(today)) if days else 0,
        "amounts": amounts,
        "sum": sum((amount for on, amount, _n in rows if on >= recent), Decimal(0)) if amounts else None,
        "orders": sum(n for on, _amount, n in rows if on >= recent),
        "line": months_after(base, limit),
        "limit": limit,
        "base": base,
        "wide": draw(days, base, today, limit, 1150, 24, amounts=amounts),
        "narrow": draw(days, base, today, limit, 420, 14, amounts=amounts),
    }


def reasons_of(customer: Customer, user: User) -> list[tuple[str, str, int]]:
    """What speaks for the loss of this customer, in words for this person."""
    risk = CustomerRisk.objects.filter(customer=customer.pk).first()
    if not risk or not risk.found:
        return []
    found = told_to(risk.found, customer, user)
    return reasons(found, clock.today(), amounts=reads_amounts(customer.pk, user))


def list_screen(user: User) -> dict[str, Any]:
    """When silent customers were looked for, whether this person may ask for it now, and who is close to an alert."""
    job = overview_of("churn-check")
    labels = [_("Silent for %(n)s months") % {"n": months} for months in steps()]
    return {
        "check": job,
        "may_check": user.reach("jobs", "run") is not None,
        "early": [Link(label, f"/customers/?scene=silent_{n}") for n, label in enumerate(labels, start=1)]
        if resource("customers").may(user, "view") else [],
    }  # fmt: skip
