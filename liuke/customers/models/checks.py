"""Who asked whether a customer exists: a question across the borders of what he sees, so it is counted and kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from liuke.core import clock
from liuke.core.refusals import Refused

AN_HOUR = timedelta(hours=1)
LIMIT = 60  # an hour: more than anybody types, less than it takes to copy a customer list
KEPT = timedelta(days=180)


class TooMany(Refused):
    """Asked too often (429)."""

    status = 429


class NameCheck(models.Model):
    """One question of one person, and whether the answer was yes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked = models.CharField(max_length=200)
    found = models.BooleanField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="check_by_user")]

    @classmethod
    def must_be_few(cls, user: Any) -> None:
        """Raise TooMany for somebody who asks like a machine."""
        if cls.objects.filter(user=user, at__gt=clock.now() - AN_HOUR).count() >= LIMIT:
            raise TooMany(_("You have checked %(n)s names within an hour, try again later") % {"n": LIMIT}, "too_many")

    @classmethod
    def forget_old(cls) -> int:
        return cls.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
