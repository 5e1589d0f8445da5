"""Who reads historical orders (HORD-04): a permission of its own, beside that for orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from liuke.core import grantable

if TYPE_CHECKING:
    from liuke.accounts.models import User

grantable.declare("historical-orders", lazy("Historical orders"), ("view",))


def reads_history(user: User) -> bool:
    """Not everybody who enters orders."""
    return user.reach("historical-orders", "view") is not None
