"""Ask the served product, in one person's name, and keep what came of it."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass, field
from typing import Any

from bench import acts
from bench.acts import Act
from bench.client import Answer, Client

WARM, TIMES, SCREENED, AGAIN = 12, 40, 3, 40
QUICK = (4, 14)  # to warm up, and of so many turns the middle one
NEXT = re.compile(rb'href="([^"]*after=[^"]*)"')
ONCE = re.compile(rb'name="once" value="([^"]+)"')
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Measured:
    who: str
    act: Act
    ms: float
    p95: float
    inside: float
    work: float
    bytes: int
    ratio: float = 0.0
    queries: int = 0
    slow: list[dict[str, Any]] = field(default_factory=list)


class Person:
    def __init__(self, name: str, port: int, known: dict[str, Any], quick: bool = False) -> None:
        self.warm, self.times = QUICK if quick else (WARM, TIMES)
        self.name, self.known, self.client = name, known, Client(port, known)
        self.token = {"Authorization": f"Bearer {known['token']}"}
        self.floor_url = acts.floor(known)
        self.floor = self.time(Act("floor", self.floor_url, "floor"))

    def single(self) -> list[Measured]:
        found = [self.full(act) for act in [*acts.single(self.known), self._deep()]]
        creates = self.known["creates"] and self.known["section"] == "opportunities"
        return [*found, self._create()] if creates else found

    def combinations(self) -> list[Measured]:
        """All, a few times each; then the slowest ones as often as it takes to be sure."""
        every = [self.time(act, SCREENED, 1) for act in acts.combinations(self.known)]
        every.sort(key=lambda one: -one.ms)
        return [self.full(one.act) for one in every[:AGAIN]] + every[AGAIN:]

    def full(self, act: Act) -> Measured:
        found = self.time(act)
        told = self.client.statements(act.url, self._headers(act))
        found.queries = len(told["statements"])
        found.slow = [one for one in told["statements"] if one["plan"]]
        return found

    def time(self, act: Act, times: int = 0, warm: int = 0) -> Measured:
        """Every answer beside one of the floor: a machine has slow moments, and both shall have the same ones."""
        warm, times = warm or self.warm, times or self.times
        answers, floors = [], []
        for turn in range(warm + times):
            floor = self.client.ask(f"{self.floor_url}&skip={act.skip}")
            answer = self.client.ask(act.url, headers=self._headers(act))
            if turn >= warm:
                answers.append(answer)
                floors.append(floor.ms)
        return self._measured(act, answers, statistics.median(floors))

    def _measured(self, act: Act, answers: list[Answer], floor: float) -> Measured:
        assert all(one.status in (200, 302) for one in answers), (act.url, answers[0].status, answers[0].body[:500])
        took = sorted(one.ms for one in answers)
        found = Measured(
            self.name, act, statistics.median(took), took[int(len(took) * 0.95)],
            statistics.median(one.inside for one in answers), statistics.median(one.work for one in answers),
            len(answers[0].body),
        )  # fmt: skip
        found.ratio = found.ms / floor
        return found

    def _headers(self, act: Act) -> dict[str, str]:
        if act.url.startswith("/api/"):
            return self.token
        return {"HX-Request": "true"} if "fragment" in act.name or "strip" in act.name else {}

    def _deep(self) -> Act:
        """Behind page 100 a list goes on by key."""
        page = self.client.ask(f"{acts.listed(self.known)}&page=100", headers={"Accept-Encoding": "identity"}).body
        found = NEXT.search(page)
        url = found[1].decode().replace("&amp;", "&") if found else acts.listed(self.known)
        return Act("list, behind page 100 by key" if found else "list (fewer than 100 pages)", url, "list")

    def _create(self) -> Measured:
        """Each form is its own: a one-time key is used once."""
        answers = [self._one_more(n) for n in range(self.warm + self.times)][self.warm :]
        return self._measured(Act("create (POST)", "/opportunities/new/", "other"), answers, self.floor.ms)

    def _one_more(self, n: int) -> Answer:
        form = self.client.ask("/opportunities/new/", headers={"Accept-Encoding": "identity"}).body
        once, token = ONCE.search(form), TOKEN.search(form)
        if not (once and token):
            raise AssertionError(form[:500])
        body = {
            "once": once[1].decode(), "csrfmiddlewaretoken": token[1].decode(), "customer_name": f"量速公司{n}",
            "success_rate": "50", "summary": "量速", "description": "量速",
        }  # fmt: skip
        return self.client.ask("/opportunities/new/", body)
