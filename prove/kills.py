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
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.served.clients import opportunity

from .carrier import Carrier
from .house import Served, served
from .told import Told

if TYPE_CHECKING:
    from tests.served.product import Demo

WRITES, KILLS, WRITERS = 10_000, 100, 8
PATIENCE = 180  # seconds until a write must have been acknowledged
EVENTS = """SELECT e.verb, e.object_id FROM core_event e JOIN django_content_type t ON t.id = e.content_type_id
            WHERE t.model = 'opportunity'"""


def prove(demo: Demo, seed: int, quick: bool) -> Told:
    told = Told()
    writes, kills = (WRITES // 20, KILLS // 10) if quick else (WRITES, KILLS)
    with served(demo) as product:
        work, carrier = Work(product, writes, told), Carrier(product, told)
        killer = Killer(product, work, carrier, kills, random.Random(seed))
        carrier.start()
        killer.start()
        work.run()
        while killer.is_alive() and not killer.is_through:  # more is written until enough have died of it
            work.left = writes // 10
            work.run()
        carrier.ended.set()
        carrier.join()
        killer.ended.set()
        killer.join()
        killer.mend()
        if not killer.is_through:
            told.fault(f"only {killer.counted} of {kills} kills while a write was in flight")
        if len(work.done) < writes:
            told.fault(f"only {len(work.done)} of {writes} writes came to their end")
        _compare(product, work, told)
        carrier.compare()
        if "database is locked" in product.told_so_far():
            told.fault("the log tells of a locked database")
    whom = ", ".join(f"{many} {what}" for what, many in sorted(killer.whom.items()))
    told.figures = (
        f"{len(work.done):,} writes acknowledged, {killer.counted} kills while a write was in flight ({whom}), "
        f"{work.cut} writes cut off and sent again, {len(carrier.names):,} rows imported meanwhile"
    )
    return told


class Work:
    """Writers that create, change and assign opportunities, each remembering what was acknowledged."""

    def __init__(self, product: Served, writes: int, told: Told) -> None:
        self.product, self.left, self.told = product, writes, told
        self.lock, self.in_flight, self.cut = threading.Lock(), 0, 0
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
            act = chance.choice(("create", "create", "update", "assign")) if made else "create"
            if act == "create":
                name = f"证明 {uuid.uuid4().hex}"
                record = self._sure(jingli, "POST", "opportunities", opportunity(customer_name=name))
                if record:
                    made.append((name, record["id"]))
                    self._remember("create", name, record["id"])
                continue
            name, pk = made.pop(0)
            if act == "update":
                word = uuid.uuid4().hex
                if self._sure(jingli, "PATCH", f"opportunities/{pk}", {"summary": word}):
                    self._remember("update", name, word)
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
        key, patience = uuid.uuid4().hex, time.monotonic() + PATIENCE
        while time.monotonic() < patience:
            answer = self._send(api, method, path, body, key)
            if answer and answer.status in (200, 201):
                return answer.json
            if answer and answer.status not in (429, 503):  # 429 and 503 ask to come again
                self.told.fault(f"{method} {path}: {answer.status} {answer.text[:200]}")
                return None
            time.sleep(0.2)
        self.told.fault(f"{method} {path}: no answer for {PATIENCE} s")
        return None

    def _send(self, api: Any, method: str, path: str, body: dict[str, Any], key: str) -> Any:
        """The answer, or None when there was none."""
        with self.lock:
            self.in_flight += 1
        try:
            return api(method, path, body, key)
        except (OSError, HTTPException) as failure:
            refused = isinstance(getattr(failure, "reason", failure), ConnectionRefusedError)
            with self.lock:
                self.cut += not refused
            return None
        finally:
            with self.lock:
                self.in_flight -= 1


class Killer(threading.Thread):
    """Six of ten kills hit a web process, one everything at once; the worker is hit while it writes an import."""

    def __init__(self, product: Served, work: Work, carrier: Carrier, kills: int, chance: random.Random) -> None:
        super().__init__()
        self.product, self.work, self.carrier, self.kills, self.chance = product, work, carrier, kills, chance
        self.ended = threading.Event()
        self.whom: Counter[str] = Counter()

    @property
    def counted(self) -> int:
        return self.whom.total()

    @property
    def is_through(self) -> bool:
        return self.counted >= self.kills and self.whom["worker"] >= self.kills // 20

    def run(self) -> None:
        while not self.is_through and not self.ended.wait(self.chance.uniform(0.3, 1.5)):
            self.mend()
            pid = self._worker_at_work()
            if self.counted >= self.kills and not pid:
                continue  # only the worker's share is missing
            whom = "worker" if pid else self.chance.choices(("web", "everything"), (6, 1))[0]
            flying = bool(pid or self.work.in_flight)
            if self._kill(whom, pid) and flying:
                self.whom[whom] += 1
        while not self.ended.wait(0.5):
            self.mend()

    def _kill(self, whom: str, pid: int) -> bool:
        if whom == "everything":
            return self._kill_all()
        with suppress(OSError, IndexError):  # one that has just died
            os.kill(pid or self.chance.choice(self.product.web_processes()), signal.SIGKILL)
            return True
        return False

    def _worker_at_work(self) -> int:
        """The worker, if it is writing rows at this moment; else 0."""
        with suppress(OSError):
            web = self.product.web_processes()
            for pid in _children(self.product.process.pid):
                if pid not in web and self.carrier.is_written_by(pid):
                    return pid
        return 0

    def _kill_all(self) -> bool:
        for pid in [self.product.process.pid, *_children(self.product.process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.product.process.wait()
        return True

    def mend(self) -> None:
        """Start it again where it has gone, as systemd would."""
        if self.product.process.poll() is not None:
            self.product.__enter__()


def _children(pid: int) -> list[int]:
    """Of all its threads: the worker is started by one of its own."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def _compare(product: Served, work: Work, told: Told) -> None:
    """What was acknowledged stands there once, with one event each; nothing stands there twice."""
    query = "SELECT id, customer_name, summary, status FROM marketing_opportunity WHERE customer_name LIKE ?"
    rows = product.rows(query, "证明 %")
    many = Counter(name for _pk, name, _summary, _status in rows)
    found = {name: (pk, summary, status) for pk, name, summary, status in rows}
    events = Counter(product.rows(EVENTS))
    acts = Counter((act, name) for act, name, _what in work.done)
    last = {name: what for act, name, what in work.done if act == "update"}
    for (act, name), times in acts.items():
        if many[name] != 1:
            told.fault(f"{act} of {name} was acknowledged and stands there {many[name]} times")
        elif events[act, found[name][0]] != times:
            told.fault(f"{name}: {times} {act} acknowledged, {events[act, found[name][0]]} events")
    for name, (_pk, summary, status) in found.items():
        if many[name] > 1 or ("create", name) not in acts:
            told.fault(f"{name} stands there {many[name]} times, acknowledged {acts['create', name]} times")
        if summary != last.get(name, summary) or (("assign", name) in acts and status != "assigned"):
            told.fault(f"{name} reads {summary} and is {status}: not what was acknowledged last")
    if not product.url and product.rows("PRAGMA integrity_check") != [("ok",)]:
        told.fault("the database is damaged")
