"""Web processes, worker and the whole product are killed outright while people write (R21, R24).

Every write carries a key of its own and is sent again with it until it is acknowledged, as a careful program does.
A kill counts only when a write was in flight.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from tests.served.clients import opportunity

from .house import Served, served
from .told import Told

if TYPE_CHECKING:
    from tests.served.product import Demo

WRITES, KILLS, WRITERS = 10_000, 100, 8


def prove(demo: Demo, seed: int, quick: bool) -> Told:
    told = Told()
    writes, kills = (WRITES // 20, KILLS // 10) if quick else (WRITES, KILLS)
    with served(demo) as product:
        work = Work(product, writes, told)
        killer = Killer(product, work, kills, random.Random(seed))
        killer.start()
        work.run()
        killer.ended.set()
        killer.join()
        killer.mend()
        _compare(product, work, told)
    if killer.counted < kills:
        told.fault(f"only {killer.counted} of {kills} kills while a write was in flight")
    told.figures = (
        f"{len(work.done):,} writes acknowledged, {killer.counted} kills "
        f"({', '.join(f'{many} {what}' for what, many in killer.whom.items())}), {work.again} sent again"
    )
    return told


class Work:
    """Writers that create, change and assign opportunities, each remembering what was acknowledged."""

    def __init__(self, product: Served, writes: int, told: Told) -> None:
        self.product, self.left, self.told = product, writes, told
        self.lock, self.in_flight, self.again = threading.Lock(), 0, 0
        self.done: list[tuple[str, str, Any]] = []
        self.assignee = product.api("zhuguan").user("jingli")

    def run(self) -> None:
        writers = [threading.Thread(target=self._write, args=(n,)) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()

    def _write(self, number: int) -> None:
        jingli, zhuguan, chance = self.product.api("jingli"), self.product.api("zhuguan"), random.Random(number)
        made: list[tuple[str, int]] = []
        while self._take():
            act = chance.choice(("create", "create", "change", "assign")) if made else "create"
            if act == "create":
                name = f"证明 {uuid.uuid4().hex}"
                record = self._sure(jingli, "POST", "opportunities", opportunity(customer_name=name))
                if record:
                    made.append((name, record["id"]))
                    self._remember("create", name, record["id"])
                continue
            name, pk = made.pop(0)
            if act == "change":
                word = uuid.uuid4().hex
                if self._sure(jingli, "PATCH", f"opportunities/{pk}", {"summary": word}):
                    self._remember("change", name, word)
                made.append((name, pk))
            elif self._sure(zhuguan, "POST", f"opportunities/{pk}/assign", {"assignee": self.assignee}):
                self._remember("assign", name, pk)

    def _take(self) -> bool:
        with self.lock:
            self.left -= 1
            return self.left >= 0

    def _remember(self, act: str, name: str, what: Any) -> None:
        with self.lock:
            self.done.append((act, name, what))

    def _sure(self, api: Any, method: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """Send until somebody answers; with one key, so that the second time does no harm."""
        key, patience = uuid.uuid4().hex, time.monotonic() + 120
        while time.monotonic() < patience:
            with self.lock:
                self.in_flight += 1
            try:
                answer = api(method, path, body, key)
            except (URLError, OSError, ConnectionError):
                answer = None
            finally:
                with self.lock:
                    self.in_flight -= 1
            if answer and answer.status in (200, 201):
                return answer.json
            if answer and answer.status not in (409, 429, 500, 502, 503):
                self.told.fault(f"{method} {path}: {answer.status} {answer.text[:200]}")
                return None
            with self.lock:
                self.again += 1
            time.sleep(0.2)
        self.told.fault(f"{method} {path}: no answer for two minutes")
        return None


class Killer(threading.Thread):
    def __init__(self, product: Served, work: Work, kills: int, chance: random.Random) -> None:
        super().__init__()
        self.product, self.work, self.kills, self.chance = product, work, kills, chance
        self.ended, self.counted = threading.Event(), 0
        self.whom: Counter[str] = Counter()

    def run(self) -> None:
        while self.counted < self.kills and not self.ended.wait(self.chance.uniform(0.3, 1.5)):
            whom = self.chance.choices(("web", "worker", "all"), (6, 3, 1))[0]
            flying = self.work.in_flight
            if self._kill(whom) and flying:
                self.counted += 1
                self.whom[whom] += 1
        while not self.ended.wait(0.5):
            self.mend()

    def _kill(self, whom: str) -> bool:
        if whom == "all":
            self._kill_all()
            self.mend()
            return True
        pids = self.product.web_processes() if whom == "web" else self._worker()
        if not pids:
            return False
        with suppress(ProcessLookupError):
            os.kill(self.chance.choice(pids), signal.SIGKILL)
        return True

    def _worker(self) -> list[int]:
        return [pid for pid in _children(self.product.process.pid) if pid not in self.product.web_processes()]

    def _kill_all(self) -> None:
        for pid in [self.product.process.pid, *_children(self.product.process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.product.process.wait()

    def mend(self) -> None:
        """Start it again where it has gone, as systemd would."""
        if self.product.process.poll() is not None:
            self.product.__enter__()


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _compare(product: Served, work: Work, told: Told) -> None:
    """What was acknowledged stands there, once; what was not stands there once or not at all."""
    query = "SELECT customer_name, summary, status FROM marketing_opportunity WHERE customer_name LIKE ?"
    rows = product.rows(query, "证明 %")
    many = Counter(name for name, _summary, _status in rows)
    found = {name: (summary, status) for name, summary, status in rows}
    last: dict[str, str] = {}
    for act, name, what in work.done:
        if act == "change":
            last[name] = what
        if many[name] != 1:
            told.fault(f"{act} of {name} was acknowledged and stands there {many[name]} times")
        elif act == "assign" and found[name][1] != "assigned":
            told.fault(f"{name} was assigned and is {found[name][1]}")
    for name, word in last.items():
        if name in found and found[name][0] != word:
            told.fault(f"{name} was changed to {word} and reads {found[name][0]}")
    for name, times in many.items():
        if times > 1:
            told.fault(f"{name} stands there {times} times")
    if not product.url and product.rows("PRAGMA integrity_check") != [("ok",)]:
        told.fault("the database is damaged")
