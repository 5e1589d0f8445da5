"""What the command line asks of accounts."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.db import transaction

from .models import ApiToken, Role, User

ADMINISTRATOR = "system_admin"


def create_admin(username: str, name: str, password: str) -> User:
    """A user who may administer the house. Raises ValidationError naming the fields."""
    user = User(username=username, name=name)
    password_validation.validate_password(password, user)
    with transaction.atomic():
        user.set_password(password)
        user.create(by=None)
        user.roles.add(Role.objects.get(code=ADMINISTRATOR))
    return user


def issue_token(username: str, name: str = "command line") -> str:
    """A new API token for a user. Raises User.DoesNotExist."""
    return ApiToken.issue(User.objects.get(username=username, status="normal", deleted_at=None), name)
