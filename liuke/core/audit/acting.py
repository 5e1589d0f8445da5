"""Through which door and from where something is done at the moment: what the entries of this thread carry."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Acting:
    """`name` is of whoever is no user of the house: an account of the machine, a job."""

    door: str = "command"
    address: str = ""
    name: str = ""


_present: ContextVar[Acting] = ContextVar("acting", default=Acting())  # noqa: B039  frozen


def present() -> Acting:
    return _present.get()


def settle(door: str, name: str) -> None:
    """For a whole process: a command of the command line."""
    _present.set(Acting(door, "", name))


@contextmanager
def acting(door: str, address: str = "", name: str = "") -> Iterator[None]:
    """What is done inside is done through this door."""
    token = _present.set(Acting(door, address, name))
    try:
        yield
    finally:
        _present.reset(token)


class AtTheDoor:
    """Middleware: requests come from an address, through the pages or the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = "api" if request.path.startswith("/api/") else "page"
        with acting(door, request.META.get("REMOTE_ADDR", "")[:45]):
            return self.get_response(request)
