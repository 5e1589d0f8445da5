"""The advanced filter: up to ten rows of field, operator and value, joined by "and" or "or".

In an address each is `where=amount~gt~5000`; `any=1` joins them by "or". A value may hold anything, also a tilde;
`between` takes two, `where=founded_on~between~2020-01-01~2020-12-31`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import CharField, Q, TextField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.core import extras
from liuke.core.conditions import TEXTS, condition
from liuke.core.display import Shown, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liuke.core.resource import Resource

MOST = 10
MARK = "~"
OPERATORS: dict[str, Any] = {
    "is": lazy("is"),
    "not": lazy("is not"),
    "has": lazy("contains"),
    "hasnot": lazy("does not contain"),
    "gt": lazy("greater than"),
    "lt": lazy("less than"),
    "between": pgettext_lazy("operator", "between"),
    "empty": lazy("is empty"),
    "filled": lazy("is not empty"),
}
WITHOUT_VALUE = ("empty", "filled")
ORDERED = ("date", "datetime", "money", "percent", "number")


@dataclass(frozen=True)
class Where:
    """One row of the advanced filter, as it was written."""

    path: str
    operator: str
    value: str = ""
    until: str = ""  # of `between`

    @classmethod
    def read(cls, text: str) -> Where:
        path, _mark, rest = text.partition(MARK)
        operator, _mark, value = rest.partition(MARK)
        if operator == "between":
            value, _mark, until = value.partition(MARK)
            return cls(path, operator, value, until)
        return cls(path, operator, value)

    def __str__(self) -> str:
        parts = [self.path, self.operator]
        parts += [] if self.operator in WITHOUT_VALUE else [self.value]
        return MARK.join([*parts, self.until] if self.operator == "between" else parts)


def operators_of(known: Shown) -> list[str]:
    """What can be asked of a field of this kind."""
    if known.kind in TEXTS:
        return ["has", "hasnot", "is", "not", "empty", "filled"]
    if known.kind in ORDERED:
        return ["is", "not", "gt", "lt", "between", "empty", "filled"]
    return ["is", "not", "empty", "filled"]


def joined(resource: Resource, allowed: Iterable[str], lines: Iterable[str], any_of: bool) -> Q:
    """The rows as one condition. Raises ValidationError whose messages name the rows that make no sense."""
    rows = list(lines)
    if len(rows) > MOST:
        raise ValidationError(_("At most %(most)s conditions") % {"most": MOST})
    whole, wrong = Q(), []
    for number, line in enumerate(rows, start=1):
        try:
            one = _condition(resource, allowed, Where.read(line))
            whole = whole | one if any_of else whole & one
        except (FieldDoesNotExist, AttributeError):
            wrong.append(_("Condition %(n)s: there is no such field") % {"n": number})
        except (ValidationError, ValueError, ArithmeticError):
            wrong.append(_("Condition %(n)s: “%(value)s” is not a valid value") % {"n": number, "value": line[:100]})
    if wrong:
        raise ValidationError(wrong)
    return whole


def _condition(resource: Resource, allowed: Iterable[str], where: Where) -> Q:
    known = shown(resource.model, where.path)
    if where.path not in allowed:
        raise FieldDoesNotExist
    if where.operator not in operators_of(known):
        raise ValueError(where.operator)
    if where.operator in WITHOUT_VALUE:
        return _empty(known) if where.operator == "empty" else ~_empty(known)
    if where.value == "" or (where.operator == "between" and where.until == ""):
        raise ValueError(where.value)
    if where.operator == "between":
        return condition(known, "gte", where.value) & condition(known, "lte", where.until)
    lookup = {"has": "contains", "hasnot": "contains", "gt": "gt", "lt": "lt"}.get(where.operator, "exact")
    found = condition(known, lookup, where.value)
    return ~found if where.operator in ("not", "hasnot") else found


def _empty(known: Shown) -> Q:
    """Nothing in it: no value, or an empty text."""
    if isinstance(known, extras.Extra):
        return ~extras.holding(known, Q(**{f"{known.column}__isnull": False}))
    empty = Q(**{f"{known.path}__isnull": True})
    return empty | Q(**{known.path: ""}) if isinstance(known.field, CharField | TextField) else empty
