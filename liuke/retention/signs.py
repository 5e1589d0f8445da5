"""The signs retention itself looks for; the formula stands in docs/churn-risk.md, and the bench tries it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core import formats
from liuke.customers.models import Customer

from . import source
from .orders import rhythms_of
from .rhythm import Rhythm
from .signals import signal
from .silence import base_of

if TYPE_CHECKING:
    from collections.abc import Sequence

QUIET, LOST = 1.25, 4.0  # usual gaps of silence: from when on it counts, and when it counts in full
LONELY = 365  # days of silence that count in full for a customer without a rhythm
LAST, BEFORE = 3, 3  # orders that are held against at least so many before them
FALL, RUIN = 0.2, 0.7  # by how much their mean is lower: from when on it counts, and in full


def entered_of(customers: Sequence[int], today: date) -> dict[int, date]:
    """The day each of these customers that never ordered was entered on; nothing where there are no order data at all,
    for what nobody reads is no silence."""
    rows = Customer.objects.filter(pk__in=customers, last_order_on=None).only("created_at", "last_order_on")
    found = {one.pk: base_of(one) for one in rows}
    return found if found and source.any_orders(today) else {}


@signal("unheard", most=30, read=entered_of, icon="clock-pause")
def unheard(entered: date, today: date) -> tuple[float, dict[str, Any]] | None:
    """Days since it was entered, where it never ordered (CHURN-02): against a year, as for one without a rhythm."""
    return _lonely(entered, today), {"entered": entered.isoformat()}


@unheard.words
def _unheard(seen: dict[str, Any], today: date) -> str:
    days = (today - date.fromisoformat(seen["entered"])).days
    return _("Never ordered in the %(days)s days since it was entered") % {"days": days}


def _lonely(since: date, today: date) -> float:
    return 30 * share((today - since).days, LONELY / 4, LONELY)


@signal("silence", most=60, read=rhythms_of, icon="clock-pause")
def silence(rhythm: Rhythm, today: date) -> tuple[float, dict[str, Any]] | None:
    """Days since the last order against its own usual gap; without a rhythm, against a year, at half weight."""
    last = rhythm.days[-1].on
    if (times := rhythm.times(today)) is not None:
        return 60 * share(times, QUIET, LOST), {"last": last.isoformat(), "gap": rhythm.usual_gap}
    return _lonely(last, today), {"last": last.isoformat()}


@silence.words
def _silence(seen: dict[str, Any], today: date) -> str:
    days = (today - date.fromisoformat(seen["last"])).days
    if gap := seen.get("gap"):
        words = _("Silent for %(days)s days, %(times)s times its usual gap of %(gap)s days between orders")
        return words % {"days": days, "gap": gap, "times": f"{days / gap:.1f}"}
    return _("Silent for %(days)s days, with too few orders for a rhythm") % {"days": days}


@signal("amounts", most=25, read=rhythms_of, icon="trending-down")
def amounts(rhythm: Rhythm, today: date) -> tuple[float, dict[str, Any]] | None:
    """The last three orders against all those before them."""
    sums = [one.amount for one in rhythm.days]
    before, last = sums[:-LAST], sums[-LAST:]
    if len(before) < BEFORE or not (usual := sum(before, Decimal(0)) / len(before)) > 0:
        return None
    fall = float(1 - sum(last, Decimal(0)) / LAST / usual)
    seen = {"last": [str(one) for one in last], "usual": str(usual.quantize(Decimal("0.01")))}
    return 25 * share(fall, FALL, RUIN), seen


@amounts.words
def _amounts(seen: dict[str, Any], today: date) -> str:
    last = [Decimal(one) for one in seen["last"]]
    told = "、".join(formats.short_money(one) for one in last)
    if last[0] > last[1] > last[2]:
        return _("The last three amounts fell one after the other: %(told)s") % {"told": told}
    words = _("The last three amounts %(told)s are below the usual %(usual)s")
    return words % {"told": told, "usual": formats.short_money(Decimal(seen["usual"]))}


@amounts.without_amounts
def _amounts_untold(seen: dict[str, Any], today: date) -> str:
    return _("The last three orders are smaller than usual")


def satisfaction_of(customers: Sequence[int], today: date) -> dict[int, int]:
    rows = Customer.objects.filter(pk__in=customers).exclude(satisfaction=None)
    return dict(rows.values_list("pk", "satisfaction"))


@signal("satisfaction", most=15, read=satisfaction_of, icon="mood-sad")
def satisfaction(score: int, today: date) -> tuple[float, dict[str, Any]] | None:
    return {1: 15, 2: 12, 3: 4}.get(score, 0), {"score": score}


@satisfaction.words
def _satisfaction(seen: dict[str, Any], today: date) -> str:
    return _("Satisfaction is only %(score)s of 5") % seen


def share(value: float, start: float, full: float) -> float:
    """0 up to `start`, 1 from `full` on, a straight line between."""
    return min(1.0, max(0.0, (value - start) / (full - start)))
