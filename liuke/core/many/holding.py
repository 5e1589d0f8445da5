"""Parents that guards lock: for a batch all of a kind at once, when the first of them is asked for."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model


class Held:
    """The loaded records that rows of a batch point at, by model and id."""

    def __init__(self) -> None:
        self.loaded: dict[type[Model], dict[Any, dict[int, Any]]] = {}
        self.locked: set[type[Model]] = set()

    def add(self, records: Iterable[Any]) -> None:
        for record in records:
            self.loaded.setdefault(type(record), {}).setdefault(record.pk, {})[id(record)] = record

    def hold(self, record: Any) -> bool:
        """Lock and read again every record of this kind, once. False for one that is not of this batch."""
        model = type(record)
        if id(record) not in self.loaded.get(model, {}).get(record.pk, {}):
            return False
        if model not in self.locked:
            self.locked.add(model)
            self._lock(model)
        return True

    def _lock(self, model: Any) -> None:
        rows = model._base_manager.select_for_update(of=("self",), no_key=True)
        names = [field.attname for field in model._meta.concrete_fields]
        for fresh in rows.filter(pk__in=list(self.loaded[model])).order_by("pk"):
            for one in self.loaded[model][fresh.pk].values():
                for name in names:
                    setattr(one, name, getattr(fresh, name))


_held: ContextVar[Held | None] = ContextVar("held", default=None)


def held_already(record: Any) -> bool:
    held = _held.get()
    return held is not None and held.hold(record)


@contextmanager
def holding(held: Held) -> Iterator[None]:
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
