"""Run in the surroundings of one database: many silent customers are warned of, and the risk of made-up ones is tried.

The risk score is held against histories whose customers leave by a process the formula knows nothing of (see `Life`).
What comes out tells how far the signs carry in a made-up market. It is no figure of real customers.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import django

CHECK = 5.0  # seconds, for 20,000 silent customers
MADE, YEARS = 3000, 4  # made-up histories, each so long
LEVELS = (30, 50, 70)  # scores from which on somebody is taken for leaving


def main(silent: int) -> None:
    django.setup()
    from liuke.core import clock

    today = clock.today()
    told = {"risk": _risk(today), **_check(silent, today)}
    print(json.dumps(told))


# many silent customers


def _check(silent: int, today: date) -> dict[str, Any]:
    from liuke.core.models import Event, Notice
    from liuke.customers.models import Customer
    from liuke.retention.check import check
    from liuke.retention.models import ChurnAlert

    pks = list(Customer.objects.alive().filter(status="normal").order_by("pk").values_list("pk", flat=True)[:silent])
    Customer.objects.update(last_order_on=today)
    Customer.objects.filter(pk__gte=pks[0], pk__lte=pks[-1]).update(last_order_on=today - timedelta(days=250))
    begun, worked = time.monotonic(), time.process_time()
    first = check(today)
    seconds, cpu = time.monotonic() - begun, time.process_time() - worked
    alerts, events = ChurnAlert.objects.count(), Event.objects.filter(verb="warn").count()
    assert first.warned == alerts == events >= len(pks), (first, alerts, events, len(pks))
    assert Notice.objects.filter(kind="churn.warned").count() > 0
    again = _timed(lambda: check(today))
    assert ChurnAlert.objects.count() == alerts
    return {"silent": alerts, "check": seconds, "cpu": cpu, "again": again}


def _timed(work: Callable[[], Any]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


# made-up histories


@dataclass
class Life:
    """One customer: it orders at a pace of its own, pauses in some summers, and may leave for good.

    What makes it leave is hidden: a rival calls, with a chance that differs from customer to customer and year to year.
    Some stop at once and without a sign; others buy less, or less often, for a while, as those who stay do at times.
    """

    orders: list[tuple[date, Decimal]]
    left: bool


def lives(count: int, today: date, dice: Random) -> Iterator[Life]:
    for _n in range(count):
        yield _life(today, dice)


def _life(today: date, dice: Random) -> Life:
    pace, size = dice.lognormvariate(3.7, 0.7), dice.lognormvariate(8.5, 1)  # days between orders, yuan
    leaves = _leaving(today, dice)
    fading = dice.choice((0, 0, 60, 150)) if leaves else 0  # days before, in which it fades
    hard = today - timedelta(days=dice.randint(0, 700))  # a bad half-year that means nothing
    day, orders = today - timedelta(days=365 * YEARS - dice.randint(0, 300)), []
    while day < (leaves or today):
        fades = leaves is not None and day >= leaves - timedelta(days=fading)
        poor = fades or hard - timedelta(days=180) <= day <= hard
        orders.append((day, Decimal(max(1, round(size * dice.lognormvariate(0, 0.4) * (0.5 if poor else 1))))))
        gap = dice.gammavariate(2, pace / 2) * (dice.choice((1, 2)) if poor else 1)
        day += timedelta(days=max(1, round(gap)) + (60 if day.month == 7 and dice.random() < 0.2 else 0))
    return Life(orders, leaves is not None)


def _leaving(today: date, dice: Random) -> date | None:
    """The day the rival wins, within the last year."""
    chance = dice.betavariate(1, 6)
    return today - timedelta(days=dice.randint(20, 365)) if dice.random() < chance else None


def _risk(today: date) -> dict[str, Any]:
    """Orders of made-up customers are written, scored as every night, and taken away again."""
    from liuke.commerce.models import Order
    from liuke.customers.models import Customer
    from liuke.retention.models import CustomerRisk
    from liuke.retention.scoring import score_all

    known = list(lives(MADE, today, Random(17)))
    pks = list(Customer.objects.alive().filter(status="normal").order_by("pk").values_list("pk", flat=True)[:MADE])
    pairs = [(pk, life) for pk, life in zip(pks, known, strict=False) if life.orders]
    Order.objects.bulk_create(_orders(pairs), batch_size=2000)
    for pk, life in pairs:
        Customer.objects.filter(pk=pk).update(last_order_on=life.orders[-1][0])
    seconds = _timed(lambda: score_all(today))
    made = {pk for pk, _life in pairs}  # others of the house have orders, too
    scores = {pk: score for pk, score in CustomerRisk.objects.values_list("pk", "score") if pk in made}
    left = {pk for pk, life in pairs if life.left}
    found = {str(level): _measured({pk for pk, score in scores.items() if score >= level}, left) for level in LEVELS}
    old = {pk for pk, life in pairs if (today - life.orders[-1][0]).days > 182}
    orders = sum(len(life.orders) for _pk, life in pairs)
    Order.objects.filter(customer__in=[pk for pk, _life in pairs[1:]]).delete()  # one stays: there is order data
    return {
        "customers": len(pairs), "left": len(left), "orders": orders, "seconds": seconds, "levels": found,
        "silence": _measured(old, left),
    }  # fmt: skip


def _orders(pairs: list[tuple[int, Life]]) -> list[Any]:
    from liuke.commerce.models import Order

    return [
        Order(number=f"MADE{pk}-{n}", customer_id=pk, order_date=day, amount=amount, fulfilment=6)
        for pk, life in pairs for n, (day, amount) in enumerate(life.orders)
    ]  # fmt: skip


def _measured(warned: set[int], left: set[int]) -> list[float]:
    """[how many, precision, recall]"""
    hit = len(warned & left)
    return [len(warned), hit / len(warned) if warned else 0.0, hit / len(left) if left else 0.0]


# told


def show(told: dict[str, Any]) -> list[str]:
    """Print the figures; return what misses its target. How well the score does is told, and has no target."""
    risk = told["risk"]
    print(
        f"\nchurn check: {told['silent']:,} silent customers {told['check']:.1f} s "
        f"(cpu {told['cpu']:.1f}), again {told['again']:.1f} s"
    )
    print(
        f"churn risk on {risk['customers']:,} made-up histories of {risk['orders']:,} orders, {risk['left']:,} of "
        f"which left by a process the formula does not know (scored in {risk['seconds']:.1f} s):"
    )
    for level, (count, precision, recall) in risk["levels"].items():
        print(f"  score from {level} on: {count:5,} customers, precision {precision:.2f}, recall {recall:.2f}")
    count, precision, recall = risk["silence"]
    print(f"  silent for six months: {count:5,} customers, precision {precision:.2f}, recall {recall:.2f}")
    print("  These figures are of made-up histories: they say nothing about real customers.")
    if told["check"] <= CHECK:
        return []
    return [f"churn check of {told['silent']:,} silent customers {told['check']:.1f} s, not {CHECK:g}"]


if __name__ == "__main__":
    main(int(sys.argv[1]))
