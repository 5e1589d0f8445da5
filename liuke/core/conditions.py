"""Filter values of an address as conditions on rows. What cannot be read raises ValidationError or ValueError."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import IntegerField, Model, Q
from django.utils import timezone

from liuke.core import extras
from liuke.core.display import Shown, shown

LOOKUPS = ("gte", "lte", "gt", "lt", "contains")
TEXTS = ("text", "phone", "long", "link")
LARGEST = 2**62


def condition(known: Shown, lookup: str, value: str) -> Q:
    """One filter value as a condition. Raises ValidationError or ValueError when it cannot be read."""
    if isinstance(known, extras.Extra):
        return extras.holding(known, condition(known.stored, lookup, value))
    field: Any = known.field
    if lookup == "contains" and known.kind not in TEXTS:
        raise ValueError(value)
    ordered_choice = known.kind == "choice" and isinstance(field, IntegerField)  # stars: three and more
    if lookup != "exact" and known.kind in ("choice", "reference", "bool", "many") and not ordered_choice:
        raise ValueError(value)
    if known.kind in ("date", "datetime"):
        return _day(known, lookup, value)
    if known.kind == "choice" and value not in {str(key) for key, _label in field.flatchoices}:
        raise ValueError(value)
    if known.kind == "reference":
        return _reference(known, lookup, value)
    if known.kind == "many":
        return _many(known, _number(value))
    if known.kind == "bool":
        return Q(**{known.path: _truth(value)})
    if known.kind in TEXTS:
        return Q(**{f"{known.path}__{containing(value) if lookup == 'contains' else lookup}": _clean(value)})
    parsed = field.to_python(value)
    if isinstance(parsed, int | Decimal) and not -LARGEST < parsed < LARGEST:
        raise ValueError(value)
    return Q(**{f"{known.path}__{lookup}": parsed})


def _truth(value: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if value.lower() not in known:
        raise ValueError(value)
    return known[value.lower()]


def containing(word: str) -> str:
    """The lookup for a part of a text. Chinese has no case: then PostgreSQL need not fold every row."""
    return "contains" if word.upper() == word.lower() else "icontains"


def starting(path: str, text: str) -> Q:
    """Texts that start with this one, as an index finds them: SQLite's LIKE folds case and so uses none."""
    if connection.vendor == "sqlite":
        return Q(**{f"{path}__gte": text, f"{path}__lt": f"{text}\U0010ffff"})
    return Q(**{f"{path}__startswith": text})


def _clean(value: str) -> str:
    if not readable(value):
        raise ValueError(value)
    return value


def readable(value: Any) -> bool:
    """Whether every database can hold the text: no null character, no half of one. Other values are left alone."""
    if not isinstance(value, str):
        return not isinstance(value, list | dict)
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value


def _reference(known: Shown, lookup: str, value: str) -> Q:
    code = getattr(known.field, "code_field", "")
    if code:
        return Q(**{f"{known.path}__{code}": _clean(value)})
    return Q(**{known.path: _number(value)})


@lru_cache(maxsize=500)
def _many(known: Shown, number: int) -> Q:
    """Rows that have the chosen one among many; one of a tree counts with everything below it."""
    field = known.reference
    within = getattr(field.related_model, "within", lambda pk: Q(pk=pk))(number)
    holders = field.related_model._base_manager.filter(within)
    links = field.remote_field.through._base_manager.filter(**{f"{field.m2m_reverse_field_name()}__in": holders})
    return Q(pk__in=links.values(field.m2m_field_name()))


def _number(value: str) -> int:
    number = int(value)
    if abs(number) >= LARGEST:
        raise ValueError(value)
    return number


def _day(known: Shown, lookup: str, value: str) -> Q:
    """A day or a moment. Years no calendar of a company has would overflow on their way to another time zone."""
    if known.kind == "datetime" and len(value) == 10:
        parsed: Any = date.fromisoformat(value)
        made = _whole_day
    else:
        field: Any = known.field
        parsed, made = field.to_python(value), None
    if not 1900 <= parsed.year <= 9000:
        raise ValueError(value)
    return made(known.path, lookup, parsed) if made else Q(**{f"{known.path}__{lookup}": parsed})


def _whole_day(path: str, lookup: str, day: date) -> Q:
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = start + timedelta(days=1)
    return {
        "exact": Q(**{f"{path}__gte": start, f"{path}__lt": end}),
        "gte": Q(**{f"{path}__gte": start}),
        "gt": Q(**{f"{path}__gte": end}),
        "lte": Q(**{f"{path}__lt": end}),
        "lt": Q(**{f"{path}__lt": start}),
    }[lookup]


def since(model: type[Model], field: str, day: date) -> Q:
    """From that day on: the very condition a list's filter makes, so that a figure and the list behind it agree."""
    return condition(shown(model, field), "gte", day.isoformat())


def one_of(paths: tuple[str, ...], word: str) -> Q:
    """A word of the search box: in any of the fields."""
    if not readable(word):
        return Q(pk__in=[])
    found = Q()
    for path in paths:
        found |= Q(**{f"{path}__{containing(word)}": word})
    return found
