"""Opportunities with a past: the state they had in another system, taken over when its parts fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core import clock
from liuke.customers.models import Customer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .opportunities import Opportunity

CLOSED = ("won", "lost")


def take_over(one: Opportunity, values: dict[str, Any]) -> None:
    """Set status, assignee, times and reason. Raises ValidationError naming what is missing or does not fit."""
    for name, value in values.items():
        setattr(one, name, value)
    if one.assignee is not None and "status" not in values and one.status == "unassigned":
        one.status = "assigned"
    _must_fit(one)
    if one.assignee is not None:
        one.assigned_at = one.assigned_at or one.created_at
    if one.status == "lost" and not one.lost_reason:
        one.lost_reason = _("Imported without a reason")


def _must_fit(one: Opportunity) -> None:
    wrong: dict[str, str] = {}
    if one.created_at > clock.now():
        wrong["created_at"] = _("This lies in the future")
    if one.status == "unassigned" and one.assignee is not None:
        wrong["assignee"] = _("An unassigned opportunity has no assignee")
    if one.status != "unassigned":
        wrong |= _assignee(one)
    if one.status in CLOSED:
        wrong |= _closing(one)
    elif one.closed_at is not None:
        wrong["closed_at"] = _("Only won and lost opportunities are closed")
    if one.lost_reason and one.status != "lost":
        wrong["lost_reason"] = _("Only lost opportunities have a reason of loss")
    if wrong:
        raise ValidationError(dict(wrong))


def _assignee(one: Opportunity) -> dict[str, str]:
    if one.assignee is None:
        return {"assignee": _("Give the assignee: only unassigned opportunities have none")}
    if not _is_manager(one.assignee):
        return {"assignee": _("%(name)s is no account manager") % {"name": one.assignee.name}}
    return {}


def _is_manager(person: Any) -> bool:
    """Rows of one batch share their people: each is asked for once."""
    from .opportunities import ACCOUNT_MANAGER

    known = person.__dict__
    if "_is_manager" not in known:
        known["_is_manager"] = person.roles.filter(code=ACCOUNT_MANAGER, deleted_at=None).exists()
    return bool(known["_is_manager"])


def _closing(one: Opportunity) -> dict[str, str]:
    if one.closed_at is None:
        return {"closed_at": _("Give the day on which it was closed")}
    if one.closed_at > clock.now():
        return {"closed_at": _("This lies in the future")}
    if one.closed_at < one.created_at:
        return {"closed_at": _("It cannot have been closed before it was entered")}
    return {}


def link_customers(records: Sequence[Opportunity]) -> None:
    """Won ones belong to the customer of their name, where there is exactly one."""
    open_ones = [one for one in records if one.status == "won" and one.customer_id is None]
    names = {one.customer_name for one in open_ones}
    found: dict[str, list[Customer]] = {}
    for customer in Customer.objects.alive().filter(name__in=names, status="normal").order_by("id"):
        found.setdefault(customer.name, []).append(customer)
    for one in open_ones:
        if len(same := found.get(one.customer_name, [])) == 1:
            one.customer = same[0]
