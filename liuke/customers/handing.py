"""Customers are work in somebody's hands: they go to others before he is disabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.accounts.handover import Duty, sign

from .models import Customer

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.accounts.models import User


def _held_by(people: list[int]) -> QuerySet[Customer]:
    return Customer.objects.alive().filter(owner__in=people, status="normal")


def _give(customer: Customer, to: User, reason: str, by: User) -> None:
    customer.transfer(to, reason, by=by)


sign(Duty("customers", _("Customers"), _held_by, _give, "owner", "/customers/?owner=%s&status=normal"))
