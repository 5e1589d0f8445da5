"""Opportunities and plan steps are work in somebody's hands: they go to others before he is disabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.accounts.handover import Duty, sign

from .models import Opportunity, PlanItem
from .models.opportunities import ACCOUNT_MANAGER

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.accounts.models import User


def _assigned_to(people: list[int]) -> QuerySet[Opportunity]:
    return Opportunity.objects.alive().filter(assignee__in=people, status="assigned")


def _reassign(opportunity: Opportunity, to: User, reason: str, by: User) -> None:
    opportunity.reassign(to, reason, by=by)


def _is_account_manager(user: User) -> bool:
    return user.roles.filter(code=ACCOUNT_MANAGER, deleted_at=None).exists()


def _steps_of(people: list[int]) -> QuerySet[PlanItem]:
    return PlanItem.objects.open().filter(executor__in=people)


def _give_step(item: PlanItem, to: User, reason: str, by: User) -> None:
    item.update({"executor": to}, by=by)


sign(Duty("opportunities", _("Sales opportunities"), _assigned_to, _reassign, "assignee",
          "/opportunities/?assignee=%s&status=assigned", _is_account_manager,
          _("%(name)s is no account manager")))  # fmt: skip
sign(Duty("plan_items", _("Plan steps"), _steps_of, _give_step, "executor", "/plan-items/?executor=%s"))
