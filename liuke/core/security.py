"""What every answer tells the browser, and how long a sign-in lasts."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

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
            if now - session.setdefault("signed_in_at", now) > settings.SESSION_LONGEST:
                session.flush()
            elif now - session.get("seen_at", 0) > self.SAVED_EVERY:
                session["seen_at"] = now
        return self.answer(request)
