"""Long lists, a part at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")


def cut(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (rows[begin : begin + size] for begin in range(0, len(rows), size))
