"""Signing in first; then what a person has chosen, and that a one-time password is changed before all else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import translation

from liuke.core.context import is_part, language_of
from liuke.core.field_rights import looking
from liuke.core.remembered import reading

from .passwords import is_too_old
from .preview import KEY, previewed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

SECOND_FACTOR = "/profile/second-factor/"
FREE = ("/password/", "/logout/", "/relogin/", "/login/", "/static/", "/preferences/")


class SignInFirst(LoginRequiredMiddleware):
    """A view that strangers may see says so itself. htmx is told to leave the page: no login form inside a cell."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if not is_part(request):
            return super().handle_no_permission(request, view_func)
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = urlencode({"next": f"{page.path or '/'}{'?' if page.query else ''}{page.query}"})
        return HttpResponse(status=401, headers={"HX-Redirect": f"/login/?{back}"})


def _first(request: HttpRequest, user: Any) -> str:
    """Where somebody has to go before anything else."""
    if user.must_change_password or is_too_old(user):
        return "/password/"
    missing = user.needs_second_factor and not request.session.get("second_factor") and not user.previews
    return SECOND_FACTOR if missing and request.path != SECOND_FACTOR else ""


class Preferences:
    """Set the language of the person, and send holders of a one-time password to choose their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        safe = request.method in ("GET", "HEAD") and KEY not in request.session
        with reading(safe):  # begun before the person is read
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        user: Any = get_user(request)  # not the lazy one: a page asks it a hundred times
        if KEY in request.session and not request.path.startswith("/api/"):
            user = previewed(request, user)
        request.user = user
        if user.is_authenticated and not request.path.startswith("/api/"):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
            if not request.path.startswith(FREE) and (first := _first(request, user)):
                return HttpResponseRedirect(first)
        else:  # said each time: a thread still speaks the language of whoever came before
            translation.activate(language_of(request))
        with looking(user):
            return self.get_response(request)
