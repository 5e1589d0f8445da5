"""Who must know that customers' orders were written: upper modules sign in here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Listener = Callable[[set[int]], None]

_listeners: list[Listener] = []


def on_orders(listener: Listener) -> Listener:
    """Sign a function in: it gets the ids of customers whose orders were just written, inside that transaction.

    `Customer.last_order_on` and the monthly totals are up to date by then.
    """
    _listeners.append(listener)
    return listener


def ordered(customers: set[int]) -> None:
    for listener in _listeners:
        listener(customers)
