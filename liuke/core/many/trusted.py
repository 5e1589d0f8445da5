"""Rows that a program of ours has made: what `save_many` writes, without what it looks at, as fast as can be.

For bulk synthetic data and the like. Whatever comes from people goes through `save_many`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from liuke.core import clock, written
from liuke.core.many.pouring import fresh_ids, insert, pour
from liuke.core.models.event import Event, is_told, plain
from liuke.core.models.numbers import next_numbers
from liuke.core.verbs import in_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Model

    from liuke.core.models import Record


def enter_made(records: Sequence[Record], note: str = "") -> None:
    """Numbers, rows, one event each, and whoever follows written rows, in one transaction.

    The records are complete, sound, and in the order of their `created_at`; references are loaded.
    """
    if records:
        in_transaction(lambda: _enter(records, note))


def _enter(records: Sequence[Record], note: str) -> None:
    if type(records[0]).NUMBER_PREFIX:
        give_numbers(records)
    pour(records)
    insert(Event, Event._meta.concrete_fields, _events(records, note))
    with clock.at(records[-1].created_at):
        written.tell(records)


def give_numbers(records: Sequence[Any]) -> None:
    """Each has a number of the day it was entered on."""
    for _day, some in groupby(records, key=lambda record: timezone.localdate(record.created_at)):
        group = list(some)
        with clock.at(group[0].created_at):
            numbers = next_numbers(group[0].NUMBER_PREFIX, len(group))
        for record, number in zip(group, numbers, strict=True):
            record.number = number


def _events(records: Sequence[Any], note: str) -> Iterator[list[Any]]:
    """One row for each, as the database takes it, in the order of the fields: a model object costs as much again."""
    model, database = type(records[0]), connections[DEFAULT_DB_ALIAS]
    kind = ContentType.objects.get_for_model(model).pk
    author = model._meta.get_field(model.AUTHOR).attname
    at, changes = Event._meta.get_field("at"), Event._meta.get_field("changes")
    names: dict[tuple[str, Any], str] = {}
    for pk, record in zip(fresh_ids(Event, len(records)), records, strict=True):
        moment, told = record.created_at, changes.get_db_prep_save(dict(_told(record, names)), database)
        yield [
            pk, at.get_db_prep_save(moment, database), getattr(record, author), "create", kind, record.pk,
            str(record)[:200], told, note,
        ]  # fmt: skip


def _told(record: Any, names: dict[tuple[str, Any], str]) -> Iterator[tuple[str, list[Any]]]:
    for field in _told_fields(record.__class__):
        value = getattr(record, field.attname)
        if value is None or value == "":
            continue
        if not field.is_relation:
            yield field.name, [None, plain(field, value)]
            continue
        key = field.name, value
        if key not in names:
            names[key] = str(getattr(record, field.name))
        yield field.name, [None, names[key]]


@lru_cache(maxsize=50)
def _told_fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if is_told(field)]
