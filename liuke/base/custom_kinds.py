"""Definitions of added fields, told as the fields of Django that treat their values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import models

from liuke.core.display import kind_of, text_field
from liuke.core.extras import Extra, Picked
from liuke.core.fields import MoneyField, NumberField, YesNoField
from liuke.core.register import resource

from .custom_fields import CustomField
from .fields import DictField
from .models import DictionaryItem


def definitions() -> dict[str, dict[str, Extra]]:
    found: dict[str, dict[str, Extra]] = {}
    fields = list(CustomField.objects.alive().order_by("resource", "position", "id"))
    entries = _entries({one.category for one in fields if one.category})
    for one in fields:
        found.setdefault(one.resource, {})[one.path] = _extra(one, entries.get(one.category, {}))
    return found


def _entries(categories: set[str]) -> dict[str, dict[str, Picked]]:
    """The entries of the categories by their values, in their order; a deleted one is in no use, nor here."""
    found: dict[str, dict[str, Picked]] = {}
    rows = DictionaryItem.objects.alive().filter(category__in=categories).order_by("position", "id")
    for category, pk, text, value in rows.values_list("category", "pk", "entry", "value"):
        found.setdefault(category, {})[value] = Picked(pk, text, value)
    return found


def _extra(one: CustomField, entries: dict[str, Picked]) -> Extra:
    column, make = MADE[one.kind]
    field = make(one, verbose_name=one.label, help_text=one.help)
    field.set_attributes_from_name(one.path)
    field.model = resource(one.resource).model
    kind = kind_of(field)
    fetch = f"{one.path}__{text_field(DictionaryItem)}" if kind == "reference" else one.path
    return Extra(one.path, field, one.label, fetch, kind, one.pk, column, one.required, one.listed, entries)


class Amount(MoneyField):
    """Money in a column that is as wide as any number's."""

    def from_db_value(self, value: Any, *_others: Any) -> Any:
        return value if value is None else value.quantize(Decimal("0.01"))


def _choice(one: CustomField, **known: Any) -> models.Field:
    field = DictField(category=one.category, **known)
    field.remote_field.model = DictionaryItem  # a field of no model has nobody who would look the name up
    return field


def _maker(cls: type[models.Field], **kwargs: Any) -> Callable[..., models.Field]:
    return lambda one, **known: cls(null=True, blank=True, **kwargs, **known)


MADE: dict[str, tuple[str, Callable[..., models.Field]]] = {
    "text": ("text", _maker(models.CharField, max_length=500)),
    "number": ("number", _maker(NumberField)),
    "money": ("number", _maker(Amount)),
    "date": ("day", _maker(models.DateField)),
    "choice": ("item", _choice),
    "yes_no": ("flag", _maker(YesNoField)),
    "link": ("text", _maker(models.URLField, max_length=500)),
}
