"""Monthly and yearly sums of each customer's orders, and the day of its last one, kept equal to the orders themselves.

Whoever writes an order calls `refresh` in the same transaction. The customers are locked first: of two who write orders
of one customer at once, the second sees what the first wrote. Everything is worked out set-wise, from the orders, so
that it cannot drift.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext as _

from liuke.core import clock
from liuke.core.verbs import in_transaction
from liuke.customers.models import Customer

from .models import CustomerMonth, CustomerYear, Order, OrderLine
from .models.amounts import MOST
from .models.orders import read_statuses
from .models.rollups import ALL_YEARS

AT_ONCE = 500  # customers in one statement
SPAN = 5_000  # of a rebuild

COUNTED = "deleted_at IS NULL AND status <> 'invalid'"
MONTHS = """
    SELECT customer_id, {month} AS month, {total} AS amount, COUNT(*) AS orders FROM {order}
    WHERE {counted} AND fulfilment IN ({steps}) AND customer_id {whom} GROUP BY 1, 2
"""
YEARS = """
    SELECT customer_id, {year} AS year, {total} AS amount, SUM(orders) AS orders FROM {month_table}
    WHERE customer_id {whom} GROUP BY 1, 2
    UNION ALL
    SELECT customer_id, {all_years}, {total}, SUM(orders) FROM {month_table} WHERE customer_id {whom} GROUP BY 1
"""
FORGET = """
    DELETE FROM {table} WHERE customer_id {whom} AND (customer_id, {key}) NOT IN
        (SELECT customer_id, {key} FROM ({rows}) AS now_there)
"""
WRITE = """
    INSERT INTO {table} (customer_id, {key}, amount, orders)
    SELECT customer_id, {key}, amount, orders FROM ({rows}) AS now_there WHERE true
    ON CONFLICT (customer_id, {key}) DO UPDATE SET amount = excluded.amount, orders = excluded.orders
    WHERE {table}.amount <> excluded.amount OR {table}.orders <> excluded.orders
"""
LAST = """
    UPDATE {customer} SET last_order_on =
        (SELECT MAX(order_date) FROM {order} WHERE customer_id = {customer}.id AND {counted} AND order_date <= {today})
    WHERE id {whom} AND last_order_on {differs}
        (SELECT MAX(order_date) FROM {order} WHERE customer_id = {customer}.id AND {counted} AND order_date <= {today})
"""
TOTAL = """
    UPDATE {order} SET amount =
        (SELECT COALESCE({total}, 0) FROM {line} WHERE order_id = {order}.id AND deleted_at IS NULL)
    WHERE id {which} AND amount <>
        (SELECT COALESCE({total}, 0) FROM {line} WHERE order_id = {order}.id AND deleted_at IS NULL)
"""

TOO_LARGE = """
    SELECT order_id FROM {line} WHERE order_id {which} AND deleted_at IS NULL GROUP BY 1 HAVING {total} > {most} LIMIT 1
"""


def refresh(customers: Iterable[int]) -> None:
    """Make sums and last days of these customers those of their orders now. Call it where a transaction is open."""
    assert connection.in_atomic_block
    waiting = iter(sorted(set(customers)))
    while some := list(islice(waiting, AT_ONCE)):
        _write(f"IN ({_listed(some)})")


def hold(customers: Iterable[int]) -> None:
    """Lock these customers, before whatever else a writer of their orders goes on to lock."""
    waiting = iter(sorted(set(customers)))
    while some := list(islice(waiting, AT_ONCE)):
        _lock(f"IN ({_listed(some)})")


def retotal(orders: Iterable[int]) -> None:
    """Make the amounts of these orders the sums of their lines. Raises ValidationError for more than a column holds."""
    waiting = iter(sorted(set(orders)))
    while some := list(islice(waiting, AT_ONCE)):
        which = f"IN ({_listed(some)})"
        if _run(TOO_LARGE, which=which):
            raise ValidationError({"quantity": [_("This amount is too large")]})
        _run(TOTAL, which=which)


def rebuild(told: Any = lambda done: None) -> int:
    """Work out all sums anew, a span of customers at a time beside people who work; returns how many customers."""
    count = 0
    for first, last, number in _spans():
        in_transaction(lambda span=f"BETWEEN {first:d} AND {last:d}": _write(span))  # type: ignore[misc]
        count += number
        told(count)
    return count


def due(since: Any, today: Any) -> set[int]:
    """Customers with an order whose day has come since then, and who do not show it as their last one yet."""
    rows = Order.objects.valid().filter(order_date__gt=since, order_date__lte=today)
    rows = rows.filter(Q(customer__last_order_on=None) | Q(customer__last_order_on__lt=F("order_date")))
    return set(rows.order_by().values_list("customer", flat=True).distinct())


def _spans() -> Iterator[tuple[int, int, int]]:
    last = 0
    while True:
        pks = Customer.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:SPAN]
        found = list(pks)
        if not found:
            return
        yield found[0], found[-1], len(found)
        last = found[-1]


def _lock(whom: str) -> None:
    _run("SELECT id FROM {customer} WHERE id {whom} ORDER BY id {locked}", whom=whom)


def _write(whom: str) -> None:
    _lock(whom)
    for table, key, rows in (("{month_table}", "month", MONTHS), ("{year_table}", "year", YEARS)):
        for statement in (FORGET, WRITE):
            _run(statement.replace("{rows}", rows).replace("{table}", table).replace("{key}", key), whom=whom)
    _run(LAST, whom=whom)


def _run(statement: str, **words: str) -> bool:
    """Whether the statement returned a row."""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**_words(), **words))
        return bool(cursor.description and cursor.fetchone())


def _words() -> dict[str, Any]:
    """Names of tables, and what the two databases say differently. Numbers and days of ours, nothing people typed."""
    tables = {"customer": Customer, "order": Order, "line": OrderLine,
              "month_table": CustomerMonth, "year_table": CustomerYear}  # fmt: skip
    names = {name: model._meta.db_table for name, model in tables.items()}
    steps = ", ".join(f"{int(step):d}" for step in read_statuses()) or "NULL"
    shared = {
        "counted": COUNTED,
        "steps": steps,
        "all_years": ALL_YEARS,
        "most": MOST,
        "today": f"'{clock.today().isoformat()}'",
    }
    return names | shared | (SQLITE if connection.vendor == "sqlite" else POSTGRES)


SQLITE = {
    "locked": "",
    "differs": "IS NOT",  # the standard's words came to it with 3.39 only
    "month": "substr(order_date, 1, 7) || '-01'",
    "year": "CAST(substr(month, 1, 4) AS INTEGER)",
    # summed in cents, as whole numbers: its decimals are floating, and thousands of them drift
    "total": "ROUND(SUM(CAST(ROUND(amount * 100) AS INTEGER)) / 100.0, 2)",
}
POSTGRES = {
    "locked": "FOR NO KEY UPDATE",
    "differs": "IS DISTINCT FROM",
    "month": "date_trunc('month', order_date)::date",
    "year": "EXTRACT(YEAR FROM month)::integer",
    "total": "SUM(amount)",
}


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(f"{int(one):d}" for one in numbers)
