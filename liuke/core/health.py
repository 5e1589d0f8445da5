"""Two addresses for programs that watch: does this process answer, and can it do its work? (BI-04)

Strangers may ask, so the answers hold no figure, name or error: these stand on the monitor page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error, connection
from django.http import JsonResponse

from liuke.core import schema
from liuke.core.jobs.monitor import worker_is_alive

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class Health:
    """Middleware, before all that asks a session, a host name or https: a probe has none of them.

    `/health/live/` answers 200 as long as this process answers at all: restart it when it does not.
    `/health/ready/` answers 200 when database and schema are there, else 503: send visitors elsewhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._schema_was_present = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/health/live/":
            return _told({}, well=True)
        if request.path == "/health/ready/":
            parts = self._parts()
            return _told(parts, well=parts["database"] and parts["schema"])  # pages work without the worker
        return self.get_response(request)

    def _parts(self) -> dict[str, bool]:
        parts = {"database": False, "schema": False, "worker": False}
        try:
            connection.ensure_connection()
            parts["schema"] = self._schema_is_present()
            parts["worker"] = worker_is_alive()
            parts["database"] = True
        except Error:
            connection.close()
        return parts

    def _schema_is_present(self) -> bool:
        """Asked until it is once: no Liuke changes its tables while it serves."""
        self._schema_was_present = self._schema_was_present or schema.is_present()
        return self._schema_was_present


def _told(parts: dict[str, bool], *, well: bool) -> HttpResponse:
    words = {"status": "ok" if well else "unavailable"} | {
        name: "ok" if there else "missing" for name, there in parts.items()
    }
    response = JsonResponse(words, status=200 if well else 503, headers={"Cache-Control": "no-store"})
    if not well:
        response["Retry-After"] = "10"
    return response
