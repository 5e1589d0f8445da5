"""Orders on their way from the spool to commerce, or into the waiting room when their customer is nobody here."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from liuke.core.verbs import in_transaction

from . import into
from .matching import Buyer
from .models import SourceCustomer, WaitingOrder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .matching import Matcher

NAMELESS = ("customer_number", "customer_name")


def buyer_of(order: dict[str, Any], key: str) -> Buyer:
    number, name = order.get("customer_number") or "", order.get("customer_name") or ""
    return Buyer(str(order.get(key) or number or name), number, name)


def write(batch: list[tuple[dict[str, Any], list[dict[str, Any]]]], matcher: Matcher, key: str) -> tuple[int, int]:
    """Write one batch of orders with their lines, all or none. Returns (written, waiting)."""
    return in_transaction(lambda: _write(batch, matcher, key))


def _write(batch: list[tuple[dict[str, Any], list[dict[str, Any]]]], matcher: Matcher, key: str) -> tuple[int, int]:
    buyers = [buyer_of(order, key) for order, _lines in batch]
    found = matcher.find(buyers)
    ready, waiting = [], []
    for (order, lines), buyer in zip(batch, buyers, strict=True):
        if buyer.key in found:
            ready.append(shaped(order, lines, found[buyer.key]))
        else:
            waiting.append((buyer, order, lines))
    into.orders(ready)
    WaitingOrder.objects.filter(external_id__in=[order["external_id"] for order in ready]).delete()
    _park(waiting)
    return len(ready), len(waiting)


def shaped(order: dict[str, Any], lines: list[dict[str, Any]], customer: int) -> dict[str, Any]:
    """As commerce takes it."""
    kept = {name: value for name, value in order.items() if name not in (*NAMELESS, "amount")}
    return kept | {"customer": customer, "lines": lines or _only_line(order)}


def _only_line(order: dict[str, Any]) -> list[dict[str, Any]]:
    """A sales system that tells only the sum of an order: one line that carries it."""
    amount = order.get("amount")
    return [{"product_name": "", "quantity": "1", "unit_price": amount}] if amount is not None else []


def amount_of(order: dict[str, Any], lines: list[dict[str, Any]]) -> Decimal:
    lines = lines or _only_line(order)
    return sum((into.line_amount(line) for line in lines), Decimal(0))


def _park(waiting: list[tuple[Buyer, dict[str, Any], list[dict[str, Any]]]]) -> None:
    if not waiting:
        return
    sources = _sources({buyer.key: buyer for buyer, _order, _lines in waiting})
    WaitingOrder.objects.bulk_create(
        [
            WaitingOrder(external_id=order["external_id"], source_id=sources[buyer.key],
                         amount=amount_of(order, lines), body={"order": order, "lines": lines})
            for buyer, order, lines in waiting
        ],
        update_conflicts=True, unique_fields=["external_id"], update_fields=["source", "amount", "body"],
    )  # fmt: skip
    # whose customer has become somebody unknown is no longer an order of the one it was of
    into.invalidate(into.known([order["external_id"] for _buyer, order, _lines in waiting]))


def _sources(buyers: dict[str, Buyer]) -> dict[str, int]:
    known = {one.key: one for one in SourceCustomer.objects.filter(key__in=buyers)}
    new = [SourceCustomer(key=key, external_number=one.number, name=one.name or one.number)
           for key, one in buyers.items() if key not in known]  # fmt: skip
    made = SourceCustomer.objects.bulk_create(new)
    other = [one for key, one in known.items() if buyers[key].name and one.name != buyers[key].name]
    other += [one for one in known.values() if one.status == "matched" and one not in other]  # its customer is gone
    for one in other:
        one.name = buyers[one.key].name or one.name
        if one.status == "matched":
            one.status, one.customer_id = "waiting", None
    SourceCustomer.objects.bulk_update(other, ["name", "status", "customer"], batch_size=500)
    return {one.key: one.pk for one in [*known.values(), *made]}


def count_waiting(only: Iterable[int] | None = None) -> None:
    """Tell each customer of theirs how many orders wait for it, and how much they come to."""
    counted: dict[int, Any] = defaultdict(lambda: (0, Decimal(0)))
    waiting = WaitingOrder.objects.all() if only is None else WaitingOrder.objects.filter(source__in=list(only))
    for source, count, amount in waiting.order_by().values_list("source").annotate(Count("pk"), Sum("amount")):
        counted[source] = (count, amount)
    asked = Q(pk__in=WaitingOrder.objects.values("source")) | Q(orders__gt=0) if only is None else Q(pk__in=list(only))
    rows = SourceCustomer.objects.filter(asked)
    changed = [one for one in rows if (one.orders, one.amount) != counted[one.pk]]
    for one in changed:
        one.orders, one.amount = counted[one.pk]
    SourceCustomer.objects.bulk_update(changed, ["orders", "amount"], batch_size=500)
