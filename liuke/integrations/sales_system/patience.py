"""How long one waits: a watch beside the reads, for drivers that would wait for ever on a line that says nothing."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Patience:
    """`with patience:` around each wait for an answer; one that lasts longer than `seconds` is ended by `give_up()`.

    What we do between two waits counts for nothing. Drivers have time-outs of their own that end a read first, with
    better words: this one waits a little longer.
    """

    MORE = 2.0
    LOOK = 0.2  # seconds between two looks at the clock

    def __init__(self, seconds: float, give_up: Callable[[], None]) -> None:
        self.seconds, self.give_up = seconds, give_up
        self.since: float | None = None
        self.given_up = False
        self.ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def end(self) -> None:
        self.ended.set()

    def __enter__(self) -> None:
        self.since = time.monotonic()

    def __exit__(self, *_error: object) -> None:
        self.since = None

    def _watch(self) -> None:
        while not self.ended.wait(self.LOOK):
            since = self.since
            if since is not None and time.monotonic() - since >= self.seconds + self.MORE:
                self.given_up = True
                self.give_up()
