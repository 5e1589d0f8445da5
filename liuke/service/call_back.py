"""The page a customer answers by: no sign-in, one link, one answer, and not a word about the customer (VISIT-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liuke.accounts.models.attempts import SignInAttempt
from liuke.core.doors.common import page_title, screen
from liuke.core.held_back import hold_back
from liuke.core.refusals import Refused

from .forms import CallForm
from .models import FollowUpVisit

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LINKS = "link:call-back"  # under this the guesses of an address are counted
hold_back("/call-back/")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: HttpRequest, word: str) -> HttpResponse:
    """To look changes nothing, so that programs which try links in mails use none up."""
    visit = FollowUpVisit.of_link(word)
    if visit is None:
        return _guess(request)
    if visit.is_answered:
        return _thanks(request, 409 if request.method == "POST" else 200)
    if not visit.is_open:
        return _over(request)
    if request.user.is_authenticated:  # a mark of one's own work counts for nothing
        return _word(request, 403, _("This link is for the customer"), _("Send it to the customer, who answers by it."))
    return (
        _answer(request, visit, word)
        if request.method == "POST"
        else _form(request, visit, CallForm(record=visit, user=None))
    )


def _guess(request: HttpRequest) -> HttpResponse:
    """Wrong links alone are refused after a while: behind a proxy all customers may have one address."""
    address = request.META.get("REMOTE_ADDR", "")
    if SignInAttempt.guesses_too_much(LINKS, address):
        return _word(request, 429, _("Too many attempts"), _("Please try again in a quarter of an hour."))
    SignInAttempt.guessed(LINKS, address)
    return _word(request, 404, _("This link is not valid"), _("Please open the link exactly as you received it."))


def _answer(request: HttpRequest, visit: FollowUpVisit, word: str) -> HttpResponse:
    form = CallForm(request.POST, record=visit, user=None)
    if not form.is_valid():
        return _form(request, visit, form, 422)
    said = form.cleaned_data
    try:
        visit.answer(word, said["satisfaction"], said["suggestions"], by=None)
    except Refused:  # somebody answered, or it ran out, while this page was open
        now = FollowUpVisit.of_link(word)
        return _thanks(request, 409) if now and now.is_answered else _over(request)
    return _thanks(request, 200)


def _form(request: HttpRequest, visit: FollowUpVisit, form: CallForm, status: int = 200) -> HttpResponse:
    matter: Any = visit.request or visit.complaint
    done_at = matter.archived_at if visit.request else matter.closed_at
    about = {"form": form, "number": matter.number, "done_on": timezone.localdate(done_at) if done_at else None}
    return _page(request, status, _("How content are you with our service?"), about)


def _thanks(request: HttpRequest, status: int) -> HttpResponse:
    return _word(request, status, _("Thank you, your answer has arrived"), _("You may close this page."), "green")


def _over(request: HttpRequest) -> HttpResponse:
    text = _("If you would like to tell us something, please call us.")
    return _word(request, 410, _("This link works no more"), text)


def _word(request: HttpRequest, status: int, title: str, text: str, tone: str = "amber") -> HttpResponse:
    return _page(request, status, title, {"text": text, "tone": tone})


def _page(request: HttpRequest, status: int, title: str, more: dict[str, Any]) -> HttpResponse:
    context = {"title": title, "page_title": page_title(title), **more}
    answer = screen(request, "service/call_back.html", context, status)
    answer["X-Robots-Tag"] = "noindex"
    return answer
