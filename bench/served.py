"""The product as `liuke serve` runs it, with a watch around it and the floor beside it."""

from __future__ import annotations

import json
import sys
import time
from contextlib import nullcontext
from typing import Any

SLOW = 0.020  # seconds after which a statement's plan is wanted

_answer: Any = None


def main(port: int) -> None:
    import django

    django.setup()
    from liuke.config import server

    server._application = _watched
    server.run("127.0.0.1", port, workers=2, threads=4)


def _watched(target: str) -> Any:
    global _answer
    from liuke.config.server import end_with_parent
    from liuke.config.wsgi import application

    end_with_parent()
    _answer = application
    return watched


def watched(environ: dict[str, Any], start: Any) -> Any:
    """Tell the time spent in here; with `X-Bench: statements` answer with what was asked of the database."""
    from bench import floor

    app = floor.answer if environ["PATH_INFO"] == "/bench/floor/" else _answer
    if environ.get("HTTP_X_BENCH") == "statements":
        return _statements(app, environ, start)
    begun, worked = time.perf_counter(), time.thread_time()

    def timed(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        took, work = (time.perf_counter() - begun) * 1000, (time.thread_time() - worked) * 1000
        return start(status, [*headers, ("Server-Timing", f"app;dur={took:.3f}, cpu;dur={work:.3f}")], *more)

    return app(environ, timed)


def _statements(app: Any, environ: dict[str, Any], start: Any) -> list[bytes]:
    from django.db import connection

    asked = Asked()
    with connection.execute_wrapper(asked) if app is _answer else nullcontext():
        answered = app(environ, lambda status, headers, *more: asked.told.append(status))
        page = b"".join(answered)
        getattr(answered, "close", lambda: None)()
    body = json.dumps({"status": asked.told[0], "bytes": len(page), "statements": asked.told_of()}).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


class Asked:
    """Every statement of a request with its time."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self.told: list[str] = []
        self.explaining = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if not self.explaining:
                self.found.append({"sql": sql, "params": params, "ms": (time.perf_counter() - begun) * 1000})

    def told_of(self) -> list[dict[str, Any]]:
        return [
            {"sql": one["sql"], "params": repr(one["params"])[:500], "ms": one["ms"], "plan": self._plan(one)}
            for one in self.found
        ]

    def _plan(self, one: dict[str, Any]) -> list[str]:
        from django.db import connection

        if one["ms"] < SLOW * 1000 or not one["sql"].lstrip().startswith("SELECT"):
            return []
        head = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE)"
        with connection.cursor() as cursor:
            cursor.execute(f"{head} {one['sql']}", one["params"])
            return [str(row[-1]) for row in cursor.fetchall()]


if __name__ == "__main__":
    main(int(sys.argv[1]))
