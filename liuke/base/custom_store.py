"""Where added fields are kept: definitions remembered until they change, values read and written many at once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from liuke.core import extras, written
from liuke.core.extras import Extra, Picked, Values

from . import settings
from .custom_conditions import holding
from .custom_fields import CustomField, CustomValue
from .custom_kinds import definitions
from .custom_order import Order
from .models import DictionaryItem, SystemSetting

SIGN = "custom_fields"  # a word among the settings, another one after each change: read once a request anyway
COLUMNS = ("text", "number", "day", "item", "flag")


class Store:
    """The `core.extras.Store` of this house."""

    def __init__(self) -> None:
        self._known: tuple[str, dict[str, dict[str, Extra]]] = ("", {})

    def of(self, resource: str) -> Mapping[str, Extra]:
        sign = settings.stored().get(SIGN, "")
        if sign != self._known[0]:
            self._known = sign, definitions()
        return self._known[1].get(resource, {})

    def columns(self, extra: Extra) -> Mapping[str, Any]:
        return _columns(extra)

    def read(self, wanted: Sequence[Extra], pks: Sequence[int]) -> dict[int, Values]:
        by_key = {one.key: one for one in wanted}
        rows = CustomValue.objects.filter(field__in=list(by_key), record__in=list(pks))
        found: dict[int, Values] = {}
        for key, record, *values in rows.values_list("field", "record", *COLUMNS, "item__entry", "item__value"):
            one = by_key[key]
            found.setdefault(record, {})[one.path] = _value(one, values)
        return found

    def write(self, wanted: Sequence[Extra], values: Mapping[int, Values]) -> None:
        by_path = {one.path: one for one in wanted}
        told = [(by_path[path], pk, value) for pk, one in values.items() for path, value in one.items()]
        _upsert([_row(one, pk, value) for one, pk, value in told if value is not None])
        for one in wanted:
            if emptied := [pk for of, pk, value in told if of is one and value is None]:
                CustomValue.objects.filter(field=one.key, record__in=emptied).delete()

    def holding(self, extra: Extra, condition: Q) -> Q:
        return holding(extra, condition)

    def order(self, extra: Extra, down: bool) -> Order:
        return Order(extra, down, tuple(entry.pk for entry in extra.entries.values()))


def sign_in() -> None:
    extras.keep_in(Store())
    written.follow(_renew)


def _renew(records: Sequence[Any]) -> None:
    """Every process sees another sign with its next request, and reads the definitions anew."""
    if isinstance(records[0], CustomField | DictionaryItem):
        SystemSetting.objects.update_or_create(key=SIGN, defaults={"value": secrets.token_hex(8)})
        settings.forget()


@lru_cache(maxsize=1000)
def _columns(one: Extra) -> Mapping[str, Any]:
    """The same expressions for the same definition: by them `statements` knows the question again."""
    own = CustomValue.objects.filter(field=one.key, record=OuterRef("pk"))
    names = {one.path: one.column}
    if one.kind == "reference":
        names |= {one.fetch: "item__entry", f"{one.path}__{one.reference.code_field}": "item__value"}
    kind = None if one.kind == "reference" else one.field
    return {name: Subquery(own.values(column)[:1], output_field=kind) for name, column in names.items()}


def _value(one: Extra, values: Sequence[Any]) -> Any:
    row = dict(zip((*COLUMNS, "entry", "value"), values, strict=True))
    value = row[one.column]
    if value is not None and one.kind == "reference":
        return Picked(value, row["entry"], row["value"])
    field: Any = one.field
    return field.from_db_value(value) if isinstance(value, Decimal) else value


def _row(one: Extra, pk: int, value: Any) -> CustomValue:
    column = "item_id" if one.column == "item" else one.column
    return CustomValue(field_id=one.key, record=pk, **{column: getattr(value, "pk", value)})


def _upsert(rows: list[CustomValue]) -> None:
    CustomValue.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["field", "record"], update_fields=COLUMNS
    )
