"""Tasks are work in somebody's hands: they go to others before he is disabled (PERM-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.accounts.handover import Duty, sign

from .models import Task

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.accounts.models import User


def _in_hands_of(people: list[int]) -> QuerySet[Task]:
    return Task.objects.open().filter(executor__in=people)


def _give(task: Task, to: User, reason: str, by: User) -> None:
    task.reassign(to, reason, by=by)


sign(Duty("tasks", _("Tasks"), _in_hands_of, _give, "executor", "/tasks/?executor=%s"))
