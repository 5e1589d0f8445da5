"""Open requests are work in somebody's hands: they go to others before he is disabled (PERM-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.accounts.handover import Duty, sign

from .models import ServiceRequest

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.accounts.models import User


def _in_hands_of(people: list[int]) -> QuerySet[ServiceRequest]:
    """Those to be handled, and those that may come back to be handled again."""
    return ServiceRequest.objects.alive().filter(assigned_to__in=people, status__in=("assigned", "handled"))


def _give(request: ServiceRequest, to: User, reason: str, by: User) -> None:
    request.take_over(to, reason, by=by)


sign(Duty("service_requests", _("Open service requests"), _in_hands_of, _give, "assigned_to",
          "/service-requests/?assigned_to=%s"))  # fmt: skip
