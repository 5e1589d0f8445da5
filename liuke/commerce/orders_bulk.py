"""Orders from a sales system by the thousand: new ones are entered, known ones brought to what they are there.

    write_orders([OrderRow("SO-1", customer.pk, date(2026, 3, 1), 5, lines=[LineRow("阀门", 2, "199.50")])])

Known they are by `external_id`. Everything of one call stands in one transaction, sums and last days included; sent a
second time, nothing changes. No event is written for each: the reading as a whole is on record (`SalesSync`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from liuke.core import clock
from liuke.core.many.alike import alike
from liuke.core.many.pouring import pour, repour
from liuke.core.models.numbers import next_numbers
from liuke.core.verbs import in_transaction

from . import rollup
from .lines_bulk import Line, LineRow, amount_of, enter_lines, lines_of
from .listeners import settle
from .models import Order, OrderLine
from .models.amounts import MOST
from .models.orders import Fulfilment

COMPARED = ("customer_id", "order_date", "fulfilment", "status", "delivery_address", "notes", "amount", "deleted_at")
STEPS, STATES = frozenset(Fulfilment.values), frozenset(Order.Status.values)


@dataclass(frozen=True)
class OrderRow:
    """An order as the sales system has it, of a customer that is known here."""

    external_id: str
    customer_id: int
    order_date: date
    fulfilment: int = 1
    status: str = "valid"
    delivery_address: str = ""
    notes: str = ""
    lines: Sequence[LineRow] = ()

    def values(self) -> dict[str, Any]:
        """Of the record, and its `_lines`. Raises ValidationError for a line that makes no sense."""
        lines = [row.line() for row in self.lines]
        return {
            "external_id": self.external_id, "customer_id": self.customer_id, "order_date": self.order_date,
            "fulfilment": self.fulfilment, "status": self.status, "delivery_address": self.delivery_address,
            "notes": self.notes, "amount": amount_of(lines), "_lines": lines,
        }  # fmt: skip


def _is_sound(order: Order) -> bool:
    """What most orders are: asking every column about every order takes as long as writing it."""
    return (
        type(order.order_date) is date and 0 < len(order.external_id) <= 100 and order.amount <= MOST
        and order.fulfilment in STEPS and order.status in STATES
        and len(order.delivery_address) <= 200 and len(order.notes) <= 200
    )  # fmt: skip


@dataclass(frozen=True)
class Written:
    new: int
    changed: int
    same: int


def write_orders(rows: Iterable[OrderRow]) -> Written:
    """Bring these orders up to date. Of two with one `external_id` the last one counts.

    Raises ValidationError when a row makes no sense; then nothing is written.
    """
    last = {row.external_id: row for row in rows}
    first = [_made(last)]
    # a second try after a deadlock starts from the rows: the first has left numbers and ids on what it made of them
    return in_transaction(lambda: _write(first.pop() if first else _made(last)))


def _made(rows: dict[str, OrderRow]) -> dict[str, Order]:
    orders = alike(Order(origin=Order.Origin.EXTERNAL), (row.values() for row in rows.values()))
    for order in orders:
        if not _is_sound(order):  # in the words of the columns
            order.clean_fields(exclude=("number", "customer", "created_by"))
    return dict(zip(rows, orders, strict=True))


def _write(wanted: dict[str, Order]) -> Written:
    """Locks in the order all have that write orders: known orders, their customers, and then numbers for new ones."""
    stored = {one.external_id: one for one in _known(wanted)}
    lines = lines_of([one.pk for one in stored.values()])
    new = [order for key, order in wanted.items() if key not in stored]
    pairs = [(known, wanted[key]) for key, known in stored.items()]
    changed = [(old, order) for old, order in pairs if _differ(old, lines[old.pk], order)]
    customers = {order.customer_id for order in new}
    customers |= {pk for old, order in changed for pk in (old.customer_id, order.customer_id)}
    rollup.hold(customers)
    _enter(new)
    _change(changed, lines)
    if customers:
        settle(customers)
    return Written(len(new), len(changed), len(stored) - len(changed))


def _known(wanted: dict[str, Order]) -> Any:
    rows = Order._base_manager.select_for_update(of=("self",), no_key=True)
    return rows.filter(external_id__in=list(wanted)).order_by("pk") if wanted else ()


def _differ(old: Order, lines: list[Line], new: Order) -> bool:
    return _values(old, COMPARED) != _values(new, COMPARED) or lines != new.__dict__["_lines"]


def _values(record: Any, names: Sequence[str]) -> list[Any]:
    return [getattr(record, name) for name in names]


def _enter(orders: list[Order]) -> None:
    if not orders:
        return
    for order, number in zip(orders, next_numbers(Order.NUMBER_PREFIX, len(orders)), strict=True):
        order.number = number
    pour(orders)
    _enter_lines(orders)


def _change(changed: list[tuple[Order, Order]], lines: dict[int, list[Line]]) -> None:
    other = []
    for old, new in changed:
        for name in COMPARED:
            setattr(old, name, getattr(new, name))
        old.version += 1
        old.updated_at = clock.now()
        if lines[old.pk] != new.__dict__["_lines"]:
            old.__dict__["_lines"] = new.__dict__["_lines"]
            other.append(old)
    names = [name.removesuffix("_id") for name in COMPARED]
    repour([old for old, _new in changed], [*names, "version", "updated_at"])
    OrderLine._base_manager.filter(order__in=[old.pk for old in other]).delete()  # they are mirrored, not kept
    _enter_lines(other)


def _enter_lines(orders: list[Order]) -> None:
    enter_lines({order.pk: order.__dict__.pop("_lines") for order in orders})
