"""The second step of signing in, the own second factor, and sessions and tokens, one's own and those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from markupsafe import Markup

from liuke.core import audit, options, toasts
from liuke.core.doors.common import find_for, go, page_title, screen
from liuke.core.pages import Action, Link
from liuke.core.refusals import Refused
from liuke.core.register import resource

from .forms import CodeForm, OwnPasswordForm, SetUpForm
from .models import ApiToken, SecondFactor, SignedIn, User
from .models.second_factor import address_of, fresh_secret
from .stepping import HALF, confirmed, enter, half_signed_in

if TYPE_CHECKING:
    from django.http import HttpRequest

FORM = ["GET", "HEAD", "POST"]
HERE = "/profile/second-factor/"
SECRET = "new_second_factor"  # in the session until the first code was right  # noqa: S105


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(FORM)
def code_page(request: HttpRequest) -> HttpResponse:
    """The code after the password. Whoever has not typed a password begins there."""
    half = half_signed_in(request)
    if half is None:
        request.session.pop(HALF, None)
        return HttpResponseRedirect("/login/")
    user, target = half
    form = CodeForm(request, user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        enter(request, user, by_code=True)
        return go(request, target)
    context = {"form": form, "page_title": page_title(_("Sign in"))}
    return screen(request, "accounts/code.html", context, 422 if form.errors else 200)


# the own second factor


@sensitive_post_parameters("password", "code")
@require_http_methods(FORM)
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Set it up; where there is one, what it is, with new recovery codes and an end to it."""
    me = _me(request)
    factor = SecondFactor.objects.filter(user=me).first()
    if factor is not None:
        return _there_is_one(request, me, factor)
    secret = request.session.get(SECRET) or request.session.setdefault(SECRET, fresh_secret())
    form = SetUpForm(me, secret, request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = SecondFactor.set_up(me, secret, form.cleaned_data["code"])
        if codes is not None:
            del request.session[SECRET]
            confirmed(request)
            SignedIn.end_all(me, request.session.session_key)  # they were signed in by the password alone
            return _shown_once(request, codes)
    spaced = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    context = _frame() | {"form": form, "secret": spaced, "must": me.needs_second_factor,
                          "picture": _picture(address_of(me, secret, str(options.get("company_name"))))}  # fmt: skip
    return screen(request, "accounts/second_factor.html", context, 422 if form.errors else 200)


def _there_is_one(request: HttpRequest, me: User, factor: SecondFactor) -> HttpResponse:
    form = OwnPasswordForm(me, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "renew" in request.POST:
            return _shown_once(request, factor.renew_codes())
        if me.needs_second_factor:
            raise Refused(_("Your role requires a second factor. Ask an administrator to reset it"), "required")
        factor.remove()
        request.session.pop("second_factor", None)
        toasts.add(request, _("The second factor is off"))
        return go(request, "/profile/")
    context = _frame() | {"factor": factor, "form": form, "left": len(factor.recovery), "must": me.needs_second_factor}
    return screen(request, "accounts/second_factor_there.html", context, 422 if form.errors else 200)


def _shown_once(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Recovery codes stand on this one page and nowhere else."""
    return screen(request, "accounts/recovery_codes.html", _frame() | {"codes": codes})


def _picture(text: str) -> Markup:
    """As part of the page: nothing is fetched, nothing of it is stored."""
    made = segno.make(text, error="m", micro=False)
    return Markup(made.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True))


# sessions and tokens


@require_POST
def end_own_session(request: HttpRequest, pk: int) -> HttpResponse:
    _session(_me(request), pk).end(by=_me(request))
    toasts.add(request, _("Done"))
    return HttpResponseRedirect("/profile/#sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    count = SignedIn.end_all(me, request.session.session_key)
    if count:
        audit.note("sessions_ended", by=me, record=me, details={"count": count})
    toasts.add(request, _("%(n)s sessions ended") % {"n": count})
    return HttpResponseRedirect("/profile/#sessions")


@require_POST
def end_session_of(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """An administrator ends a session of somebody."""
    person = find_for(request.user, resource("users"), pk, "reset_password")
    _session(person, session).end(by=_me(request))
    toasts.add(request, _("Done"))
    return HttpResponseRedirect(f"/users/{pk}/?tab=access")


@require_POST
def revoke_token_of(request: HttpRequest, pk: int, token: int) -> HttpResponse:
    person = find_for(request.user, resource("users"), pk, "reset_password")
    found = ApiToken.objects.filter(pk=token, user=person, revoked_at=None).first()
    if found is None or not found.revoke(by=_me(request)):
        raise Http404
    toasts.add(request, _("Done"))
    return HttpResponseRedirect(f"/users/{pk}/?tab=access")


def _session(person: User, pk: int) -> SignedIn:
    found = SignedIn.objects.filter(pk=pk, user=person).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _frame() -> dict[str, Any]:
    title = _("Second factor")
    return {
        "page_title": page_title(title), "heading": title,
        "crumbs": [Link(_("Personal settings"), "/profile/"), Link(title, HERE, current=True)],
        "commands": [Action("help", _("Help"), "/help/", "help-circle", access_key="h")],
    }  # fmt: skip


access_urls = [
    path("login/code/", code_page),
    path("profile/second-factor/", second_factor_page),
    path("profile/sessions/end/", end_other_sessions),
    path("profile/sessions/<int:pk>/end/", end_own_session),
    path("users/<int:pk>/sessions/<int:session>/end/", end_session_of),
    path("users/<int:pk>/tokens/<int:token>/revoke/", revoke_token_of),
]
