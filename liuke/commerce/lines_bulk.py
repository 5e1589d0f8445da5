"""The lines of orders from a sales system, as values: a record for each would cost more than all the rest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from liuke.core.many.pouring import fresh_ids, insert, stored

from .models import OrderLine
from .models.amounts import GRAIN, MOST, cents, price, worth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Line = tuple[Any, ...]  # in the order of VALUES
VALUES = ("product_id", "product_name", "quantity", "unit", "unit_price", "amount")
NUMBERS = tuple(VALUES.index(name) for name in ("quantity", "unit_price", "amount"))
MOST_QUANTITY = Decimal("99999999999.999")


@dataclass(frozen=True)
class LineRow:
    """A line as the sales system has it. `amount` is worked out where it is not given, with all digits of quantity and
    price; these two are then kept as their columns show them."""

    product_name: str
    quantity: Any
    unit_price: Any
    unit: str = ""
    product_id: int | None = None
    amount: Any = None

    def line(self) -> Line:
        """Raises ValidationError for numbers that are none, or below 0."""
        try:
            quantity, each = Decimal(str(self.quantity)), Decimal(str(self.unit_price))
            amount = worth(quantity, each) if self.amount is None else cents(Decimal(str(self.amount)))
            each, quantity = price(each), quantity.quantize(GRAIN, ROUND_HALF_UP)
            is_sound = GRAIN <= quantity <= MOST_QUANTITY and 0 <= each <= MOST and 0 <= amount <= MOST
        except ArithmeticError as wrong:
            raise ValidationError({"quantity": [f"{self.quantity!r} × {self.unit_price!r}"]}) from wrong
        made = (self.product_id, self.product_name[:200], quantity, self.unit[:20], each, amount)
        if not is_sound:  # in the words of the columns
            OrderLine(**dict(zip(VALUES, made, strict=True))).clean_fields(exclude=("order", "product", "created_by"))
        return made


def amount_of(lines: Sequence[Line]) -> Decimal:
    return sum((line[-1] for line in lines), Decimal(0))


def lines_of(orders: Sequence[int]) -> dict[int, list[Line]]:
    """{order: its lines} as they are stored."""
    found: dict[int, list[Line]] = defaultdict(list)
    rows = OrderLine.objects.alive().filter(order__in=orders).order_by("pk")
    for order, *line in rows.values_list("order_id", *VALUES):
        found[order].append(tuple(line))
    return found


def enter_lines(wanted: Mapping[int, Sequence[Line]]) -> None:
    """Insert the lines of these orders."""
    count = sum(map(len, wanted.values()))
    if not count:
        return
    fields = [field for field in OrderLine._meta.concrete_fields if not field.generated]
    places = {field.attname: place for place, field in enumerate(fields)}
    [same] = stored(fields, [OrderLine(order_id=0, quantity=GRAIN, unit_price=GRAIN)])  # what all lines share
    own = [places[name] for name in ("id", "order_id", *VALUES)]
    ids = iter(fresh_ids(OrderLine, count))
    rows = []
    for order, lines in wanted.items():
        for line in lines:
            row = same.copy()
            for place, value in zip(own, (next(ids), order, *line), strict=True):
                row[place] = value
            for place in NUMBERS:
                row[own[place + 2]] = f"{line[place]:f}"
            rows.append(row)
    insert(OrderLine, fields, iter(rows))
