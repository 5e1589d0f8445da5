"""What follows when orders and lines are written, by whatever way: amounts, sums and last days are true afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from liuke.base.models import SettingsChange
from liuke.core import clock
from liuke.core.events import on
from liuke.core.jobs.store import enqueue
from liuke.core.written import follow, tell

from . import events, rollup
from .models import Order, OrderLine, Product, StockRecord, Warehouse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.models import Event, Record


@follow
def orders_written(records: Sequence[Record]) -> None:
    if isinstance(records[0], Order):
        settle({pk for one in records if isinstance(one, Order) for pk in one.customers_touched()})
    elif isinstance(records[0], OrderLine):
        lines_written({one.order_id for one in records if isinstance(one, OrderLine)})


@follow
def named(records: Sequence[Record]) -> None:
    """Stock is called after its product and its warehouse, whatever they are called now."""
    first = records[0]
    if not isinstance(first, (Product, Warehouse)):
        return
    place = "product" if isinstance(first, Product) else "warehouse"
    rows = StockRecord.objects.filter(**{f"{place}__in": records}).select_related("product", "warehouse")
    changed = [one for one in rows if one.title != one.called()]
    for one in changed:
        one.title = one.called()
    if changed:
        StockRecord.objects.bulk_update(changed, ["title"], batch_size=500)
        tell(changed)


def lines_written(orders: set[int]) -> None:
    """Their amounts, and their versions: whoever has an order open with its old lines is told before he saves them."""
    rollup.retotal(orders)
    Order._base_manager.filter(pk__in=orders).update(version=F("version") + 1, updated_at=clock.now())
    settle(set(Order.objects.filter(pk__in=orders).values_list("customer", flat=True)))


def settle(customers: set[int]) -> None:
    """Bring the sums of these customers up to date, then tell whoever wants to know."""
    rollup.refresh(customers)
    events.ordered(customers)


@on(SettingsChange, "apply")
def counting_changed(change: SettingsChange, event: Event) -> None:
    """Other orders count from now on: a million customers are not worked out while somebody waits."""
    if "order_read_statuses" in change.summary:
        enqueue("rebuild-rollups")
