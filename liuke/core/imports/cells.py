"""A cell of a file as a value of a field. What cannot be understood raises ValidationError that says how to put it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from liuke.core.imports.sheets import Serial

if TYPE_CHECKING:
    from collections.abc import Callable

EXACT = 10**15  # Excel keeps fifteen digits of a number and makes zeros of the rest
YES = {"是", "真", "有", "对", "√", "✓", "y", "yes", "true", "1", "t"}
NO = {"否", "假", "无", "错", "×", "x", "✗", "n", "no", "false", "0", "f"}
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
SIGNS = str.maketrans("", "", "¥￥$, \u00a0%")


def text(cell: Any) -> str:
    """The cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip().replace("\x00", "")
    if isinstance(cell, Serial):
        return _digits(cell.number)
    if isinstance(cell, bool):
        return _("Yes") if cell else _("No")
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes") if cell.time() != time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _digits(number: float) -> str:
    if abs(number) >= EXACT:
        raise ValidationError(_("Excel has rounded this long number: format the column as text and enter it again"))
    return str(int(number)) if number == int(number) else repr(number)


def plain(cell: Any) -> str:
    """The text with full-width digits and signs made half-width."""
    return unicodedata.normalize("NFKC", text(cell)).strip()


def whole(cell: Any) -> int:
    amount = decimal(cell)
    if amount != amount.to_integral_value() or abs(amount) > 2**53:
        raise ValidationError(_("Enter a whole number"))
    return int(amount)


def decimal(cell: Any) -> Decimal:
    sent = plain(cell)
    try:
        amount = Decimal(sent.translate(SIGNS))
    except InvalidOperation:
        raise ValidationError(_("“%(value)s” is no number") % {"value": sent[:50]}) from None
    if not amount.is_finite():
        raise ValidationError(_("“%(value)s” is no number") % {"value": sent[:50]})
    return amount


def truth(cell: Any) -> bool:
    word = plain(cell).lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValidationError(_("“%(value)s” is neither yes nor no") % {"value": word[:50]})


def day(cell: Any) -> date:
    return _moment(cell).date()


def moment(cell: Any) -> datetime:
    """In the company's time zone."""
    return timezone.make_aware(_moment(cell))


def _moment(cell: Any) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    try:
        if isinstance(cell, Serial) and 1 <= cell.number < 200_000:
            return cell.moment()
        return _written(plain(cell))
    except (ValueError, OverflowError):
        wanted = _("“%(value)s” is no date: write it like 2026-11-22") % {"value": plain(cell)[:50]}
        raise ValidationError(wanted) from None


def _written(sent: str) -> datetime:
    found = DAY.match(sent) or COMPACT.match(sent)
    if not found:
        raise ValueError(sent)
    rest = sent[found.end() :].strip(" T")
    if not rest:
        at = time()
    elif moment := CLOCK.fullmatch(rest):
        hour, minute, second = (int(part or 0) for part in moment.groups())
        at = time(hour, minute, second)
    else:
        raise ValueError(sent)
    return datetime.combine(date(*map(int, found.groups())), at)


READERS: dict[str, Callable[[Any], Any]] = {
    "money": decimal, "percent": whole, "number": whole, "bool": truth, "date": day, "datetime": moment,
    "phone": plain,
}  # fmt: skip
