"""Password rules of 等保, off by default: complexity at each change, none of the last ones again, and an age.

And how long a one-time password is good for, in every house.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, options
from liuke.core.options import Option

if TYPE_CHECKING:
    from .models import User

KINDS = 3
REMEMBERED = 5  # at least, under these rules

options.declare(
    Option("level_protection", False, "bool", lazy("Password rules of MLPS, the level protection"),
           lazy("Passwords need three of four kinds of characters and are changed from time to time"))
)  # fmt: skip
options.declare(
    Option("password_days", 90, "int", lazy("Days a password is good for under these rules"), least=7, most=365)
)
options.declare(
    Option("password_history", 0, "int", lazy("Earlier passwords that may not be used again"),
           lazy("0: any; under the password rules of MLPS at least 5"), least=0, most=24)
)  # fmt: skip
options.declare(Option("one_time_hours", 72, "int", lazy("Hours a one-time password is good for"), least=1, most=720))


class LevelProtection:
    """Three of: lower case, upper case, digits, other characters. Chinese counts as other."""

    def validate(self, password: str, user: Any = None) -> None:
        if not options.get("level_protection"):
            return
        kinds = (
            any(sign.islower() for sign in password), any(sign.isupper() for sign in password),
            any(sign.isdigit() for sign in password),
            any(not (sign.islower() or sign.isupper() or sign.isdigit()) for sign in password),
        )  # fmt: skip
        if sum(kinds) < KINDS:
            raise ValidationError(self.get_help_text(), code="too_simple")

    def get_help_text(self) -> str:
        return _("Use at least three kinds of characters: lower case, upper case, digits, others")


class NotUsedBefore:
    """None of the last ones of this person, as far as the house remembers them."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None or not remembered_passwords():
            return
        from .models import PastPassword

        if PastPassword.knows(user, password):
            raise ValidationError(self.get_help_text(), code="used_before")

    def get_help_text(self) -> str:
        return _("Choose a password that differs from your last %(n)s") % {"n": remembered_passwords()}


def remembered_passwords() -> int:
    """How many given-up passwords of a person are kept; 0 where nobody asks for it."""
    return max(int(options.get("password_history")), REMEMBERED if options.get("level_protection") else 0)


def is_stale(user: User) -> bool:
    """Whether he was given a one-time password too long ago to begin with it now."""
    since = user.password_changed_at
    if not user.must_change_password or since is None:
        return False
    return bool(clock.now() - since > timedelta(hours=options.get("one_time_hours")))


def one_time_password() -> str:
    """Twelve signs by chance, of three kinds at least: it passes the rules it stands before."""
    while True:
        word = secrets.token_urlsafe(9)
        if any(map(str.islower, word)) and any(map(str.isupper, word)) and any(map(str.isdigit, word)):
            return word


def is_too_old(user: User) -> bool:
    """Whether the rules of 等保 ask for a new one now."""
    if not options.get("level_protection"):
        return False
    since = user.password_changed_at or user.created_at
    return bool(clock.now() - since > timedelta(days=options.get("password_days")))
