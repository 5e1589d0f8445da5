"""Whom complaints are told to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.accounts.handover import Duty, sign
from liuke.core.events import on
from liuke.core.history import name_verb
from liuke.core.notices import declare_kind, notify
from liuke.customers.pool import followed_up

from .models import Complaint
from .models.complaints import UNSETTLED

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.accounts.models import User
    from liuke.core.models import Event

name_verb(Complaint, "take_over", _("Hand on"))

for code, icon, tone, text in (
    ("given", "mood-sad", "amber", _("%(actor)s gave you a complaint of “%(customer)s” to look into: %(record)s")),
    ("taken", "arrows-exchange", "grey", _("%(actor)s handed the complaint “%(record)s” to %(staff)s")),
    ("created", "mood-sad", "amber", _("Your customer “%(customer)s” complains: %(record)s")),
    ("closed", "circle-check", "green", _("%(actor)s closed the complaint of “%(customer)s”: %(result)s")),
):  # fmt: skip
    declare_kind(f"complaint.{code}", icon, tone, text=text)


@on(Complaint, "create")
def created(complaint: Complaint, event: Event) -> None:
    """Who is to look into it, and the customer's manager; of those that come by a file nobody hears."""
    if event.among_many:
        return
    tell = partial(notify, record=complaint, event=event, customer=complaint.customer.name)
    tell([complaint.staff], "complaint.given")
    if complaint.customer.owner_id != complaint.staff_id:
        tell([complaint.customer.owner], "complaint.created")


@on(Complaint, "update", "hand_on", "take_over")
def handed_on(complaint: Complaint, event: Event) -> None:
    if "staff" in event.changes:
        notify([complaint.staff], "complaint.given", record=complaint, event=event, customer=complaint.customer.name)
    if complaint.former:
        notify([complaint.former], "complaint.taken", record=complaint, event=event, staff=str(complaint.staff))


@on(Complaint, "close")
def closed(complaint: Complaint, event: Event) -> None:
    """The manager and who looked into it, if somebody else closed it. The customer has been dealt with (POOL-03)."""
    notify([complaint.customer.owner, complaint.staff], "complaint.closed", record=complaint, event=event,
           customer=complaint.customer.name, result=complaint.result[:200])  # fmt: skip
    followed_up([complaint.customer_id], event.at)


def _in_hands_of(people: list[int]) -> QuerySet[Complaint]:
    return Complaint.objects.alive().filter(staff__in=people, status__in=UNSETTLED)


def _give(complaint: Complaint, to: User, reason: str, by: User) -> None:
    complaint.take_over(to, reason, by=by)


sign(Duty("complaints", _("Open complaints"), _in_hands_of, _give, "staff", "/complaints/?staff=%s&scene=open"))
