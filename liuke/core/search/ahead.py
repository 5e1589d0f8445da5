"""Entries of very many new records, worked out by a second process while this one goes on writing."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

from liuke.core.search.grams import Entry, entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    Write = Callable[[Sequence[tuple[int, str, str]]], None]

LATE = 4  # batches that may be under way

_helper: Helper | None = None


@contextmanager
def ahead(write: Write) -> Iterator[None]:
    """Within it the entries of new records are written some batches after these, the last of them at its end."""
    global _helper
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:  # a fork would share the open database
        _helper = Helper(pool, write)
        try:
            yield
            _helper.finish()
        finally:
            _helper = None


def helper() -> Helper | None:
    return _helper


class Helper:
    def __init__(self, pool: ProcessPoolExecutor, write: Write) -> None:
        self._pool, self._write = pool, write
        self._waiting: deque[tuple[list[int], Future[list[Entry]]]] = deque()

    def take(self, kind: int, start: int, texts: dict[int, list[str]]) -> None:
        keys = [start + pk for pk in texts]
        self._waiting.append((keys, self._pool.submit(entries, kind, list(texts.values()))))
        while len(self._waiting) > LATE:
            self._finish_one()

    def finish(self) -> None:
        while self._waiting:
            self._finish_one()

    def _finish_one(self) -> None:
        keys, found = self._waiting.popleft()
        self._write([(key, *one) for key, one in zip(keys, found.result(), strict=True)])


def entries(kind: int, texts: list[list[str]]) -> list[Entry]:
    return [entry(kind, some) for some in texts]
