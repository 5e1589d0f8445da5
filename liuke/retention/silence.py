"""How long a customer has been silent: calendar months, counted from its last order (S-04, S-05).

A customer is silent over n months when its last order lies *before* the same day n calendar months ago. Where that
month has no such day its last day stands in: on 31 August six months ago is 28 February, or 29 in a leap year. A
customer that never ordered is counted from the day it was entered on.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, options
from liuke.core.options import Option

if TYPE_CHECKING:
    from liuke.customers.models import Customer

for _option in (
    Option("churn_months", 6, "int", lazy("Months of silence until a churn alert"),
           lazy("A customer whose last order is longer ago than this gets an alert at the weekly check; "
                "alerts that are open stay open until the customer orders"), most=60),
    Option("churn_cron", "0 2 * * 6", "cron", lazy("When silent customers are looked for"),
           lazy("Minute, hour, day, month, weekday; 0 2 * * 6 is every Saturday at 02:00, in the company’s time zone")),
    Option("churn_early_first", 3, "int", lazy("Months until a first early warning"),
           lazy("Shown in the customer list and told to the managers by each check"), most=60),
    Option("churn_early_second", 5, "int", lazy("Months until a second early warning"),
           lazy("As the first one, closer to the alert"), most=60),
):  # fmt: skip
    options.declare(_option)


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, or the last one of that month; at the earliest, day one of all."""
    return _moved(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last one of that month."""
    return _moved(day, months)


def _moved(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:  # a sales system may hold any day, even 0001-01-01
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def line_of(today: date, months: int | None = None) -> date:
    """The first day that is not silent: who ordered on it has ordered in time. By default that of an alert."""
    return months_before(today, options.get("churn_months") if months is None else months)


def base_of(customer: Customer) -> date:
    """The day its silence is counted from."""
    return customer.last_order_on or timezone.localdate(customer.created_at)


def silent_before(line: date) -> Q:
    """Customers whose silence began before that day."""
    return Q(last_order_on__lt=line) | (Q(last_order_on=None) & Q(created_at__lt=start_of(line)))


def silent_since(line: date) -> Q:
    """Those whose silence began on that day or later."""
    return Q(last_order_on__gte=line) | (Q(last_order_on=None) & Q(created_at__gte=start_of(line)))


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def alarm_on(base: date, months: int) -> date:
    """The first day on which a silence from `base` on is longer than so many months."""
    day = months_after(base, months)
    while day < date.max and months_before(day, months) <= base:
        day = clock.next_day(day)
    return day
