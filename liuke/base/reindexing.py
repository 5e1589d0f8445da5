"""Search follows what added fields are called and whether they are there: many records, so the background does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liuke.core.events import on
from liuke.core.jobs import enqueue
from liuke.core.register import resource
from liuke.core.search import rebuild

from .custom_fields import CustomField, CustomValue
from .models import DictionaryItem

if TYPE_CHECKING:
    from liuke.core.models import Event

SEARCHED = (CustomField.Kind.TEXT, CustomField.Kind.LINK, CustomField.Kind.CHOICE)


@on(CustomField, "delete", "restore")
def field_came_or_went(field: CustomField, event: Event) -> None:
    """With a field its values come and go."""
    if field.kind in SEARCHED and field.values.exists():
        enqueue("search-again", field=field.pk)


@on(DictionaryItem, "update")
def entry_renamed(item: DictionaryItem, event: Event) -> None:
    if "entry" in event.changes and CustomValue.objects.filter(item=item).exists():
        enqueue("search-again", item=item.pk)


def write_again(asked: dict[str, Any]) -> int:
    """Write the entries of all records with these values, a batch at a time; returns how many there are."""
    count = 0
    for name, key in _fields(asked):
        rows = CustomValue.objects.filter(**asked).filter(field=key).order_by("record")
        last = 0
        while pks := list(rows.filter(record__gt=last).values_list("record", flat=True)[: rebuild.BATCH]):
            rebuild.write(resource(name), pks)
            count, last = count + len(pks), pks[-1]
    return count


def _fields(asked: dict[str, Any]) -> list[tuple[str, int]]:
    """(resource, id) of the fields that have such values."""
    known = {one.name for one in rebuild.searchable()}
    rows = CustomField.objects.filter(pk__in=CustomValue.objects.filter(**asked).values("field"))
    return [(name, key) for name, key in rows.order_by("pk").values_list("resource", "pk") if name in known]
