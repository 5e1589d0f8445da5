"""What follows from tables that seldom change, remembered by each process until one of them does.

Who may do what, the tree of departments, settings, what filters offer: worked out anew for every page this is half of
its time. The tables it comes from are signed in by `watch`. With every write to one of them, whoever writes and by
whatever means, the database gives the house another sign in the transaction of the write (`core.watching`). A page
reads the sign before anything else; what it then remembers under it is as new as the sign or newer, in every web
process. Signs are random and never come again: nothing of a time before a rollback or a restored backup is met later.

Only what is read remembers. Whoever writes asks anew, and sees what he has just written.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from liuke.core import clock, statements

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    T = TypeVar("T")

ROOM = 10_000  # of one sign; a memory that is full starts anew


class Memory:
    """What is known under one sign."""

    def __init__(self, sign: tuple[Any, ...]) -> None:
        self.sign, self.room = sign, ROOM
        self.found: dict[Hashable, Any] = {}

    def keep(self, key: Hashable, value: Any, weight: int) -> None:
        self.room -= weight
        if self.room < 0:
            self.found.clear()
            self.room = ROOM - weight
        self.found[key] = value


class Watched(NamedTuple):
    """A table, and columns of it that nothing remembered follows from."""

    label: str
    but: tuple[str, ...] = ()


_latest = Memory(())
_here: ContextVar[Memory | None] = ContextVar("remembered", default=None)
_watched: dict[str, Watched] = {}


def watch(*labels: str, but: tuple[str, ...] = ()) -> None:
    """Sign in models ("app.Model") that something remembered follows from; a change in `but` alone changes nothing."""
    _watched.update({label: Watched(label, but) for label in labels})


def watched() -> list[Watched]:
    return list(_watched.values())


def is_watched(model: Any) -> bool:
    return model._meta.label in _watched


@contextmanager
def reading(safe: bool = True) -> Iterator[None]:
    """A request: inside of one that only reads things are remembered."""
    token = _here.set(_memory() if safe else None)
    try:
        yield
    finally:
        _here.reset(token)


def remembered(key: Hashable, make: Callable[[], T], weight: int = 1) -> T:
    """What `make` gives: worked out once for a key under each sign of the house.

    The key names all that it follows from beside the watched tables, such as the person and his language. What comes
    back is shared by threads and must not be changed. `weight` says what it takes up, in the size of a small dict.
    """
    memory = _here.get()
    if memory is None:
        return make()
    try:
        return memory.found[key]
    except KeyError:
        made = make()
        memory.keep(key, made, weight)
        return made


def _memory() -> Memory | None:
    """That of the present sign; none where no trigger has given one yet."""
    global _latest
    from liuke.core.models import HouseSign  # some of the models remember, too

    signs = sorted(statements.rows(HouseSign.objects.values_list, "sign"))
    if not signs:
        return None
    sign = clock.today(), *signs  # what counts days is another tomorrow
    memory = _latest
    if memory.sign != sign:
        memory = _latest = Memory(sign)
    return memory
