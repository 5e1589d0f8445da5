"""Deleting for good: exactly one row, out of the recycle bin, when nothing refers to it any more (SYS-12)."""

from __future__ import annotations

import copy
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from liuke.core import extras
from liuke.core.models.event import UNTOLD, plain
from liuke.core.refusals import Refused
from liuke.core.register import has_resource, resource_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from liuke.core.models import Record

    Question = Callable[[Record], models.QuerySet]

_holders: list[Question] = []


def holder(question: Question) -> Question:
    """Sign in what refers to records without a foreign key: a function that gives the rows that do."""
    _holders.append(question)
    return question


def for_good(record: Record, by: Any) -> None:
    """The verb, and what the database says when somebody refers to the record at the same moment."""
    try:
        record.purge(by=by)
    except IntegrityError:
        raise Refused(_("Something has just been entered that refers to it"), "referred") from None


def remove(record: Record) -> dict[str, list[Any]]:
    """Take the row out of the database. Returns its last values, for the event that stays. Raises Refused."""
    _must_be_free(record)
    last = _last_values(record)
    gone = copy.copy(record)  # Django takes the id off what it deletes, and the event needs it
    try:
        found = _collected(gone)
    except (ProtectedError, RestrictedError) as held:
        rows = held.protected_objects if isinstance(held, ProtectedError) else held.restricted_objects
        raise _referred(record, rows) from None
    found.delete()
    return last


def _collected(gone: Record) -> Collector:
    from liuke.core.models import Record

    found = Collector(using=gone._state.db or "default", origin=gone)
    found.collect([gone])
    others = [row for model, rows in found.data.items() if issubclass(model, Record) for row in rows if row != gone]
    if others:
        raise _referred(gone, others)
    return found


def _must_be_free(record: Record) -> None:
    for question in _holders:
        if rows := list(question(record)[:1000]):
            raise _referred(record, rows)


def _referred(record: Record, rows: Iterable[models.Model]) -> Refused:
    """Names what still refers to it, the records of the recycle bin too."""
    kinds = Counter(str(type(row)._meta.verbose_name_plural) for row in rows)
    told = "、".join(_("%(n)s × %(kind)s") % {"n": n, "kind": kind} for kind, n in kinds.most_common())
    message = _("“%(name)s” cannot be deleted for good, these still refer to it: %(what)s")
    return Refused(message % {"name": record, "what": told}, "referred")


def _last_values(record: Record) -> dict[str, list[Any]]:
    fields = [field for field in record._meta.concrete_fields if field.name not in UNTOLD]
    values = {field.name: plain(field, getattr(record, field.attname)) for field in fields}
    last = {name: [value, None] for name, value in values.items() if value not in (None, "", False)}
    return last | _added_values(record)


def _added_values(record: Record) -> dict[str, list[Any]]:
    resource = resource_of(type(record)) if has_resource(type(record)) else None
    paths = list(extras.by_path(resource)) if resource else []
    return extras.write(resource, {record.pk: dict.fromkeys(paths)})[record.pk] if resource and paths else {}
