"""Whose a service request is: everybody who has to do with it may look, fewer may act."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from liuke.core.access import NOBODY, Reach

from .models.requests import OPEN

if TYPE_CHECKING:
    from liuke.accounts.models import User

ARCHIVED, STILL_OPEN = Q(status="archived"), Q(status__in=OPEN)
INVOLVED = ("assigned_to", "creator", "customer__owner")
WHOSE = {  # act: of whom a grant of limited reach speaks
    "handle": ("assigned_to",), "feedback": ("assigned_to", "customer__owner"), "delete": ("creator",),
    "create": ("creator",), "import": ("creator",),
}  # fmt: skip
BY_HIMSELF = Reach(own=True)


def rows_about(user: User, reach: Reach | None, action: str = "") -> Q:
    """The requests a grant reaches: those of the person, or of the people in its departments.

    However wide a grant is, a request is handled by nobody but its assignee (SVC-03).
    """
    if reach is None:
        return NOBODY
    if action == "handle":
        reach = BY_HIMSELF
    return anyone_of(user, reach, WHOSE.get(action, INVOLVED))


def anyone_of(user: User, reach: Reach | None, names: tuple[str, ...]) -> Q:
    """The rows that are this person's, or his departments', by any of these fields."""
    if reach is None:
        return NOBODY
    return Q() if reach.everything else reduce(or_, (reach.rows(user, (name,)) for name in names))


def arms_of(rows: Q) -> list[Q]:
    """What an OR is made of; anything else by itself."""
    if rows.connector != Q.OR or rows.negated:
        return [rows]
    return [one if isinstance(one, Q) else Q(one) for one in rows.children]
