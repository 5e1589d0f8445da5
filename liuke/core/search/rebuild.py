"""The whole index made anew, a batch at a time beside people who work; many rows take no more memory than few."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection, transaction

from liuke.core.models.search_entry import SearchEntry
from liuke.core.register import resources
from liuke.core.search.index import BATCH, SHIFT, kind_of, refresh, start_of
from liuke.core.verbs import in_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from liuke.core.resource import Resource


def rebuild(told: Callable[[str, int], None] = lambda label, count: None) -> None:
    """Write what is missing or wrong, remove what belongs to nothing; `told` hears of each kind how many there are."""
    for resource in searchable():
        told(resource.label_plural, _write(resource))
        _remove_strays(resource)
    _mend()


def complete() -> None:
    """Write the entries of kinds where some are missing: rows of an older house, or put in by no verb."""
    for resource in searchable():
        if resource.model._base_manager.count() != _entries(resource).count():
            _write(resource)
            _remove_strays(resource)


def searchable() -> Iterator[Resource]:
    return (resource for resource in resources() if resource.search)


def _write(resource: Resource) -> int:
    count, last = 0, 0
    rows = resource.model._base_manager.order_by("pk")
    while pks := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        write(resource, pks)
        count, last = count + len(pks), pks[-1]
    return count


def write(resource: Resource, pks: Sequence[int]) -> None:
    """Write the entries of these records, in a transaction of their own."""
    in_transaction(partial(_write_locked, resource, pks))


def _write_locked(resource: Resource, pks: Sequence[int]) -> None:
    """Nobody changes a row between its being read and its entry's being written."""
    rows = resource.model._base_manager.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=pks).order_by("pk").values_list("pk"))
    refresh(resource, pks)


def _remove_strays(resource: Resource) -> None:
    start, last = start_of(kind_of(resource.model)), -1
    while ids := list(
        _entries(resource).filter(pk__gt=start + last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        pks = [one - start for one in ids]
        there = set(resource.model._base_manager.filter(pk__in=pks).values_list("pk", flat=True))
        SearchEntry.objects.filter(pk__in=[start + pk for pk in pks if pk not in there]).delete()
        last = pks[-1]


def _entries(resource: Resource) -> Any:
    kind = kind_of(resource.model)
    return SearchEntry.objects.filter(pk__gte=start_of(kind), pk__lt=start_of(kind) + (1 << SHIFT))


def _mend() -> None:
    """The full-text table of SQLite, where it does not say what the entries say."""
    if connection.vendor != "sqlite":
        return
    try:
        with transaction.atomic():
            _ask_for("integrity-check")
    except DatabaseError:
        _ask_for("rebuild")


def _ask_for(act: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO core_searchwords(core_searchwords, rank) VALUES (%s, 1)", [act])
