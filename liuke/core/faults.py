"""Faults written down: what failed, what was not available, what took long (BI-04).

They stand in a table of their own and, one line each, in the log; where the database itself is away, in the log alone.
"""

from __future__ import annotations

import errno
import logging
import secrets
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection

from liuke.core.held_back import told_path
from liuke.core.models.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

log = logging.getLogger("liuke.errors")
Kind = Fault.Kind
FULL = ("database or disk is full", "No space left on device")
KEPT_OF_A_KIND = 1000


class Timed:
    """Middleware: a request that took longer than people wait is written down, at most one a second and process."""

    PAUSE = 1.0

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._last = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        response = self.get_response(request)
        took = time.monotonic() - begun
        if took >= settings.SLOW_AFTER and response.status_code < 500 and time.monotonic() - self._last > self.PAUSE:
            self._last = time.monotonic()
            tell(request, Kind.SLOW, milliseconds=round(took * 1000))
        return response


def tell(request: HttpRequest, kind: str, error: BaseException | None = None, milliseconds: int | None = None) -> str:
    """Write a fault down; returns the number that leads to it, empty for what nobody is told."""
    number = "" if kind == Kind.SLOW else f"E-{secrets.token_hex(4).upper()}"
    path = told_path(request.path)
    told = {
        "kind": str(kind),
        "number": number,
        "method": (request.method or "")[:10],
        "path": path[:300],
        "milliseconds": milliseconds,
        "what": where(error)[:300] if error else "",
        "user_id": _person(request),
    }
    log.log(
        logging.WARNING if kind == Kind.SLOW else logging.ERROR,
        "%s %s %s", number or kind, request.method, path,
        extra={"told": told}, exc_info=error if kind == Kind.ERROR else None,
    )  # fmt: skip
    if not is_away(error) and not connection.needs_rollback:
        with suppress(Error):
            Fault.objects.create(**told)
    return number


def _person(request: HttpRequest) -> int | None:
    """Who asked, where that is known: whoever has not been read yet cannot be while the database is away."""
    with suppress(Error):
        user = getattr(request, "user", None)
        return user.pk if user is not None and user.is_authenticated else None
    return None


def where(error: BaseException) -> str:
    """The kind of an error and the line of ours it came from: never its text, which may quote what somebody typed."""
    line, trace = "", error.__traceback__
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if ("liuke" in file.parts and "site-packages" not in file.parts) or not line:
            line = f"{'/'.join(file.parts[-3:])}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} {line}".strip()


def is_away(error: BaseException | None) -> bool:
    """Whether the database does not answer, or is too busy to."""
    return isinstance(error, OperationalError | InterfaceError)


def is_full(error: BaseException | None) -> bool:
    """Whether a disk has no room left."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, Error) and any(words in str(error) for words in FULL)


def current() -> BaseException | None:
    """The error that is being answered."""
    return sys.exc_info()[1]


def forget() -> None:
    """The newest of each kind stay."""
    for kind in Kind.values:
        newest = Fault.objects.filter(kind=kind).order_by("-id")
        if first_to_go := newest.values_list("pk", flat=True)[KEPT_OF_A_KIND:].first():
            newest.filter(pk__lte=first_to_go).delete()
