"""The floor: the list's columns of 50 rows in scope by index order, raw driver and trivial template, same session."""

from __future__ import annotations

import os
import threading
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from jinja2 import Environment

from bench.sections import SECTIONS

TEMPLATE = Environment(autoescape=True).from_string(
    "<!doctype html><title>list</title><table>{% for row in rows %}<tr>"
    "{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</table>"
)
_kept = threading.local()


def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
    user = _user(environ)
    asked = parse_qs(environ["QUERY_STRING"])
    rows = _connection().execute(_question(asked)).fetchall()
    body = TEMPLATE.render(rows=rows, user=user).encode()
    start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


def _question(asked: dict[str, list[str]]) -> str:
    section, skip = SECTIONS[asked["list"][0]], int(asked.get("skip", ["0"])[0])
    scope = ",".join(str(int(pk)) for pk in asked.get("scope", [""])[0].split(",") if pk)
    if section.name == "customers":
        scope = f"c.owner_id IN ({scope})" if scope else "1 = 1"
    return section.rows.format(scope=scope, skip=skip)


def _user(environ: dict[str, Any]) -> Any:
    """Signed in as on any page: session row, user row, check of the password's hash."""
    request = HttpRequest()
    cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    request.session = SessionStore(cookies[settings.SESSION_COOKIE_NAME].value)
    user = get_user(request)
    assert user.is_authenticated
    return user


def _connection() -> Any:
    if not hasattr(_kept, "connection"):
        _kept.connection = _connect(os.environ["DATABASE_URL"])
    return _kept.connection


def _connect(url: str) -> Any:
    if url.startswith("sqlite"):
        import sqlite3

        from liuke.config.databases import PRAGMAS

        made = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
        made.executescript(PRAGMAS)
        return made
    import psycopg

    return psycopg.connect(url, autocommit=True)
