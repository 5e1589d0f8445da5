"""API tokens: shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction

from liuke.core import audit, clock

from .. import bad_tokens

if TYPE_CHECKING:
    from .users import User

SEEN_EVERY = timedelta(minutes=5)


class ApiToken(models.Model):
    """A key a program signs in with, in the name of a user."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=50)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    @classmethod
    def issue(cls, user: User, name: str) -> str:
        """Make a token and return it; only its hash is kept."""
        word = f"lk_{secrets.token_urlsafe(32)}"
        with transaction.atomic():
            made = cls.objects.create(user=user, name=name, token_hash=_hash(word))
            audit.note("token_made", by=user, kind=cls._meta.label, text=name, details={"id": made.pk})
        return word

    def revoke(self, by: User) -> bool:
        """Kill it for good; False when it was dead already."""
        with transaction.atomic():
            killed = type(self).objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=clock.now())
            if killed:
                audit.note("token_killed", by=by, kind=self._meta.label, text=self.name,
                           details={"id": self.pk, "of": self.user.username})  # fmt: skip
        return bool(killed)

    @classmethod
    def user_of(cls, word: str) -> User | None:
        """The active user a token speaks for, or None, which is told in the audit log."""
        token = cls.objects.select_related("user__department").filter(token_hash=_hash(word)).first()
        if token is None or token.revoked_at or not token.user.is_active:
            bad_tokens.refused(token)
            return None
        token._seen()
        return token.user

    def _seen(self) -> None:
        """Note the use, but not at every call: reads should not queue behind a write."""
        now = clock.now()
        if self.last_used_at is None or now - self.last_used_at > SEEN_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
