"""When call-backs are made (CMP-03, VISIT-01), whom they are told to (5.4), and what follows from the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from liuke.accounts.handover import Duty, sign
from liuke.accounts.models import User
from liuke.core import clock, options
from liuke.core.events import on
from liuke.core.history import name_verb
from liuke.core.notices import declare_kind, notify
from liuke.customers.pool import followed_up

from .models import Complaint, FollowUpVisit, ServiceRequest
from .models.visits import TO_DO, WITHIN
from .satisfaction import write_back

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.core.models import Event

name_verb(FollowUpVisit, "answer", _("The customer answered by the link"))
name_verb(FollowUpVisit, "take_over", _("Hand on"))

declare_kind("visit.made", "phone", "amber", text=_("Call “%(customer)s” back by %(until)s: %(record)s"))
declare_kind("visit.content", "message-2-check", "green",
             text=_("“%(customer)s” was called back and gave %(mark)s: %(record)s"))  # fmt: skip
declare_kind("visit.unhappy", "mood-sad", "red",
             text=_("“%(customer)s” was called back and gave only %(mark)s: %(record)s"))  # fmt: skip


@on(ServiceRequest, "feedback")
def archived(request: ServiceRequest, event: Event) -> None:
    """In the transaction that archives it: both are there or neither, and a request is archived once."""
    if request.is_archived:
        _make(request, request=request, staff=request.assigned_to, about=request.summary)


@on(Complaint, "close")
def closed(complaint: Complaint, event: Event) -> None:
    _make(complaint, complaint=complaint, staff=complaint.staff, about=str(complaint))


def _make(matter: Any, **values: Any) -> None:
    due = clock.today() + timedelta(days=options.get(WITHIN))
    FollowUpVisit(customer=matter.customer, contact=matter.contact, due_on=due, **values).create(by=None)


@on(FollowUpVisit, "create")
def made(visit: FollowUpVisit, event: Event) -> None:
    """Service staff: those who look after the call-backs of the whole house (5.4)."""
    wide = {"resource": "follow-up-visits", "action": "record", "scope": "all"}
    granted = {f"roles__grants__{name}": value for name, value in wide.items()}
    people = User.objects.alive().filter(status="normal", roles__deleted_at=None, **granted).distinct()
    notify(people, "visit.made", record=visit, event=event, customer=visit.customer.name, until=str(visit.due_on))


@on(FollowUpVisit, "record", "answer")
def answered(visit: FollowUpVisit, event: Event) -> None:
    """A mark like any other: the customer's satisfaction is worked out anew (docs/decisions/0010-satisfaction.md)."""
    write_back(visit.customer, event.actor)
    kind = "visit.content" if visit.is_content else "visit.unhappy"
    notify([visit.customer.owner, visit.staff], kind, record=visit, event=event, customer=visit.customer.name,
           mark=visit.satisfaction)  # fmt: skip
    if event.actor:
        followed_up([visit.customer_id], event.at)


def _in_hands_of(people: list[int]) -> QuerySet[FollowUpVisit]:
    return FollowUpVisit.objects.alive().filter(staff__in=people, status__in=TO_DO)


def _give(visit: FollowUpVisit, to: User, reason: str, by: User) -> None:
    visit.take_over(to, reason, by=by)


sign(Duty("visits", _("Customers to be called back"), _in_hands_of, _give, "staff",
          "/follow-up-visits/?staff=%s&scene=due"))  # fmt: skip
