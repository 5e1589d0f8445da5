"""What commerce does by itself."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.jobs import job
from liuke.core.jobs.monitor import last_done
from liuke.core.verbs import in_transaction

from . import rollup
from .listeners import settle

MARGIN = timedelta(days=40)  # before the last run: whatever was restored or set right since then is seen as well


@job("orders-due", cron="5 0 * * *", label=lazy("Orders whose day has come"))
def orders_due(today: date) -> str:
    """An order dated ahead counts as the customer's last one from its day on, however long the server has slept."""
    customers = rollup.due(_since(today), today)
    some = sorted(customers)
    for start in range(0, len(some), 1000):
        in_transaction(lambda part=set(some[start : start + 1000]): settle(part))  # type: ignore[misc]
    return _("%(n)s customers looked at") % {"n": len(some)}


def _since(today: date) -> date:
    """Runs are remembered for a month: where none is known, all orders are looked at."""
    last = last_done("orders-due")
    return min(last, today) - MARGIN if last else date.min


@job("rebuild-rollups", label=lazy("Work out the sums of all orders anew"))
def rebuild_rollups(today: date) -> str:
    return _("%(n)s customers worked out") % {"n": f"{rollup.rebuild():,}"}
