"""Hashes of passwords a person had before, kept only while the rules of the house ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, is_password_usable
from django.db import models

from liuke.core import clock

from .. import passwords

if TYPE_CHECKING:
    from .users import User


class PastPassword(models.Model):
    """A password that was given up. No event, file or API tells of it."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    given_up_at = models.DateTimeField(default=clock.now)

    @classmethod
    def keep(cls, user: User) -> None:
        """Remember the present one of this person before another takes its place; what is older than asked for goes."""
        many = passwords.remembered_passwords()
        if many and is_password_usable(user.password):
            cls.objects.create(user=user, password=user.password)
        mine = cls.objects.filter(user=user).order_by("-id")
        cls.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[many:])).delete()

    @classmethod
    def knows(cls, user: User, word: str) -> bool:
        """Whether it is one of those that may not be used again."""
        mine = cls.objects.filter(user=user).order_by("-id").values_list("password", flat=True)
        return any(check_password(word, one) for one in mine[: passwords.remembered_passwords()])
