"""The mapping applied to the first rows, for the eyes of a person, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from liuke.commerce.models import Order
from liuke.commerce.models.amounts import short
from liuke.commerce.models.orders import Fulfilment
from liuke.core import formats
from liuke.customers.models import Customer

from .labels import words
from .mapping import SECTIONS
from .matching import Matcher
from .orders import buyer_of
from .reading import first_rows

if TYPE_CHECKING:
    from .mapping import Mapping
    from .queries import Queries
    from .source import Source

ROWS = 20
NUMBERS = ("quantity", "price", "unit_price", "amount")


@dataclass(frozen=True)
class Line:
    cells: list[str]
    wrong: str = ""
    customer: str = ""  # who that is here; "" for nobody


@dataclass(frozen=True)
class Sample:
    section: str
    label: str
    columns: list[tuple[str, str]]  # (ours in the mapping, in words)
    lines: list[Line]
    has_customers: bool = False


def samples(source: Source, queries: Queries, mapping: Mapping) -> list[Sample]:
    return [_sample(source, queries, mapping, name) for name in SECTIONS if name in queries.sections]


def _sample(source: Source, queries: Queries, mapping: Mapping, name: str) -> Sample:
    columns = queries.columns(name)
    rows = list(first_rows(source, queries, name, ROWS))
    who = _customers([row for row, _wrong in rows if row], mapping) if name == "orders" else {}
    lines = [
        Line([_shown(column, row[column]) for column in columns], customer=who.get(buyer_of(row, mapping.key).key, ""))
        if row is not None
        else Line([], wrong)
        for row, wrong in rows
    ]
    return Sample(name, words(name), [(column, words(column)) for column in columns], lines, name == "orders")


def _customers(orders: list[dict[str, Any]], mapping: Mapping) -> dict[str, str]:
    found = Matcher(mapping.match, remembers=False).find(buyer_of(order, mapping.key) for order in orders)
    names = dict(Customer.objects.filter(pk__in=found.values()).values_list("pk", "name"))
    return {key: names[pk] for key, pk in found.items()}


def _shown(column: str, value: Any) -> str:
    """As the lists of orders and stock show it."""
    if value is None or value == "":
        return formats.NOTHING
    if column == "status":
        return str(Order.Status(value).label)
    if column == "fulfilment":
        return str(Fulfilment(value).label)
    if column in NUMBERS:
        return f"{short(value):,f}" if column == "quantity" else f"{value:,f}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return str(value)[:80]
