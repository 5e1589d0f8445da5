"""`@verb`: a business act. One transaction, one lock, one guard, one event."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction

from liuke.core import clock, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.models import Event, Record

TRIES = 3
TRANSIENT = {"40P01", "40001"}  # PostgreSQL: deadlock, serialisation failure
F = TypeVar("F", bound="Callable[..., Any]")
T = TypeVar("T")


def verb(method: F) -> F:
    """Make a method of a Record a business act.

    The row is locked and read again, the guard asked, the method run, and one event written with what
    changed, all in one transaction. When anything is refused, row and object are as they were.
    The caller names the person: `opportunity.assign(jingli, by=zhuguan)`.
    """

    @functools.wraps(method)
    def run(self: Record, *args: Any, by: Any, **kwargs: Any) -> Any:
        memory = dict(self.__dict__)

        def attempt() -> Any:
            self.__dict__.clear()  # a second try starts from where the first did
            self.__dict__.update(memory)
            return _act(self, method, by, args, kwargs)

        try:
            return in_transaction(attempt)
        except BaseException:
            self.__dict__.clear()
            self.__dict__.update(memory)
            raise

    run.is_verb = True  # type: ignore[attr-defined]
    return run  # type: ignore[return-value]


def in_transaction(work: Callable[[], T]) -> T:
    """Run `work` in a transaction; a deadlock on PostgreSQL is tried again twice, unless one is already open."""
    tries = 1 if connection.in_atomic_block else TRIES
    while True:
        tries -= 1
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if not tries or getattr(error.__cause__, "sqlstate", "") not in TRANSIENT:
                raise


def _act(record: Record, method: Callable, by: Any, args: tuple, kwargs: dict) -> Any:
    from liuke.core.models.event import snapshot

    before = {}
    if record.pk:
        lock(record)
        before = snapshot(record)
    record.must_allow(method.__name__, by)
    result = method(record, *args, by=by, **kwargs)
    said = inspect.signature(method).bind(record, *args, by=by, **kwargs).arguments
    _tell(record, method.__name__, by, before, str(said.get("reason", "")))
    written.tell([record])
    return result


def hold(record: Record) -> None:
    """Lock a record another one depends on, where a verb is running; a look at the buttons needs no lock."""
    from liuke.core.many.holding import held_already

    if connection.in_atomic_block and not held_already(record):
        lock(record)


def lock(record: Record) -> None:
    """Lock the row and read it again into `record`. On SQLite the IMMEDIATE transaction is the lock."""
    record.hold_first()
    rows = type(record)._base_manager.select_for_update(of=("self",), no_key=True)
    fresh = rows.get(pk=record.pk)
    for field in record._meta.concrete_fields:
        setattr(record, field.attname, getattr(fresh, field.attname))
    record._state.fields_cache.clear()
    record.__dict__.pop("_extras", None)
    record.__dict__.pop("is_veiled", None)


def _tell(record: Record, name: str, by: Any, before: dict[str, Any], note: str) -> Event:
    from liuke.core import audit, events
    from liuke.core.models.event import Event, difference

    event = Event.objects.create(
        at=clock.now(),
        actor=by,
        verb=name,
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        object_text=str(record)[:200],
        changes=difference(record, before) | record.__dict__.pop("_also_changed", {}),
        note=note,
    )
    audit.tell([event], record)
    events.tell(event, record)
    return event
