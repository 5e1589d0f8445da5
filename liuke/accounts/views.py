"""Signing in and out, the own password, preferences and tokens, and the matrix of a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from liuke.core import audit, toasts
from liuke.core.doors.common import find, find_for, go, page_title, require, screen
from liuke.core.doors.details import acts_of, record_page
from liuke.core.pages import Link
from liuke.core.register import resource

from .field_matrix import chosen, field_tab, rules_with
from .forms import NewTokenForm, PasswordForm, SignInForm
from .matrix import read_matrix
from .models import ApiToken, SecondFactor, SignedIn, User
from .passwords import is_too_old
from .stepping import enter, half_way

if TYPE_CHECKING:
    from django.http import HttpRequest

FORM = ["GET", "HEAD", "POST"]
DEMO_PASSWORD = "liuke-demo"  # noqa: S105  of the demo house only; a real one has no such logins


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(FORM)
def sign_in(request: HttpRequest) -> HttpResponse:
    target = _safe_next(request)
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(target)
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if SecondFactor.objects.filter(user=form.user).exists():
            half_way(request, form.user, target)
            return go(request, "/login/code/")
        enter(request, form.user)
        return go(request, target)
    context = {
        "form": form,
        "next": target if target != "/" else "",
        "page_title": page_title(_("Sign in")),
        "demo_logins": (logins := _demo_logins()),
        "demo_password": DEMO_PASSWORD if logins else "",
    }
    return screen(request, "accounts/login.html", context, 422 if form.errors else 200)


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe and target.startswith("/") else "/"


def _demo_logins() -> list[tuple[str, str]]:
    """Demo data says on the first page how to get in; a real house has none of them."""
    from liuke.core import options

    try:
        return [(name, label) for name, label in options.get("demo_logins")]
    except KeyError:
        return []


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    _leave(request)
    return HttpResponseRedirect("/login/")


@require_POST
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Sign out and let somebody else sign in; nobody acts in another's name (SYS-03)."""
    _leave(request)
    return HttpResponseRedirect("/login/")


def _leave(request: HttpRequest) -> None:
    audit.note("signed_out", by=_me(request))
    SignedIn.objects.filter(session_key=request.session.session_key).delete()
    logout(request)


@sensitive_post_parameters("old", "new", "repeat")
@require_http_methods(FORM)
def own_password(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    form = PasswordForm(me, request.POST or None)
    if request.method == "POST" and form.is_valid():
        me.change_password(form.cleaned_data["new"], by=me, session=request.session.session_key)
        before = request.session.session_key
        update_session_auth_hash(request, me)
        SignedIn.moved(before, request.session.session_key)
        toasts.add(request, _("Saved"))
        return go(request, "/profile/")
    context = _frame(_("Change password")) | {"form": form, "must": me.must_change_password, "old": is_too_old(me)}
    return screen(request, "accounts/password.html", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
def profile(request: HttpRequest) -> HttpResponse:
    return _profile(request, NewTokenForm(_me(request)))


def _profile(request: HttpRequest, token_form: NewTokenForm) -> HttpResponse:
    context = _frame(_("Personal settings")) | {
        "person": _me(request),
        "tokens": ApiToken.objects.filter(user=_me(request), revoked_at=None).order_by("-id"),
        "sessions": SignedIn.of(_me(request), request.session.session_key),
        "second_factor": SecondFactor.objects.filter(user=_me(request)).first(),
        "superiors": _me(request).superiors(),
        "themes": User.Theme.choices,
        "fresh_token": request.session.pop("fresh_token", ""),
        "token_form": token_form,
    }
    return screen(request, "accounts/profile.html", context, 422 if token_form.errors else 200)


@require_POST
@sensitive_post_parameters("password")
def new_token(request: HttpRequest) -> HttpResponse:
    form = NewTokenForm(_me(request), request.POST)
    if not form.is_valid():
        return _profile(request, form)
    request.session["fresh_token"] = ApiToken.issue(_me(request), form.cleaned_data["name"])
    return HttpResponseRedirect("/profile/#tokens")


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    mine = ApiToken.objects.filter(pk=pk, user=_me(request), revoked_at=None).first()
    if mine is None or not mine.revoke(by=_me(request)):
        raise Http404
    toasts.add(request, _("Done"))
    return HttpResponseRedirect("/profile/#tokens")


@login_not_required
@require_POST
def set_preference(request: HttpRequest, name: str) -> HttpResponse:
    """Theme, density and language: kept with the person, and in a cookie before he has signed in."""
    value = request.POST.get(name, "")
    allowed = {"theme": User.Theme.values, "density": User.Density.values, "language": ["zh-hans", "en"]}[name]
    back = request.META.get("HTTP_REFERER", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    if value in allowed:
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(**{name: value})
        response.set_cookie(name, value, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


@require_POST
def save_grants(request: HttpRequest, pk: int) -> HttpResponse:
    role = find_for(request.user, resource("roles"), pk, "update")
    role.set_grants(read_matrix(request.POST), by=request.user)
    toasts.add(request, _("Saved"))
    return HttpResponseRedirect(f"/roles/{role.pk}/?tab=grants")


@require_http_methods(FORM)
def role_fields(request: HttpRequest, pk: int) -> HttpResponse:
    """The fields of one entity as a role has them: the tab of its page with another entity chosen, and saving it."""
    roles: Any = resource("roles")
    if request.method == "POST":
        role = find_for(request.user, roles, pk, "update")
        of = chosen(request.POST.get("of", ""))
        role.set_field_rules(rules_with(role, of.name, request.POST), by=request.user)
        toasts.add(request, _("Saved"))
        return HttpResponseRedirect(f"/roles/{pk}/fields/?of={of.name}")
    require(request.user, roles, "view")
    role = find(request.user, roles, pk, acts_of(roles))
    return record_page(request, roles, role, "fields", field_tab(role, request.GET.get("of", "")))


def _me(request: HttpRequest) -> User:
    """The person; these views are reached signed in only."""
    assert isinstance(request.user, User)
    return request.user


def _frame(title: str) -> dict[str, Any]:
    from liuke.core.pages import Action

    return {
        "page_title": page_title(title),
        "heading": title,
        "crumbs": [Link(title, "", current=True)],
        "commands": [Action("help", _("Help"), "/help/", "help-circle", access_key="h")],
    }
