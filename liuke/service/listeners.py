"""Whom service tells of what (5.4), and what follows from a customer's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.accounts.models import User
from liuke.core.events import on
from liuke.core.history import name_verb
from liuke.core.notices import declare_kind, notify
from liuke.core.register import resource
from liuke.customers.pool import followed_up

from .models import ServiceHandling, ServiceRequest
from .satisfaction import write_back

if TYPE_CHECKING:
    from liuke.core.models import Event

name_verb(ServiceRequest, "take_over", _("Hand on"))
name_verb(ServiceHandling, "answer", _("Record feedback"))

for code, icon, tone, text in (
    ("created", "headset", "amber", _("%(actor)s entered service request “%(record)s”, to be assigned")),
    ("assigned", "user-check", "blue", _("%(actor)s assigned service request “%(record)s” to you")),
    ("taken", "arrows-exchange", "grey", _("%(actor)s handed service request “%(record)s” to %(assignee)s")),
    ("handled", "tool", "purple", _("%(actor)s handled service request “%(record)s”: ask the customer for feedback")),
    ("returned", "arrow-back-up", "red",
     _("The customer gave %(mark)s for “%(record)s”: it has come back to you to be handled again")),
    ("archived", "archive", "green", _("Service request “%(record)s” is archived: write the interaction down")),
    ("escalated", "alert-triangle", "red", _("%(actor)s escalated service request “%(record)s”: %(reason)s")),
):  # fmt: skip
    declare_kind(f"service.{code}", icon, tone, text=text)


@on(ServiceRequest, "create")
def created(request: ServiceRequest, event: Event) -> None:
    """Whoever may assign it hears of it; a department head only where it is in his range. Of imports nobody does."""
    if not event.among_many:
        notify(dispatchers(request), "service.created", record=request, event=event)


def dispatchers(request: ServiceRequest) -> list[User]:
    """The people in status normal who may assign this request."""
    granted = {"roles__deleted_at": None, "roles__grants__resource": "service-requests"}
    people = User.objects.alive().filter(status="normal", roles__grants__action="assign", **granted).distinct()
    requests = resource("service-requests")
    return [one for one in people if requests.rows(one, "assign").filter(pk=request.pk).exists()]


@on(ServiceRequest, "assign", "reassign", "take_over")
def assigned(request: ServiceRequest, event: Event) -> None:
    notify([request.assigned_to], "service.assigned", record=request, event=event)
    if request.former:
        notify([request.former], "service.taken", record=request, event=event, assignee=str(request.assigned_to))


@on(ServiceRequest, "handle")
def handled(request: ServiceRequest, event: Event) -> None:
    """The account manager asks the customer (2.3: the job of a salesperson goes back to the account manager)."""
    notify([request.customer.owner], "service.handled", record=request, event=event)
    followed_up([request.customer_id], event.at)


@on(ServiceRequest, "feedback")
def answered(request: ServiceRequest, event: Event) -> None:
    write_back(request.customer, event.actor)
    if request.is_archived:
        notify([request.customer.owner], "service.archived", record=request, event=event)
    else:
        notify([request.assigned_to], "service.returned", record=request, event=event, mark=request.satisfaction)


@on(ServiceRequest, "escalate")
def escalated(request: ServiceRequest, event: Event) -> None:
    """The superiors of whoever is responsible; while nobody is, those who may assign it."""
    person = request.assigned_to
    people = person.superiors() if person else dispatchers(request)
    notify(people, "service.escalated", record=request, event=event, reason=event.note)
