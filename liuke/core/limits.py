"""How much one visitor may ask: the size of a request, and how many of them (R44).

What is counted stays in the memory of each web process: it protects this process, costs no write, and is gone with it.
"""

from __future__ import annotations

import hashlib
import time
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liuke.core.context import language_of
from liuke.core.errors import error_page, too_large

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

MB = 1024 * 1024


class RealAddress:
    """Middleware: behind a proxy that we trust, the visitor is who the proxy says; nobody else is believed.

    Of the addresses a request has passed through, the last one that is no proxy of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("REMOTE_ADDR") in settings.PROXIES:
            passed = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            told = next((one for one in reversed(passed) if one not in settings.PROXIES), "")
            if is_address(told):
                request.META["REMOTE_ADDR"] = told
        return self.get_response(request)


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class Bucket:
    """Fills up evenly and is emptied by requests: short bursts pass, a steady stream does not."""

    __slots__ = ("at", "left")

    def __init__(self, now: float, most: float) -> None:
        self.left, self.at = most, now

    def take(self, now: float, most: float, per_second: float) -> bool:
        self.left = min(most, self.left + (now - self.at) * per_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class RequestLimits:
    """Middleware: a body that is too large is not read, and who asks too often is told to wait.

    Each session or token has a bucket of its own; beside it each address has one ten times as large, so that a whole
    office behind one address works and made-up sessions win nothing.
    """

    SECONDS_OF_BURST = 40
    OFFICE = 10
    MOST_KNOWN = 20_000
    buckets: ClassVar[dict[str, Bucket]] = {}
    _lock: ClassVar[Lock] = Lock()

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = None
        if _size(request) > largest(request):
            refusal = too_large
        elif settings.REQUESTS_PER_SECOND and not self._may(request):
            refusal = too_often
        if refusal is None:
            return self.get_response(request)
        with translation.override(language_of(request)):  # nobody has looked at who it is yet
            return refusal(request)

    def _may(self, request: HttpRequest) -> bool:
        now, rate = time.monotonic(), settings.REQUESTS_PER_SECOND
        address = request.META.get("REMOTE_ADDR", "")
        asked = [(f"a {address}", rate * self.OFFICE), (f"v {visitor(request) or address}", rate)]
        with self._lock:
            if len(self.buckets) > self.MOST_KNOWN:
                self._forget(now)
            return all(self._bucket(key, now, per).take(now, per * self.SECONDS_OF_BURST, per) for key, per in asked)

    def _bucket(self, key: str, now: float, per_second: float) -> Bucket:
        if key not in self.buckets:
            self.buckets[key] = Bucket(now, per_second * self.SECONDS_OF_BURST)
        return self.buckets[key]

    def _forget(self, now: float) -> None:
        """Those who have not come for so long that their bucket is full again; all, when everybody has just come."""
        for key in [key for key, one in self.buckets.items() if now - one.at > self.SECONDS_OF_BURST]:
            del self.buckets[key]
        if len(self.buckets) > self.MOST_KNOWN:
            self.buckets.clear()


def visitor(request: HttpRequest) -> str:
    """Who shows the same session or token, without keeping either."""
    shown = request.headers.get("Authorization") or request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return hashlib.blake2b(shown.encode(), digest_size=12).hexdigest() if shown else ""


def _size(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def largest(request: HttpRequest) -> int:
    """Bytes that a request may bring: files more than forms."""
    files = request.META.get("CONTENT_TYPE", "").startswith("multipart/form-data")
    return settings.LARGEST_UPLOAD_MB * MB if files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def too_often(request: HttpRequest) -> HttpResponse:
    wait = 5
    text = ngettext(
        "Nothing was changed. Wait %(count)s second and try again",
        "Nothing was changed. Wait %(count)s seconds and try again",
        wait,
    )
    response = error_page(request, 429, _("Too many requests"), text % {"count": wait})
    response["Retry-After"] = str(wait)
    return response
