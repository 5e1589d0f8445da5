"""How often Python looks for what nobody needs any more: a large part of the time of whoever makes many objects."""

from __future__ import annotations

import gc


def settle(young: int = 20_000, middle: int = 20, old: int = 20) -> None:
    """What stands now stands to the end: the collector need not look through it again and again, nor forks copy it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(young, middle, old)


def settle_for_rows() -> None:
    """For a process that carries rows by the hundred thousand; there is a lot of what soon goes by itself."""
    settle(50_000, 20, 100)
