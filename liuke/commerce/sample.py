"""Sample products, stock and orders: each customer orders in a rhythm of its own, some fell silent, some order less.

Orders that are long paid for were taken over as such by the back office; those of the last weeks go their way step by
step.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from liuke.base.sample import Thread
from liuke.core import clock

from .models import Order, OrderLine, Product, StockRecord, Warehouse
from .models.orders import Fulfilment
from .sample_texts import BINS, NOTES, OUTDATED, PRODUCTS, WAREHOUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liuke.accounts.models import User
    from liuke.base.sample import Diary
    from liuke.customers.models import Customer

BEGAN, SETTLED = 304, 45  # days ago: the first order; the last one that was taken over as paid
# By their place among the customers: how many days ago the last order was, where it is not a few.
SILENT = {1: 193, 4: 205, 7: 224, 9: 188, 12: 168, 15: 157, 16: 163, 19: 101, 21: 112, 23: 98}
FALLING = {2, 8, 10, 17, 19, 22}  # they order less each time
YOUNGEST = 30  # who came later has not ordered yet


def plan(diary: Diary, people: dict[str, User], entered: Mapping[str, Customer]) -> None:
    """Note down what is sold, what lies where, and who ordered what. `entered` are the customers in their order."""
    products = _products(diary, people["shangwu"])
    _Stock(diary, people["shangwu"], products)
    for place, (name, customer) in enumerate(entered.items()):
        _Orders(diary, name, place, customer, products, people["shangwu"]).plan()


def _products(diary: Diary, by: User) -> list[Product]:
    made = [Product(name=row[0], model=row[1], batch=row[2], unit=row[3], price=Decimal(row[4]))
            for row in (*PRODUCTS, OUTDATED)]  # fmt: skip
    for product in made:
        Thread(diary, f"产品 {product.name} {product.model}").make(BEGAN + 5, product, by)
    Thread(diary, "停用").then(200, lambda: made[-1].disable(by=by))
    return made[:-1]


class _Stock:
    """Two warehouses: filled at the beginning, something taken out and counted since."""

    def __init__(self, diary: Diary, by: User, products: list[Product]) -> None:
        self.diary, self.by = diary, by
        warehouses = [Warehouse(name=name, address=address) for name, address in WAREHOUSES]
        for warehouse in warehouses:
            Thread(diary, warehouse.name).make(BEGAN + 2, warehouse, by)
        for place, product in enumerate(products):
            self._fill(product, warehouses[0], BINS[place % 4], 40 + place * 7)
            if place % 3 == 0:
                self._fill(product, warehouses[1], BINS[4 + place % 2], 12 + place)

    def _fill(self, product: Product, warehouse: Warehouse, place: str, quantity: int) -> None:
        record, thread = StockRecord(bin=place), Thread(self.diary, f"库存 {product.model} {place}")
        thread.make(BEGAN - 1, record, self.by, product=product, warehouse=warehouse)
        thread.then(BEGAN - 1, lambda: record.put_in(Decimal(quantity), "期初入库", by=self.by))
        thread.then(60, lambda: record.take_out(Decimal(quantity // 3), "发货", by=self.by))
        if quantity % 4 == 0:
            thread.then(31, lambda: record.correct(record.quantity - 1, "月末盘点少一件", by=self.by))


class _Orders:
    """The orders of one customer, from its first to its last."""

    def __init__(
        self, diary: Diary, name: str, place: int, customer: Customer, products: list[Product], office: User
    ) -> None:
        self.diary, self.place, self.customer, self.products, self.office = diary, place, customer, products, office
        self.name, self.dice = name, Thread(diary, f"订单 {name}").dice
        self.owner = customer.owner

    def plan(self) -> None:
        from liuke.customers.sample_texts import DELETED_FIRMS, FIRMS

        age = next(firm.ago for firm in FIRMS if firm.name == self.name)
        if age < YOUNGEST or self.name in DELETED_FIRMS:
            return
        last = SILENT.get(self.place, self.dice.randrange(2, 24))
        days = [last]
        while (before := days[0] + self.dice.randrange(20, 40)) < age - 4:
            days.insert(0, before)
        for n, ago in enumerate(days):
            share = max(0.25, 1 - n / len(days)) if self.place in FALLING else 1.0
            self._order(n, ago, share)

    def _order(self, n: int, ago: int, share: float) -> None:
        thread = Thread(self.diary, f"{self.name} 第 {n} 单")
        lines = self._lines(thread.dice, share)
        order = Order(delivery_address=self.customer.address, notes=thread.dice.choice(NOTES))
        if ago > SETTLED:
            thread.then(ago, lambda: self._enter(order, lines, self.office, Fulfilment.PAID, Order.Status.COMPLETED))
            return
        thread.then(ago, lambda: self._enter(order, lines, self.owner or self.office))
        if n % 9 == 8:
            thread.then(ago - 1, lambda: order.update({"status": Order.Status.INVALID}, by=self.office))
            return
        steps = ((2, lambda: order.update({"fulfilment": Fulfilment.CONFIRMED}, by=self.office)),
                 (6, lambda: order.ship(by=self.office)), (21, lambda: order.pay(by=self.office)))  # fmt: skip
        for later, act in steps:
            if ago > later:
                thread.then(ago - later, act)

    def _enter(self, order: Order, lines: list[Any], by: User, *state: Any) -> None:
        order.customer, order.order_date = self.customer, clock.today()
        if state:
            order.fulfilment, order.status = state
        order.create(by=by)
        for product, quantity, price in lines:
            OrderLine(order=order, product=product, quantity=quantity, unit_price=price).create(by=by)

    def _lines(self, dice: Any, share: float) -> list[Any]:
        """One to three products; who buys much gets a little off."""
        found = []
        for product in dice.sample(self.products, dice.choice((1, 1, 1, 2, 2, 3))):
            much = product.unit == "米"
            quantity = Decimal(max(1, round(dice.randrange(2, 16) * (20 if much else 1) * share)))
            found.append((product, quantity, (product.price * dice.choice((100, 100, 97, 95)) / 100)))
        return [(product, quantity, price.quantize(Decimal("0.01"))) for product, quantity, price in found]
