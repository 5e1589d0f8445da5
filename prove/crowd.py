"""Fifty people work at once on SQLite: nobody meets a lock, nobody an error."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

from tests.served.clients import opportunity
from tests.served.product import LOGINS

from .house import served
from .told import Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.served.clients import Answer, Api, Pages
    from tests.served.product import Demo

PEOPLE, SECONDS = 50, 60
PLACES = (
    "/",
    "/opportunities/",
    "/customers/",
    "/contacts/",
    "/opportunities/?scene=mine",
    "/notices/",
    "/search/?q=hw",
)


def prove(demo: Demo, seed: int, quick: bool) -> Told:
    told, seconds = Told(), SECONDS // 10 if quick else SECONDS
    with served(demo) as product:
        signed = {name: product.pages(name) for name in LOGINS}
        names = [LOGINS[n % len(LOGINS)] for n in range(PEOPLE)]
        crowd = [
            Person(name, signed[name], product.api(name), random.Random(seed + n), told) for n, name in enumerate(names)
        ]
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=person.work, args=(end,)) for person in crowd]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if complaints := product.complaints():
            told.fault(complaints[-600:])
    took = sorted(one for person in crowd for one in person.took)
    count = sum((person.count for person in crowd), Counter())
    told.figures = (
        f"{PEOPLE} people, {seconds} s, {count['read']:,} pages and {count['write']:,} writes, "
        f"median {statistics.median(took) * 1000:.0f} ms, 95 % below {took[int(len(took) * 0.95)] * 1000:.0f} ms"
    )
    return told


class Person:
    """Reads two pages, then writes one thing, and thinks for a moment."""

    def __init__(self, name: str, pages: Pages, api: Api, chance: random.Random, told: Told) -> None:
        self.name, self.pages, self.api, self.chance, self.told = name, pages, api, chance, told
        self.took: list[float] = []
        self.count: Counter[str] = Counter()

    def work(self, end: float) -> None:
        while time.monotonic() < end:
            for _turn in range(2):
                self._timed("read", lambda: self.pages.get(self.chance.choice(PLACES)))
            self._timed("write", lambda: self.api("POST", "opportunities", opportunity()))
            time.sleep(self.chance.uniform(0, 0.5))

    def _timed(self, what: str, act: Callable[[], Answer]) -> None:
        begun = time.monotonic()
        answer = act()
        self.took.append(time.monotonic() - begun)
        self.count[what] += 1
        if answer.status >= 500:
            self.told.fault(f"{self.name} {what}: {answer.status} {answer.text[:200]}")
