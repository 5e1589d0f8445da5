"""The two steps into the house: the password, and where there is one the second factor."""

from __future__ import annotations

import hmac
import time
from typing import TYPE_CHECKING, Any

from django.contrib.auth import login

from liuke.core import audit

from .models import SignedIn, User

if TYPE_CHECKING:
    from django.http import HttpRequest

HALF = "half_signed_in"
PATIENCE = 5 * 60  # seconds between password and code


def half_way(request: HttpRequest, user: User, target: str) -> None:
    """The password was right: remember who it was, in a session that is not signed in."""
    request.session.cycle_key()
    request.session[HALF] = {
        "user": user.pk, "hash": user.get_session_auth_hash(), "at": int(time.time()), "next": target,
    }  # fmt: skip


def half_signed_in(request: HttpRequest) -> tuple[User, str] | None:
    """Who stands between the two steps, and where he wants to go; nobody after five minutes or a changed password."""
    half: dict[str, Any] = request.session.get(HALF, {})
    if not half or not 0 <= time.time() - half["at"] <= PATIENCE:
        return None
    user = User.objects.select_related("department").filter(pk=half["user"]).first()
    if user is None or not user.is_active or not hmac.compare_digest(user.get_session_auth_hash(), half["hash"]):
        return None
    return user, half["next"]


def enter(request: HttpRequest, user: User, *, by_code: bool = False) -> None:
    """Sign in: a new session, told in the list of sessions and in the audit log."""
    request.session.pop(HALF, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if by_code:
        request.session["second_factor"] = True
    SignedIn.begin(request, user)
    audit.note("signed_in", by=user, details={"second_factor": by_code})


def confirmed(request: HttpRequest) -> None:
    """A second factor was set up in this session: it counts for it."""
    request.session["second_factor"] = True
