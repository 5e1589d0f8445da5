"""The index is kept up where records are written, in the writer's own transaction, a batch at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from liuke.core import extras
from liuke.core.many.pouring import listed
from liuke.core.models.search_entry import SearchEntry
from liuke.core.register import has_resource, resource_of, resources
from liuke.core.search import ahead
from liuke.core.search.grams import Entry, entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Model

    from liuke.core.models import Record
    from liuke.core.resource import Resource

BATCH = 1000
WRITE = """
    INSERT INTO core_searchentry (id, grams, trace) {rows}
    ON CONFLICT (id) DO UPDATE SET grams = excluded.grams, trace = excluded.trace
"""
COLUMNS = ("bigint", "text", "text")
SHIFT = 40  # bits of an entry's id that are the record's id; its kind stands above


def kind_of(model: type[Model]) -> int:
    return ContentType.objects.get_for_model(model).pk


def start_of(kind: int) -> int:
    """What an entry's id has above the id of its record."""
    return kind << SHIFT


def keep_up(records: Sequence[Record]) -> None:
    """Follower of written rows: their own entries, and those of records that are found by what these are called."""
    model = type(records[0])
    if not has_resource(model) or not resource_of(model).search:
        return
    if helper := ahead.helper():
        kind = kind_of(model)
        helper.take(kind, start_of(kind), texts_of(resource_of(model), [record.pk for record in records]))
        return
    changed = refresh(resource_of(model), [record.pk for record in records])
    if changed:
        for resource, path in _followers_of(model):
            found = resource.model._base_manager.filter(**{f"{path}__listed": changed})
            pks = list(found.values_list("pk", flat=True))
            for begin in range(0, len(pks), BATCH):
                refresh(resource, pks[begin : begin + BATCH])


def refresh(resource: Resource, pks: Sequence[int]) -> list[int]:
    """Write the entries of these records as they are now; returns the ids of those that were known and have changed."""
    start = start_of(kind_of(resource.model))
    entries = entries_of(resource, pks)
    known = dict(SearchEntry.objects.filter(pk__listed=[start + pk for pk in entries]).values_list("pk", "trace"))
    rows = [(start + pk, *found) for pk, found in entries.items() if known.get(start + pk) != found.trace]
    write(rows)
    if gone := set(pks) - entries.keys():
        SearchEntry.objects.filter(pk__in=[start + pk for pk in gone]).delete()
    return [pk - start for pk, *_texts in rows if pk in known]


def write(rows: Sequence[tuple[int, str, str]]) -> None:
    """Many in one statement: behind each one SQLite files away what its full-text table has gathered so far."""
    for begin in range(0, len(rows), BATCH):
        some = rows[begin : begin + BATCH]
        asked, values = listed(COLUMNS, some)
        with connection.cursor() as cursor:
            cursor.execute(WRITE.format(rows=asked), values)


def entries_of(resource: Resource, pks: Sequence[int]) -> dict[int, Entry]:
    """What should stand in the index of them."""
    kind = kind_of(resource.model)
    return {pk: entry(kind, texts) for pk, texts in texts_of(resource, pks).items()}


def texts_of(resource: Resource, pks: Sequence[int]) -> dict[int, list[str]]:
    """What each of them is found by."""
    rows = resource.model._base_manager.filter(pk__listed=pks).values_list("pk", *resource.search)
    added = extras.searchable_texts(resource, pks)
    return {pk: [*map(_text, values), *added.get(pk, ())] for pk, *values in rows}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _followers_of(model: type[Model]) -> Iterator[tuple[Resource, str]]:
    """The resources that are searched by texts of this one, and the path to it."""
    for resource in resources():
        for path in {path.rpartition("__")[0] for path in resource.search} - {""}:
            if _end_of(resource.model, path) is model:
                yield resource, path


def _end_of(model: Any, path: str) -> Any:
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
