"""What every answer tells the browser, and how long a sign-in lasts."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as lazy

from liuke.core import options
from liuke.core.options import Option

Answer = Callable[[HttpRequest], HttpResponse]

options.declare(
    Option("session_idle_minutes", 480, "int", lazy("Minutes without use until a session ends"), least=5, most=1440)
)
options.declare(
    Option("session_longest_hours", 168, "int", lazy("Hours after which everybody signs in again"), most=720)
)

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    # After signing out, the back button and a shared computer show nothing.
    "Cache-Control": "private, no-store",
}


class PageHeaders:
    """A view may set one of these itself (a file to keep, a stricter policy); then its own word stands."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class SessionLimits:
    """Idle time without a write for every page: the session is saved again at most every five minutes."""

    SAVED_EVERY = 300

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if SESSION_KEY in session:
            now = int(time.time())
            idle, longest = options.get("session_idle_minutes") * 60, options.get("session_longest_hours") * 3600
            seen = now - session.get("seen_at", now)
            if seen > idle or now - session.setdefault("signed_in_at", now) > longest:
                session.flush()
            elif "seen_at" not in session or seen > min(self.SAVED_EVERY, idle // 5):
                session["seen_at"] = now
        return self.answer(request)
