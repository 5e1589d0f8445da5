"""The clock of service: promises are made with a request, kept by work on it, and told of when they run out (S-13)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.base.workdays import working_time
from liuke.core import clock, formats, options, written
from liuke.core.display import record_url
from liuke.core.events import on
from liuke.core.history import name_verb
from liuke.core.notices import declare_kind, notify
from liuke.core.options import Option
from liuke.core.register import resource

from . import beside
from .models import ServiceAgreement, ServiceDue, ServiceRequest

if TYPE_CHECKING:
    from datetime import date

    from liuke.accounts.models import User
    from liuke.core.models import Event

logger = logging.getLogger(__name__)
AHEAD = "service_warning_minutes"
Kind, Status = ServiceDue.Kind, ServiceDue.Status

options.declare(
    Option(AHEAD, 60, "int", lazy("Minutes before a promised time that people are warned"),
           lazy("Of service requests under an agreement"), least=5, most=1440)
)  # fmt: skip
name_verb(ServiceDue, "meet", lazy("Done"))
name_verb(ServiceDue, "warn", lazy("Warned"))
for kind, due, broken in (
    (Kind.RESPONSE, lazy("The response to “%(about)s” is due at %(at)s"),
     lazy("The response to “%(about)s” was due at %(at)s")),
    (Kind.ONSITE, lazy("Somebody has to be on site for “%(about)s” by %(at)s"),
     lazy("Somebody had to be on site for “%(about)s” by %(at)s")),
):  # fmt: skip
    declare_kind(f"service.due.{kind}", "clock-hour-4", "amber", text=due)
    declare_kind(f"service.broken.{kind}", "alert-triangle", "red", text=broken)


@on(ServiceRequest, "create", "update")
def promised(request: ServiceRequest, event: Event) -> None:
    """Under the agreement in force on the day of the call. Requests that come by a file have been answered long ago."""
    if event.verb == "create" and not event.among_many:
        _promise(request, event)
    if event.verb == "update" and "customer" in event.changes:
        _take_back(request)
        _promise(request, event)


def _promise(request: ServiceRequest, event: Event) -> None:
    day = timezone.localdate(request.created_at)
    agreement = ServiceAgreement.in_force(request.customer_id, day)
    for kind, due_at in _until(request, agreement, day).items() if agreement else ():
        if not request.dues.filter(kind=kind).exists():
            ServiceDue(request=request, agreement=agreement, kind=kind, due_at=due_at).create(by=event.actor)


def promised_by(agreement: ServiceAgreement) -> list[tuple[str, datetime]]:
    """What it would promise to a request that comes now: (kind of promise, moment)."""
    try:
        due = agreement.promises(clock.now(), working_time(clock.today()))
    except ValueError:
        return []
    return [(str(Kind(kind).label), at) for kind, at in due.items()]


def _until(request: ServiceRequest, agreement: ServiceAgreement, day: date) -> dict[str, datetime]:
    """A call is filed whatever the calendar says: where nobody ever works, nothing is promised."""
    try:
        return agreement.promises(request.created_at, working_time(day))
    except ValueError:
        logger.error("Agreement %s promises more hours than the working calendar has", agreement.number)
        return {}


def _take_back(request: ServiceRequest) -> None:
    """What runs for a customer that was entered by mistake was never promised; what is broken stays told."""
    running = list(request.dues.filter(status=Status.RUNNING))
    request.dues.filter(pk__in=[one.pk for one in running]).delete()
    if running:
        written.tell(running)


@on(ServiceRequest, "assign")
def responded(request: ServiceRequest, event: Event) -> None:
    _meet(request, Kind.RESPONSE, event)


@on(ServiceRequest, "handle")
def was_there(request: ServiceRequest, event: Event) -> None:
    _meet(request, Kind.ONSITE, event)


def _meet(request: ServiceRequest, kind: str, event: Event) -> None:
    """Late, and nobody has been told yet: they hear of it now."""
    for due in request.dues.filter(kind=kind, done_at=None):
        was_running = due.status == Status.RUNNING
        due.meet(by=event.actor)
        if was_running and due.status == Status.BROKEN:
            _notify(due, "broken", _concerned(request))


@on(ServiceRequest, "reassign", "take_over")
def handed_on(request: ServiceRequest, event: Event) -> None:
    """Who gets it after the warning is warned himself."""
    for due in request.dues.filter(status=Status.RUNNING).exclude(warned_at=None):
        _notify(due, "due", [request.assigned_to] if request.assigned_to else [])


def waiting(now: datetime) -> Any:
    """Promises to be told of: those about to run out that nobody was warned of, and those that have run out."""
    alive = {"request__deleted_at": None, "request__customer__deleted_at": None}
    running = ServiceDue.objects.filter(status=Status.RUNNING, **alive)
    unwarned = running.filter(warned_at=None, due_at__lte=now + timedelta(minutes=options.get(AHEAD)))
    return (unwarned | running.filter(due_at__lt=now)).select_related("request").order_by("due_at", "id")


def tell(due: ServiceDue) -> None:
    """Note that it runs out and tell whom it concerns. Raises Refused when that is over."""
    _notify(due, due.warn(by=None), _concerned(due.request))


def _concerned(request: ServiceRequest) -> list[User]:
    """Whoever is responsible and his superiors; while nobody is: who may assign it."""
    from .listeners import dispatchers

    person: User | None = request.assigned_to
    return [person, *person.superiors()] if person else dispatchers(request)


def _notify(due: ServiceDue, what: str, people: list[User]) -> None:
    notify(people, f"service.{what}.{due.kind}", record=due, day=timezone.localdate(due.due_at),
           url=record_url(due.request), about=str(due.request), at=formats.moment(due.due_at))  # fmt: skip


@beside.sign(5, lazy("Promised"), "service/_promises.html")
def promised_here(request: ServiceRequest, user: User) -> dict[str, Any] | None:
    """How the promises of the request stand, and by which agreement, for those who read agreements."""
    dues = list(request.dues.select_related("agreement").order_by("due_at"))
    if not dues:
        return None
    paper = dues[0].agreement if resource("service-agreements").may(user, "view") else None
    return {"agreement": paper, "dues": [(due, _left(due)) for due in dues]}


def _left(due: ServiceDue) -> str:
    """How long it has, or how late it is, in words."""
    at = due.done_at or clock.now()
    gap = formats.duration(abs((due.due_at - at).total_seconds()))
    if due.done_at:
        return "" if at <= due.due_at else _("%(gap)s late") % {"gap": gap}
    return (_("%(gap)s left") if at <= due.due_at else _("%(gap)s overdue")) % {"gap": gap}
