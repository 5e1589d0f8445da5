"""For sales systems that send: products, warehouses, stock and orders as JSON, taken whole or not at all.

What is sent twice changes nothing: everything is known by its `external_id`. What is refused is told row by row, and
stands among the readings, where those who can mend it look.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.commerce.models.amounts import MOST as MOST_MONEY
from liuke.core import clock
from liuke.core.api.answers import Json
from liuke.core.api.door import body_of, no_parameters
from liuke.core.refusals import Forbidden
from liuke.core.verbs import in_transaction

from . import into, values
from .mapping import CHANGED, MATCHES, SECTIONS
from .matching import Matcher
from .orders import count_waiting, write
from .reading import packed
from .values import MUST, Wrong

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

MOST = 1000  # rows of a section at once
TOLD = 50  # wrong places
LINES = "lines"
NAMES = ("products", "warehouses", "stock", "orders")


def push(request: HttpRequest) -> HttpResponse:
    """Take rows a sales system sends; answers how many, and how many orders wait for a customer."""
    if request.user.reach("sales-system", "push") is None:
        raise Forbidden
    no_parameters(request)
    into.must_be_external()
    started = clock.now()
    try:
        body = body_of(request)
        rows = _Sent(body).rows()
        lines = [row.pop(LINES) for row in rows["orders"]]
        told = in_transaction(lambda: _take(rows, lines, started, "orders" in body))
    except ValidationError as wrong:
        into.write_down(started, ok=False, rows=0, message=_refused(wrong), orders=False)
        raise
    return Json(told)


def _refused(wrong: ValidationError) -> str:
    places = [f"{place}: {' '.join(texts)}" for place, texts in wrong.message_dict.items()]
    return "\n".join([_("What was sent was refused:"), *places])


def _take(rows: dict[str, list[dict[str, Any]]], lines: list[Any], started: datetime, orders: bool) -> dict[str, int]:
    into.products([_keyed(rows["products"])])
    into.warehouses([_keyed(rows["warehouses"])])
    if unknown := into.stock([[(stock_key(row), row) for row in rows["stock"]]], None):
        places = [f"stock.{at}" for at, row in enumerate(rows["stock"]) if stock_key(row) in unknown]
        raise ValidationError({place: [_("This product or this warehouse is not known")] for place in places})
    ready, waiting = write(list(zip(rows["orders"], lines, strict=True)), Matcher(MATCHES), "")
    if waiting:
        count_waiting()
    total = sum(map(len, rows.values()))
    message = _("%(count)s rows were sent") % {"count": total}
    into.write_down(started, ok=True, rows=total, message=message, orders=orders)
    return {**{name: len(found) for name, found in rows.items()}, "orders": ready, "waiting": waiting}


def stock_key(row: dict[str, Any]) -> str:
    return "|".join((row["warehouse"], row["product"], row.get("bin", "")))


def _keyed(rows: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [(row["external_id"], row) for row in rows]


class _Sent:
    """The body, row by row. Raises ValidationError that names each wrong place: `orders.3.lines.1.quantity`."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self.errors: dict[str, list[str]] = {}

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        for name in self.body.keys() - set(NAMES):
            self._wrong(name, _("There is no such field"))
        found = {name: self._section(name, self.body.get(name, []), name) for name in NAMES}
        for name, rows in found.items():
            self._must_be_once(name, rows)
        if not self.body:
            self._wrong("body", _("Nothing was sent"))
        if self.errors:
            raise ValidationError(self.errors)
        return found

    def _must_be_once(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Of two different ones of a number nobody knows which counts. Places are right only while nothing is wrong."""
        seen: dict[str, Any] = {}
        for at, row in enumerate([] if self.errors else rows):
            key = stock_key(row) if name == "stock" else row["external_id"]
            if seen.setdefault(key, row) != row:
                self._wrong(f"{name}.{at}", _("%(key)s comes twice, with different values") % {"key": key})

    def _section(self, section: str, sent: Any, place: str) -> list[dict[str, Any]]:
        if not isinstance(sent, list) or len(sent) > MOST:
            self._wrong(place, _("A list of at most %(most)s rows is expected") % {"most": MOST})
            return []
        found = [self._row(section, row, f"{place}.{at}") for at, row in enumerate(sent)]
        return [row for row in found if row is not None]

    def _row(self, section: str, sent: Any, place: str) -> dict[str, Any] | None:
        if not isinstance(sent, dict):
            self._wrong(place, _("An object is expected"))
            return None
        row = dict(sent)
        lines = self._section("order_lines", row.pop(LINES, []), f"{place}.{LINES}") if section == "orders" else []
        known = {name for part in SECTIONS[section] for name in part} - {CHANGED, "order"}
        for name in row.keys() - known:
            self._wrong(f"{place}.{name}", _("There is no such field"))
        taken = {name: self._value(section, name, row[name], place) for name in row.keys() & known}
        for name in MUST[section]:
            if name in known and taken.get(name) in (None, ""):
                self._wrong(f"{place}.{name}", _("This field is required."))
        if section == "orders":
            self._must_be_money(lines, f"{place}.{LINES}")
            if not (taken.get("customer_number") or taken.get("customer_name")):
                self._wrong(place, _("“customer_number” or “customer_name” is needed to know whose order it is"))
            return packed(taken) | {LINES: lines}
        return packed(taken)

    def _must_be_money(self, lines: list[dict[str, Any]], place: str) -> None:
        if not self.errors and sum(map(into.line_amount, lines), Decimal(0)) > MOST_MONEY:
            self._wrong(place, _("Together these lines come to more than %(most)s") % {"most": f"{MOST_MONEY:,}"})

    def _value(self, section: str, name: str, value: Any, place: str) -> Any:
        try:
            if isinstance(value, (bool, list, dict)):
                raise Wrong(_("A text or a number is expected"))
            if value is None and name in ("fulfilment", "status"):
                return None
            return values.converter(section, name, None)(value)
        except ValueError as wrong:
            self._wrong(f"{place}.{name}", str(wrong))
            return None

    def _wrong(self, place: str, text: str) -> None:
        if len(self.errors) < TOLD:
            self.errors.setdefault(place, []).append(text)
        else:
            self.errors.setdefault("more", [_("There are more; these are the first %(count)s") % {"count": TOLD}])
