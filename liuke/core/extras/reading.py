"""Values of added fields, read for one record or for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from liuke.core.extras.fields import Extra, Picked, Values, by_path, is_path, of, store
from liuke.core.register import resource_of

if TYPE_CHECKING:
    from liuke.core.models import Record
    from liuke.core.resource import Resource


def columns(resource: Resource, names: Iterable[str]) -> tuple[tuple[str, Any], ...]:
    """What to annotate rows with, so that they can be asked for the added fields in `names` like for their own."""
    added = sorted(filter(is_path, names))
    known = by_path(resource) if added else {}
    paths = {name.partition("__")[0] for name in added} & known.keys()
    found = {name: one for path in paths for name, one in _columns(known[path]).items()}
    return tuple((name, found[name]) for name in added if name in found)


def annotated(rows: Any, resource: Resource, names: Iterable[str]) -> Any:
    return rows.annotate(**dict(columns(resource, names)))


def _columns(one: Extra) -> Mapping[str, Any]:
    return store().columns(one)


def values_of(record: Record) -> Values:
    """The values of one record by path, remembered until it is locked or written."""
    memory = record.__dict__
    if "_extras" not in memory:
        extras = of(resource_of(type(record))) if record.pk else []
        memory["_extras"] = read(extras, [record.pk]).get(record.pk, {})
    return memory["_extras"]


def stored(resource: Resource, pks: Sequence[int]) -> dict[int, Values]:
    """The values of many records, by id and path; one question for all of them."""
    return read(of(resource), pks)


def entered(record: Record, one: Extra) -> Any:
    """A record's value as a form starts with it."""
    value = values_of(record).get(one.path)
    return value.code if isinstance(value, Picked) else value


def searchable_texts(resource: Resource, pks: Sequence[int]) -> dict[int, list[str]]:
    """What people may search records by: added texts, links and choices. One question for all of them."""
    texts = [one for one in of(resource) if one.kind in ("text", "link", "reference")]
    return {pk: [str(value) for value in values.values()] for pk, values in read(texts, pks).items()}


def read(extras: Sequence[Extra], pks: Sequence[int]) -> dict[int, Values]:
    return store().read(extras, pks) if extras and pks else {}
