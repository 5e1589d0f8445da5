"""How values read: dates, money, numbers, phones (ui.md §6). The same functions serve lists, details and templates."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liuke.core import clock

NOTHING = "--"


def day(value: date | None) -> str:
    """Of a moment the day it was in the house, not in Greenwich."""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(timezone.get_default_timezone())
    return value.isoformat()[:10] if value else NOTHING


def moment(value: datetime | None) -> str:
    """One time zone for the whole house, whoever looks."""
    return value.astimezone(timezone.get_default_timezone()).isoformat(" ", "minutes")[:16] if value else NOTHING


def ago(value: datetime | None) -> str:
    """A few words for the last day, the full time before that."""
    if not value:
        return NOTHING
    minutes = int((clock.now() - value).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", minutes // 60) % {"n": minutes // 60}
    return moment(value)


def duration(seconds: float | None) -> str:
    """0.4 s, 12 s, 3 min 5 s, 2 h 10 min."""
    if seconds is None:
        return NOTHING
    if seconds < 10:
        return _("%(n)s s") % {"n": f"{seconds:.1f}"}
    if seconds < 60:
        return _("%(n)s s") % {"n": round(seconds)}
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("%(m)s min %(s)s s") % {"m": minutes, "s": rest}
    return _("%(h)s h %(m)s min") % {"h": minutes // 60, "m": minutes % 60}


def number(value: Any) -> str:
    return NOTHING if value is None or value == "" else f"{value:,}"


def money(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


def price(value: Any) -> str:
    """Of one piece: with every digit it has, two at least."""
    if value is None or value == "":
        return NOTHING
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    return f"{'-' if amount < 0 else ''}¥{cents_at_least(abs(amount)):,f}"


def cents_at_least(amount: Decimal) -> Decimal:
    """The same number without zeros at its end, but for two digits after the point."""
    rounded = amount.quantize(Decimal("0.01"))
    return rounded if rounded == amount else amount.normalize()


def short_money(value: Any) -> str:
    """万 and 亿 for cards and charts; the exact amount stands in the tooltip beside it."""
    amount = Decimal(str(value or 0))
    for size, unit in ((Decimal(10**8), _("hundred million")), (Decimal(10**4), _("ten thousand"))):
        if abs(amount) >= size:
            return f"¥{(amount / size):,.1f} {unit}".replace(".0 ", " ")
    return f"¥{amount:,.0f}"


def percent(value: Any) -> str:
    return NOTHING if value is None or value == "" else f"{value}%"


def phone(value: str | None) -> str:
    """A Chinese mobile number in groups of 3 4 4; anything else as it was written."""
    if value and re.fullmatch(r"1\d{10}", value):
        return f"{value[:3]} {value[3:7]} {value[7:]}"
    return value or NOTHING


def size(value: int) -> str:
    """Of a file: 340 B, 12.5 KB, 1.2 MB."""
    if value < 1000:
        return f"{value} B"
    for unit in ("KB", "MB"):
        value_in = value / 1024 if unit == "KB" else value / 1024 / 1024
        if value_in < 1000:
            return f"{value_in:.1f} {unit}"
    return f"{value / 1024**3:.1f} GB"


def yes_no(value: Any) -> str:
    return NOTHING if value is None else _("Yes") if value else _("No")
