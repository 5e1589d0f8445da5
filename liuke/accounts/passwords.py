"""Password rules of 等保, off by default: complexity at each change, and an age at which it has to be changed."""

from __future__ import annotations

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

options.declare(
    Option("level_protection", False, "bool", lazy("Password rules of 等保 (level protection)"),
           lazy("Passwords need three of four kinds of characters and are changed from time to time"))
)  # fmt: skip
options.declare(
    Option("password_days", 90, "int", lazy("Days a password is good for under these rules"), least=7, most=365)
)


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


def is_too_old(user: User) -> bool:
    """Whether the rules of 等保 ask for a new one now."""
    if not options.get("level_protection"):
        return False
    since = user.password_changed_at or user.created_at
    return bool(clock.now() - since > timedelta(days=options.get("password_days")))
