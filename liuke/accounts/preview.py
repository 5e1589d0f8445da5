"""Seeing the product as a role would: by an administrator, read-only, said on every page, and kept in the history.

It is no other person: what is one's own is the administrator's own, his department is his. Nothing
that writes is let through but the way out, and whatever a page writes by being looked at is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liuke.core.doors.common import find_for
from liuke.core.errors import refused_page
from liuke.core.refusals import Refused
from liuke.core.register import resource

from .models import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from .models import User

KEY = "preview_role"
FREE = ("/roles/preview/leave/", "/logout/", "/relogin/", "/static/")


def may_preview(user: Any) -> bool:
    """Whoever may give himself the role may look at what it shows."""
    return user.is_authenticated and user.reach("roles", "update") is not None and not user.previews


def previewed(request: HttpRequest, user: User) -> User:
    """The person as he is to be for this request: with the role's rights alone, while he looks at it."""
    chosen = request.session.get(KEY) if may_preview(user) else None
    role = Role.objects.filter(pk=chosen, deleted_at=None).first() if chosen else None
    return user.as_role(role) if role else user


class Preview:
    """Middleware, behind the one that knows the person: while he previews a role, nothing is written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not getattr(request.user, "previews", "") or request.path.startswith(FREE):
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            reason = _(
                "You are looking at the product as the role “%(role)s”: nothing is saved. Leave the preview first"
            )
            return refused_page(request, Refused(reason % {"role": request.user.previews}, "preview"))
        with transaction.atomic():
            response = self.get_response(request)
            transaction.set_rollback(_is_only_looked_at(request, response))
        return response


def _is_only_looked_at(request: HttpRequest, response: HttpResponse) -> bool:
    """Not a file, a sheet of paper or a refusal: that these were asked for stays in the audit log."""
    page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
    return page and "/print" not in request.path


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Kept as an event of the role: who looked at it, and when."""
    role = find_for(request.user, resource("roles"), pk, "update")
    role.preview(by=request.user)
    request.session[KEY] = role.pk
    return HttpResponseRedirect("/")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    pk = request.session.pop(KEY, None)
    return HttpResponseRedirect(f"/roles/{pk}/" if pk else "/")
