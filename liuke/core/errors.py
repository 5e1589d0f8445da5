"""Friendly pages for what went wrong, with a reference number for what is our fault (UI-05)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, ValidationError
from django.db import Error
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from liuke.core import audit, faults
from liuke.core.api import answers
from liuke.core.context import bare, is_part
from liuke.core.refusals import Refused
from liuke.core.register import resource
from liuke.core.why import lacking

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


class Refusals:
    """Middleware: a refusal raised anywhere in a page becomes a page that says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refused_page(request, exception)
        if isinstance(exception, ValidationError):
            return error_page(request, 422, _("Some values are not valid"), "；".join(exception.messages))
        return None


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    if refused.status == 403:
        note_refusal(request, refused)
        more = _lacking(request, refused) if refused.code == "forbidden" else ""
        return error_page(request, 403, refused.message, more)
    return error_page(request, refused.status, _("Not possible now"), refused.message)


def note_refusal(request: HttpRequest, refused: Refused) -> None:
    """What somebody was not allowed is told in the audit log, after whatever was begun has been taken back."""
    audit.note("refused", by=request.user, text=request.path, outcome="refused",
               details={"method": request.method, "reason": refused.message})  # fmt: skip


def _lacking(request: HttpRequest, refused: Refused) -> str:
    """What the person would need, as those see it who can give it to him."""
    name, _dot, action = str(refused.extra.get("needs", "")).partition(".")
    try:
        told = lacking(resource(name), request.user, action)
    except KeyError:
        told = ""
    return " ".join(filter(None, (told, _("If you need it, ask your department head"))))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, TooManyFieldsSent):
        text = _("Nothing was saved: a form has at most %(most)s fields. Go back and save it in several parts")
        return error_page(request, 400, _("Too much at once"),
                          text % {"most": f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,}"})  # fmt: skip
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return error_page(request, 400, _("The request could not be understood"), _("Go back and try again"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403, _("No permission"), _("If you need it, ask your department head"))


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404, _("Not found"), _("There is no such record, or you may not see it"))


def too_large(request: HttpRequest) -> HttpResponse:
    text = _("Nothing was saved. Send less at once: smaller files, or a form in several parts")
    return error_page(request, 413, _("Too much at once"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault: what the person typed is safe in the browser, the number leads to the log and the monitor."""
    error = faults.current()
    if faults.is_full(error) or faults.is_away(error):
        return unavailable(request, error)
    number = faults.tell(request, faults.Kind.ERROR, error)
    text = _("What you entered has not been saved. Go back, your text is still there, and try again")
    return error_page(request, 500, _("Something went wrong"), text, number)


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """The machine's fault: it passes, or an administrator makes room (R25, R26)."""
    number = faults.tell(request, faults.Kind.UNAVAILABLE, error)
    title = _("The disk is full") if faults.is_full(error) else _("The database does not answer")
    text = _("What you entered has not been saved. Go back, your text is still there, and try again in a minute")
    response = error_page(request, 503, title, text, number)
    response["Retry-After"] = "30"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("The page was open for too long. Go back, reload it, and send it again")
    return error_page(request, 403, _("This form has expired"), text)


def error_page(request: HttpRequest, status: int, title: str, text: str, reference: str = "") -> HttpResponse:
    if request.path.startswith("/api/"):
        return _as_problem(status, title, text, reference)
    context: dict[str, Any] = {"status": status, "title": title, "text": text, "reference": reference}
    context |= {"page_title": title, "part": is_part(request), "crumbs": [], "commands": []}
    try:
        response = render(request, "core/error.html", context, status=status)
    except Error:  # the frame around the page asks for the menu of the person: leave it out
        response = HttpResponse(get_template("core/error.html").render(bare(request) | context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def _as_problem(status: int, title: str, text: str, reference: str) -> HttpResponse:
    if status == 404:
        return answers.missing()
    told = {"reference": reference} if reference else {}
    return answers.problem(status, f"http_{status}", title, detail=text, **told)
