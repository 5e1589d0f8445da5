"""Watermarks: the newest change that was read of each section, kept as JSON and put back a little before it is used.

A mark that is too old only makes us read again what we have; one that is too new loses changes. So what lies in the
future is no mark, texts are one only where they sort as the moments they tell, and each is used `overlap` earlier: for
what was being saved while we read, for a clock that was put back, for the hour that comes twice in autumn.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from liuke.core import clock

# Year first and two digits each: 2026-03-01 10:00:00.5+08:00, 2026/03/01, 20260301100000
SORTED = re.compile(
    r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?:([ T]?)(\d\d)(:?)(\d\d)(?:\7(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
SECONDS, MILLISECONDS = range(10**9, 4 * 10**9), range(10**12, 4 * 10**12)  # since 1970, of 2001 to 2096
OF_DAY = 14  # digits of 20260301100000


class Newest:
    """The newest change among the rows of a section; `usable` is False where their order tells nothing."""

    def __init__(self) -> None:
        self.value: Any = None
        self.usable = True
        self.form: tuple[str, str | None] | None = None
        self.limit = clock.now()

    def see(self, value: Any) -> None:
        if value is None or not self.usable:
            return
        if isinstance(value, str) and not self._fits(value):
            self.usable = False
            return
        try:
            later = self.value is None or value > self.value
        except TypeError:
            self.usable = False
            return
        if later and _is_mark(value, self.limit):
            self.value = value

    def _fits(self, text: str) -> bool:
        """Whether it sorts, and is written as those before it."""
        found = SORTED.fullmatch(text)
        if found is None:
            return False
        form = found[2], found[5]
        sign, between = self.form or form
        self.form = sign, form[1] if between is None else between
        return form[0] == sign and form[1] in (self.form[1], None)


def packed(marks: dict[str, Any]) -> dict[str, list[str]]:
    return {name: _pack(value) for name, value in marks.items()}


def unpacked(kept: dict[str, list[str]], overlap: int) -> dict[str, Any]:
    """The marks as their database compares them, `overlap` minutes earlier where they are moments."""
    found = {}
    for name, (kind, text) in kept.items():
        with suppress(OverflowError):  # before the first year: no mark
            found[name] = _unpack(kind, text, timedelta(minutes=overlap))
    return found


def shown(kept: list[str] | None) -> str:
    return kept[1] if kept else ""


def _pack(value: Any) -> list[str]:
    if isinstance(value, datetime):
        return ["moment", value.isoformat(" ")]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, int):
        return ["whole", str(value)]
    if isinstance(value, (float, Decimal)):
        return ["number", str(value)]
    return ["text", str(value)]


def _unpack(kind: str, text: str, overlap: timedelta) -> Any:
    if kind == "moment":
        return datetime.fromisoformat(text) - overlap
    if kind == "day":
        return date.fromisoformat(text) - _days(overlap)
    if kind == "text":
        return _earlier(text, overlap)
    if kind == "bytes":
        return bytes.fromhex(text)
    return _earlier_number(int(text), overlap) if kind == "whole" else Decimal(text)


def _days(overlap: timedelta) -> timedelta:
    """What was saved before midnight may be seen after it."""
    return timedelta(days=overlap.days + 1) if overlap else overlap


def _earlier(text: str, overlap: timedelta) -> str:
    """Compared as text, the shape must stay."""
    found = SORTED.fullmatch(text)
    if found is None or not overlap:
        return text
    sign = found[2]
    if found[6] is None:
        return f"{_moment(text) - _days(overlap):%Y{sign}%m{sign}%d}"
    time = found[7].join(("%H", "%M", "%S") if found[9] else ("%H", "%M"))
    return f"{_moment(text) - overlap:%Y{sign}%m{sign}%d{found[5]}{time}}{found[10] or ''}"


def _earlier_number(number: int, overlap: timedelta) -> int:
    if number in SECONDS:
        return number - int(overlap.total_seconds())
    if number in MILLISECONDS:
        return number - int(overlap.total_seconds()) * 1000
    if len(str(number)) == OF_DAY and SORTED.fullmatch(str(number)):
        return int(_earlier(str(number), overlap))
    return number


def _is_mark(value: Any, limit: datetime) -> bool:
    """Not a moment that lies ahead, and no text that only looks like one."""
    moment = _moment(value)
    if moment is None:
        return not isinstance(value, str)
    if moment.tzinfo is None:
        return bool(moment <= timezone.localtime(limit).replace(tzinfo=None))
    return bool(moment <= limit)


def _moment(value: Any) -> Any:
    """The moment a mark tells, as their clock has it; None for what is only counted on."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time())
    if isinstance(value, int) and (value in SECONDS or value in MILLISECONDS):
        return datetime.fromtimestamp(value if value in SECONDS else value / 1000, UTC)
    found = SORTED.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    numbers = (int(part or 0) for part in (found[1], found[3], found[4], found[6], found[8], found[9]))
    try:
        moment = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001  their clock's
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if found[10] == "Z" else moment
