"""Their values as ours. What does not fit is refused in words that name the column and show the value."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from .mapping import OTHERWISE

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTHS = {
    "external_id": 100, "customer_number": 100, "customer_name": 200, "product": 100, "warehouse": 100, "order": 100,
    "name": 100, "model": 100, "batch": 50, "unit": 20, "bin": 50, "address": 200, "delivery_address": 200,
    "product_name": 200, "notes": 2000,
}  # fmt: skip
MUST = {
    "products": ("external_id", "name"), "warehouses": ("external_id", "name"),
    "stock": ("product", "warehouse", "quantity"), "orders": ("external_id", "order_date"),
    "order_lines": ("order", "quantity", "unit_price"),
}  # fmt: skip
CUT = {
    "notes",
    "delivery_address",
    "address",
    "product_name",
}  # too long, they are cut; anything else too long is refused
MOST_MONEY, MOST_QUANTITY = Decimal("9999999999.99"), Decimal("99999999999.999")
CENT, GRAIN = Decimal("0.01"), Decimal("0.001")
DIGITS = 40  # of one number: a longer one was not written by a person
DAY = re.compile(
    r"(?:(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)(?:\d{6})?)(?:[T ].*)?", re.ASCII | re.DOTALL
)
UNREADABLE = re.compile("[\0\ufffd\ud800-\udfff]")
ZONED = re.compile(r".{10}[T ].*(?:Z|[+-]\d\d:?\d\d)", re.ASCII)


class Wrong(ValueError):
    """A value that cannot be taken."""


def converter(section: str, column: str, words: dict[str, Any] | None) -> Callable[[Any], Any]:
    """The function that turns a value of this column of ours into what is kept."""
    if (section, column) == ("stock", "quantity"):
        return stock
    if (section, column) == ("order_lines", "quantity"):
        return sold
    if (section, column) == ("order_lines", "unit_price"):
        return unit_price
    if column in ("order_date",):
        return day
    if column in ("price", "unit_price", "amount"):
        return money
    if column == "quantity":
        return quantity
    if column in ("fulfilment", "status"):
        return lambda value: _word(value, words or {}, column)
    if column == "changed_at":
        return lambda value: value
    return lambda value: text(value, LENGTHS[column], column in CUT)


def text(value: Any, most: int, cut: bool = False) -> str:
    """A text without what no database keeps. A number reads as people write it: 10023, not 10023.0."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8")  # a UnicodeDecodeError is a ValueError
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    found = str(value).strip()
    if UNREADABLE.search(found):
        raise Wrong(_("this is no readable text"))
    if len(found) > most and not cut:
        raise Wrong(_("longer than %(most)s characters") % {"most": most})
    return found[:most]


def day(value: Any) -> date | None:
    """The day of a date, a moment (in the company's time zone) or a text."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    found = DAY.fullmatch(text)
    try:
        if ZONED.fullmatch(text):
            return timezone.localtime(datetime.fromisoformat(text)).date()
        return date(*(int(part) for part in found.groups() if part)) if found else _no_day()
    except (ValueError, OverflowError):
        return _no_day()


def _no_day() -> date:
    raise Wrong(_("this is no date"))


def money(value: Any) -> Decimal | None:
    """To the cent, half a cent up. Raises Wrong below 0."""
    return _number(value, CENT, MOST_MONEY)


def quantity(value: Any) -> Decimal | None:
    """Three digits after the point. Raises Wrong below 0."""
    return _number(value, GRAIN, MOST_QUANTITY)


def unit_price(value: Any) -> Decimal | None:
    """With every digit it has: it is multiplied first, and the amount rounded. Raises Wrong below 0."""
    found = _given(value)
    if found is None:
        return None
    _rounded(found, CENT, MOST_MONEY)  # it has to fit
    return _whole(found)


def sold(value: Any) -> Decimal | None:
    """A quantity above 0, with every digit it has: returns and gifts of nothing are no sales. Raises Wrong."""
    found = _given(value)
    if found is None:
        return None
    if _rounded(found, GRAIN, MOST_QUANTITY) == 0:
        raise Wrong(_("a quantity has to be above 0"))
    return _whole(found)


def _whole(found: Decimal) -> Decimal:
    """A number that has been looked at, not rounded."""
    if len(found.as_tuple().digits) > DIGITS:
        raise Wrong(_("this number has too many digits"))
    return found


def stock(value: Any) -> Decimal | None:
    """What lies there; where their books say less than nothing, nothing lies there."""
    return Decimal(0) if str(value).strip().startswith("-") and _is_number(value) else quantity(value)


def _is_number(value: Any) -> bool:
    try:
        return Decimal(str(value).strip()).is_finite()
    except InvalidOperation:
        return False


def _number(value: Any, step: Decimal, most: Decimal) -> Decimal | None:
    found = _given(value)
    return None if found is None else _rounded(found, step, most)


def _given(value: Any) -> Decimal | None:
    """A number with every digit it has."""
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        raise Wrong(_("this is no number")) from None


def _rounded(given: Decimal, step: Decimal, most: Decimal) -> Decimal:
    try:
        found = given.quantize(step, ROUND_HALF_UP)
    except InvalidOperation:
        raise Wrong(_("this is no number")) from None
    if not found.is_finite() or found > most:
        raise Wrong(_("this number is too large"))
    if found < 0:
        raise Wrong(_("this number is below 0"))
    return found


def _word(value: Any, words: dict[str, Any], column: str) -> Any:
    theirs = text(value, 100)
    if theirs in words:
        return words[theirs]
    if OTHERWISE in words:
        return words[OTHERWISE]
    ours = {"fulfilment": "1 2 3 4 5 6", "status": "invalid valid completed"}[column].split()
    if not words and theirs in ours:
        return int(theirs) if column == "fulfilment" else theirs
    raise Wrong(_("the mapping does not say what this state means"))


def moment_text(value: Any) -> str:
    """A watermark as people read it."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return str(value)
