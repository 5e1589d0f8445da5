"""The door into commerce: products, warehouses, stock and orders as this house keeps them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from liuke.commerce import source
from liuke.commerce.listeners import settle
from liuke.commerce.models import Order, Product, SalesSync, StockRecord, Warehouse
from liuke.commerce.models.amounts import worth
from liuke.commerce.orders_bulk import LineRow, OrderRow, write_orders
from liuke.core import clock, written
from liuke.core.many.pouring import pour, repour
from liuke.core.verbs import in_transaction

from .refusing import SalesSystemError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Batch = list[tuple[str, dict[str, Any]]]

AT_ONCE = 1000


def must_be_external() -> None:
    """Raises SalesSystemError while products and orders are kept in this house (INTG-03)."""
    if not source.is_external():
        raise SalesSystemError(
            _("Products, stock and orders are kept in Liuke; choose the sales system in the settings first"), "builtin"
        )


def write_down(started: datetime, *, ok: bool, rows: int, message: str, orders: bool = True) -> None:
    """Put a reading on record; without `orders` it says nothing of them, and no churn alert is made on its ground."""
    SalesSync.objects.create(
        started_at=started, finished_at=clock.now(), ok=ok, orders=orders, rows=rows,
        message=message.replace("\0", "")[:500],
    )  # fmt: skip


# products and warehouses


def products(batches: Iterable[Batch]) -> None:
    for batch in batches:
        wanted = {row["external_id"]: _product(row) for _key, row in batch}
        in_transaction(lambda wanted=wanted: _bring(Product, wanted))  # type: ignore[misc]


def _product(row: dict[str, Any]) -> dict[str, Any]:
    price = row.get("price")
    return row | ({"price": Decimal(price) if price is not None else None} if "price" in row else {})


def warehouses(batches: Iterable[Batch]) -> None:
    for batch in batches:
        in_transaction(lambda batch=batch: _warehouses(batch))  # type: ignore[misc]


def _warehouses(batch: Batch) -> None:
    rows = {row["external_id"]: {**row} for _key, row in batch}
    taken = Warehouse.objects.alive().exclude(external_id__in=rows)
    names = set(taken.filter(name__in=[row["name"] for row in rows.values()]).values_list("name", flat=True))
    for row in rows.values():
        if row["name"] in names:  # a name stands for one warehouse here
            row["name"] = f"{row['name'][:60]} ({row['external_id'][:30]})"
        names.add(row["name"])
    _bring(Warehouse, rows)


def _bring(model: Any, wanted: dict[str, dict[str, Any]]) -> None:
    """Enter what is new, change what differs, leave the rest alone."""
    known = {one.external_id: one for one in model.objects.filter(external_id__in=wanted)}
    new = [model(**values) for key, values in wanted.items() if key not in known]
    changed = [one for key, one in known.items() if _take(one, {**wanted[key], "deleted_at": None})]
    if new:
        pour(new)
    _save(changed, [*{name for values in wanted.values() for name in values}, "deleted_at"])
    for rows in (new, changed):
        if rows:
            written.tell(rows)


def _take(record: Any, values: dict[str, Any]) -> bool:
    """Set what differs. True when anything does."""
    other = {name: value for name, value in values.items() if getattr(record, name) != value}
    for name, value in other.items():
        setattr(record, name, value)
    return bool(other)


def _save(records: Sequence[Any], names: list[str]) -> None:
    for one in records:
        one.version += 1
        one.updated_at = clock.now()
    repour(records, [*names, "version", "updated_at"])


# stock


def stock(batches: Iterable[Batch], has: Callable[[Iterable[str]], set[str]] | None) -> set[str]:
    """Quantities as they are there. With `has` all of them came: what did not is used up. Returns the keys of those
    left out, because their product or their warehouse is nothing here."""
    left_out: set[str] = set()
    for batch in batches:
        left_out |= in_transaction(lambda batch=batch: _stock(batch))  # type: ignore[misc]
    if has is not None:
        _used_up(has)
    return left_out


def _stock(batch: Batch) -> set[str]:
    goods = _by_external(Product, {row["product"] for _key, row in batch})
    places = _by_external(Warehouse, {row["warehouse"] for _key, row in batch})
    wanted = {
        key: {"product": goods[row["product"]], "warehouse": places[row["warehouse"]], "bin": row.get("bin", ""),
              "notes": row.get("notes", ""), "quantity": Decimal(row["quantity"]), "external_id": key}
        for key, row in batch if row["product"] in goods and row["warehouse"] in places
    }  # fmt: skip
    for values in wanted.values():
        place = " ".join(filter(None, (values["warehouse"].name, values["bin"])))
        values["title"] = f"{values['product']} · {place}"[:250]
    _adopt(wanted)
    _bring(StockRecord, wanted)
    return {key for key, _row in batch} - wanted.keys()


def _adopt(wanted: dict[str, dict[str, Any]]) -> None:
    """What was kept here before the sales system came goes on as its own."""
    rows = StockRecord.objects.alive().filter(external_id="", product__in=[one["product"] for one in wanted.values()])
    keys = {(one["product"].pk, one["warehouse"].pk, one["bin"]): key for key, one in wanted.items()}
    for record in rows:
        if key := keys.get((record.product_id, record.warehouse_id, record.bin)):
            StockRecord.objects.filter(pk=record.pk).update(external_id=key)


def _used_up(has: Callable[[Iterable[str]], set[str]]) -> None:
    for rows in _pages(StockRecord.objects.alive().exclude(external_id="").filter(quantity__gt=0)):
        there = has(one.external_id for one in rows)
        gone = [one.pk for one in rows if one.external_id not in there]
        in_transaction(lambda gone=gone: _set(StockRecord, gone, quantity=0))  # type: ignore[misc]


def _by_external(model: Any, keys: Iterable[str]) -> dict[str, Any]:
    return {one.external_id: one for one in model.objects.filter(external_id__in=[key for key in keys if key])}


# orders


def orders(rows: Sequence[dict[str, Any]]) -> None:
    """Bring these orders up to date, in one transaction. Raises SalesSystemError for what commerce does not take."""
    if not rows:
        return
    goods = _goods({line.get("product") or "" for row in rows for line in row["lines"]})
    try:
        write_orders(_order(row, goods) for row in rows)
    except ValidationError as wrong:
        raise SalesSystemError("; ".join(wrong.messages), "bad_rows") from None


def _goods(keys: Iterable[str]) -> dict[str, Any]:
    """What a line takes from its product, without a record for each."""
    rows = Product.objects.filter(external_id__in=[key for key in keys if key])
    return {one.external_id: one for one in rows.values_list("external_id", "pk", "name", "unit", named=True)}


def _order(row: dict[str, Any], goods: dict[str, Any]) -> OrderRow:
    return OrderRow(
        external_id=row["external_id"], customer_id=row["customer"], order_date=date.fromisoformat(row["order_date"]),
        fulfilment=row.get("fulfilment") or 1, status=row.get("status") or "valid",
        delivery_address=row.get("delivery_address", ""), notes=row.get("notes", ""),
        lines=[_line(line, goods.get(line.get("product") or "")) for line in row["lines"]],
    )  # fmt: skip


def _line(line: dict[str, Any], product: Any) -> LineRow:
    name = line.get("product_name") or (product.name if product else line.get("product") or "")
    unit = line.get("unit") or (product.unit if product else "")
    return LineRow(
        name, line["quantity"], line["unit_price"], unit, product.pk if product else None, line.get("amount")
    )


def line_amount(line: dict[str, Any]) -> Decimal:
    amount = line.get("amount")
    return worth(Decimal(line["quantity"]), Decimal(line["unit_price"])) if amount is None else Decimal(amount)


def valid() -> Any:
    """Orders of the sales system that count here."""
    external = Order.objects.alive().filter(origin=Order.Origin.EXTERNAL).exclude(status=Order.Status.INVALID)
    return external.only("pk", "external_id")


def known(keys: Sequence[str]) -> list[int]:
    """The ids of those of these orders that count here."""
    return list(valid().filter(external_id__in=keys).order_by("pk").values_list("pk", flat=True))


def not_in(has: Callable[[Iterable[str]], set[str]]) -> list[int]:
    """The ids of the orders that count here and are not there any more."""
    gone = []
    for rows in _pages(valid()):
        there = has(one.external_id for one in rows)
        gone += [one.pk for one in rows if one.external_id not in there]
    return gone


def invalidate(ids: Sequence[int]) -> int:
    """Orders that are no more: they stay as invalid ones, and count nowhere."""
    for start in range(0, len(ids), AT_ONCE):
        in_transaction(lambda some=ids[start : start + AT_ONCE]: _invalidate(some))  # type: ignore[misc]
    return len(ids)


def _invalidate(ids: Sequence[int]) -> None:
    rows = Order.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    customers = set(rows.values_list("customer", flat=True))
    _set(Order, ids, status=Order.Status.INVALID)
    settle(customers)


def _set(model: Any, ids: Sequence[int], **values: Any) -> None:
    """The same for many rows."""
    rows = model._base_manager.filter(pk__in=ids)
    rows.update(**values, version=F("version") + 1, updated_at=clock.now())


def _pages(rows: Any) -> Iterator[list[Any]]:
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield page
        last = page[-1].pk
