"""Who is signed in where: the sessions of each person, to be seen and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from liuke.core import audit, clock

from ..browsers import browser_name

if TYPE_CHECKING:
    from django.http import HttpRequest

    from .users import User


@dataclass(frozen=True)
class Seen:
    """A session that is alive."""

    pk: int
    address: str
    agent: str  # what the browser says of itself
    started_at: datetime
    seen_at: datetime
    current: bool

    @property
    def browser(self) -> str:
        return browser_name(self.agent)


class SignedIn(models.Model):
    """A session of a person, from where and with which browser. No backup holds it."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(default=clock.now)

    @classmethod
    def begin(cls, request: HttpRequest, user: User) -> None:
        """Note the session that has just begun; those that are over are forgotten."""
        if request.session.session_key is None:
            request.session.save()
        cls._forget(user)
        cls.objects.create(
            user=user, session_key=request.session.session_key, address=request.META.get("REMOTE_ADDR", "")[:45],
            browser=request.headers.get("User-Agent", "").replace("\0", "")[:200],
        )  # fmt: skip

    @classmethod
    def moved(cls, old: str | None, new: str | None) -> None:
        """The session goes on under another key."""
        cls.objects.filter(session_key=old).update(session_key=new)

    @classmethod
    def of(cls, user: User, current: str | None = None) -> list[Seen]:
        """Sessions that are alive, the one in use first."""
        known = {one.session_key: one for one in cls.objects.filter(user=user)}
        alive = Session.objects.filter(pk__in=known, expire_date__gt=timezone.now())
        seen = [_seen(known[one.pk], one.get_decoded(), current) for one in alive]
        return sorted(seen, key=lambda one: (not one.current, -one.seen_at.timestamp()))

    def end(self, by: User) -> None:
        """End the session: its next request is that of a stranger."""
        with transaction.atomic():
            _store(self.session_key).delete()
            audit.note("session_ended", by=by, record=self.user, details={"address": self.address})
            self.delete()

    @classmethod
    def end_all(cls, user: User, but: str | None = None) -> int:
        """End all sessions of a person, `but` one; returns how many."""
        ended = list(cls.objects.filter(user=user).exclude(session_key=but))
        Session.objects.filter(pk__in=[one.session_key for one in ended]).delete()
        cls.objects.filter(pk__in=[one.pk for one in ended]).delete()
        return len(ended)

    @classmethod
    def _forget(cls, user: User) -> None:
        alive = Session.objects.filter(expire_date__gt=timezone.now()).values("pk")
        cls.objects.filter(user=user).exclude(session_key__in=alive).delete()


def _store(key: str) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def _seen(one: SignedIn, content: dict[str, Any], current: str | None) -> Seen:
    at = datetime.fromtimestamp(content["seen_at"], tz=one.started_at.tzinfo) if "seen_at" in content else None
    return Seen(one.pk, one.address, one.browser, one.started_at, at or one.started_at, one.session_key == current)
