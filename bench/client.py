"""A browser's side of a measurement: one kept connection, a signed-in session, time from question to last byte."""

from __future__ import annotations

import http.client
import json
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

DURATION = re.compile(r"app;dur=([\d.]+), cpu;dur=([\d.]+)")


@dataclass(frozen=True)
class Answer:
    status: int
    ms: float  # as the client saw it
    inside: float  # in the server
    work: float  # of it, what the processor did for this request; the rest is waiting, for others too
    body: bytes
    headers: dict[str, str]


class Client:
    def __init__(self, port: int, person: dict[str, Any]) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {"liuke-session": person["session"]}
        self.token = person["token"]

    def ask(self, url: str, body: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Answer:
        sent = urlencode(body).encode() if body is not None else None
        given = {"Cookie": self._cookies(), "Accept-Encoding": "br, gzip", **(headers or {})}
        if sent is not None:
            given |= {"Content-Type": "application/x-www-form-urlencoded"}
        begun = time.perf_counter()
        self.wire.request("POST" if body is not None else "GET", url, sent, given)
        response = self.wire.getresponse()
        text = response.read()
        took = (time.perf_counter() - begun) * 1000
        self._keep(response)
        inside = DURATION.search(response.headers.get("Server-Timing", ""))
        return Answer(response.status, took, *_both(inside), text, dict(response.headers))

    def statements(self, url: str, headers: dict[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ask(url, headers={**headers, "X-Bench": "statements"}).body)
        return found

    def _cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _keep(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _sep, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


def _both(found: re.Match[str] | None) -> tuple[float, float]:
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)
