"""Orders by the million: made by dice, poured into their tables; sums are worked out once, at the end."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from liuke.core.many.trusted import give_numbers, pour
from liuke.core.verbs import in_transaction

from .models import Order, OrderLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.base.made_up import Dice
    from liuke.customers.models import Customer

NAMES = ("电磁流量计", "涡街流量计", "压力变送器", "雷达液位计", "无纸记录仪", "信号电缆")
STEPS = (6, 6, 6, 6, 6, 6, 5, 5, 3, 1)


def enter_orders(dice: Dice, customers: Sequence[Customer], count: int) -> None:
    """So many orders of these customers, each with a line; call `rollup.rebuild` when all are in."""
    made = sorted((_order(dice, dice.one(customers)) for _n in range(count)), key=lambda one: one.created_at)
    if made:
        in_transaction(lambda: _enter(dice, made))


def _enter(dice: Dice, orders: list[Order]) -> None:
    give_numbers(orders)
    pour(orders)
    pour([_line(dice, order) for order in orders])


def _order(dice: Dice, at: Customer) -> Order:
    moment, step = dice.after(at.created_at, 1800), dice.one(STEPS)
    status = "completed" if step == 6 else dice.some(0.02, "invalid", "valid")
    return Order(
        customer=at, order_date=timezone.localdate(moment), delivery_address=at.address, fulfilment=step,
        status=status, amount=Decimal(dice.number(5_000, 9_000_000)) / 100, created_by=at.created_by,
        created_at=moment, updated_at=moment,
    )  # fmt: skip


def _line(dice: Dice, order: Order) -> OrderLine:
    return OrderLine(
        order=order, product_name=dice.one(NAMES), quantity=Decimal(1), unit="台", unit_price=order.amount,
        amount=order.amount, created_by=order.created_by, created_at=order.created_at, updated_at=order.created_at,
    )  # fmt: skip
