"""A program with a token, a browser without script, and many of them at once."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from itertools import count
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

PASSWORD = "liuke-demo"
_turn = count(1)


class Answer(NamedTuple):
    status: int
    text: str
    location: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The reason a program reads."""
        return self.json["code"]

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]+)"', self.text)
        assert found, f"no {name} in {self.text}"
        return found[1]


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


def ask(opener: OpenerDirector, request: Request) -> Answer:
    try:
        with opener.open(request, timeout=60) as answer:
            return Answer(answer.status, answer.read().decode(), "")
    except HTTPError as answer:
        with answer:
            return Answer(answer.code, answer.read().decode(), answer.headers.get("Location") or "")


class Api:
    """The REST API with one person's token."""

    def __init__(self, address: str, token: str) -> None:
        self.base, self.token = f"{address}/api/v1", token
        self.opener = build_opener()

    def __call__(self, method: str, path: str, body: Any = None, key: str = "") -> Answer:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        data = None if body is None else json.dumps(body).encode()
        return ask(self.opener, Request(f"{self.base}/{path}", data, headers, method=method))

    def get(self, path: str, **filters: Any) -> Any:
        answer = self("GET", f"{path}?{urlencode(filters)}" if filters else path)
        assert answer.status == 200, answer
        return answer.json

    def post(self, path: str, body: Any = None, key: str = "") -> Answer:
        return self("POST", path, body or {}, key)

    def patch(self, path: str, body: Any) -> Answer:
        return self("PATCH", path, body)

    def done(self, path: str, body: Any = None) -> dict[str, Any]:
        """The record after an act that must succeed."""
        answer = self.post(path, body)
        assert answer.status in (200, 201), answer
        return answer.json

    def every(self, path: str, **filters: Any) -> list[dict[str, Any]]:
        """All rows of a list, page by page."""
        page = self.get(path, limit=200, **filters)
        rows = page["items"]
        while page["next"]:
            page = self.get(page["next"].split("/api/v1/")[1])
            rows += page["items"]
        return rows

    def user(self, username: str) -> int:
        """The id of a person."""
        return next(row["id"] for row in self.every("users") if row["username"] == username)


class Pages:
    """The pages as a browser without script sees them; redirects are told, not followed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._jar = CookieJar()
        self.opener = build_opener(_Stay, HTTPCookieProcessor(self._jar))

    @property
    def cookies(self) -> list[dict[str, str]]:
        return [{"name": cookie.name, "value": cookie.value or ""} for cookie in self._jar]

    def get(self, path: str, part: bool = False) -> Answer:
        """A page, or the part of it that a script asks for."""
        headers = {"HX-Request": "true"} if part else {}
        return ask(self.opener, Request(self.address + quote(path, safe="/?=&%"), headers=headers))

    def post(self, path: str, **fields: Any) -> Answer:
        return ask(self.opener, Request(self.address + path, urlencode(fields, doseq=True).encode()))

    def form(self, path: str) -> dict[str, str]:
        """What the form at this address hides: its token and its one-time key."""
        page = self.get(path)
        return {name: page.hidden(name) for name in ("csrfmiddlewaretoken", "once")}

    def sign_in(self, username: str) -> None:
        token = self.get("/login/").hidden("csrfmiddlewaretoken")
        answer = self.post("/login/", csrfmiddlewaretoken=token, username=username, password=PASSWORD)
        assert answer.status == 302, answer


def opportunity(**values: Any) -> dict[str, Any]:
    """What makes an opportunity, for a customer nobody has heard of."""
    name = f"新客户 {os.getpid()}-{next(_turn)}"
    return {"customer_name": name, "success_rate": 60, "summary": "流量计改造", "description": "两条产线"} | values


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """Do all of it at the same moment; the answers in the order of the acts."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as crew:
        return list(crew.map(run, acts))
