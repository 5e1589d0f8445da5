"""Whether there are orders at all, and whether they can be trusted (S-06, trust R31).

What stands empty because nobody could read it is no silence of customers.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from liuke.commerce.models import Order, SalesSync
from liuke.commerce.source import is_external
from liuke.core import clock, formats

from .orders import valid_until

FRESH = timedelta(days=7)  # a reading older than the time between two checks says nothing about who ordered since


class Unreadable(Exception):
    """The sales system was not read in time: nobody is warned on such ground."""


def must_be_readable() -> None:
    """Raises Unreadable when orders come from a sales system whose last reading failed, or is too old."""
    if not is_external():
        return
    ended = SalesSync.objects.filter(orders=True).exclude(finished_at=None)
    newest = ended.order_by("-started_at", "-pk").first()
    if newest is None:
        raise Unreadable(_("No orders were ever read from the sales system: nobody is warned"))
    if not newest.ok:
        raise Unreadable(_("The sales system could not be read: nobody is warned") + f" ({newest.message})")
    if newest.finished_at and newest.finished_at < clock.now() - FRESH:
        words = {"at": formats.moment(newest.finished_at)}
        raise Unreadable(_("The sales system was last read at %(at)s, which is too long ago: nobody is warned") % words)


def any_orders(today: date) -> bool:
    """Whether the source in force holds an order that counts: those kept here say nothing of a system elsewhere."""
    counted = valid_until(today)
    return (counted.filter(origin=Order.Origin.EXTERNAL) if is_external() else counted).exists()
