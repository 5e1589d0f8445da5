"""Who listens to events. A module signs in what it does when a verb has happened, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

    from liuke.core.models import Event

    Listener = Callable[[Any, "Event"], None]

_listeners: dict[tuple[str, str], list[Listener]] = defaultdict(list)


def on(model: type[Model], *verbs: str) -> Callable[[Listener], Listener]:
    """Sign a function in for verbs of a model: it gets the record and the event, inside the verb's transaction."""

    def sign_in(listener: Listener) -> Listener:
        for name in verbs:
            _listeners[model._meta.label, name].append(listener)
        return listener

    return sign_in


def tell(event: Event, record: Model) -> None:
    record.__dict__["last_event"] = event  # for followers of written rows, which come next
    for listener in _listeners[record._meta.label, event.verb]:
        listener(record, event)
