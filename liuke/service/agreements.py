"""Service agreements and what they promise, as lists, forms and API show them (SVC-08)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core.register import register
from liuke.core.resource import ALL, Menu, Scene, Stats
from liuke.customers.resources.parts import PartsOfCustomers

from . import promises  # noqa: F401  listens from now on
from .models import ServiceAgreement, ServiceDue
from .parts import PartsOfRequests


@register
class ServiceAgreements(PartsOfCustomers):
    model = ServiceAgreement
    icon = "file-certificate"
    menu = Menu("service", 70)
    columns = ("name", "number", "customer", "kind", "response_hours", "onsite_hours", "around_the_clock", "valid_from",
               "valid_to")  # fmt: skip
    search = ("name", "number", "customer__name")
    filters = ("customer", "kind", "valid_to", "around_the_clock")
    fields = (
        (_("Service agreement"), ("name", "customer", "kind", "valid_from", "valid_to")),
        (_("Promise"), ("response_hours", "onsite_hours", "around_the_clock", "notes")),
    )


RUNNING = Scene("running", _("Running promises"), lambda resource, user: Q(status=ServiceDue.Status.RUNNING))
BROKEN = Scene("broken", _("Broken promises"), lambda resource, user: Q(status=ServiceDue.Status.BROKEN))


@register
class ServiceDues(PartsOfRequests):
    """Which promises were kept and which broken; they are made and kept by work on their requests."""

    model = ServiceDue
    icon = "clock-hour-4"
    menu = Menu("service", 80)
    columns = (
        "request",
        "request__customer",
        "kind",
        "due_at",
        "done_at",
        "status",
        "request__assigned_to",
        "agreement",
    )
    search = ("request__summary", "request__number", "request__customer__name")
    filters = ("status", "kind", "due_at", "agreement", "request")
    fields = ((_("Service promise"), ("request", "agreement", "kind", "due_at")),)
    scenes = (ALL, RUNNING, BROKEN)
    stats = Stats("status")
    ordering = "-due_at"
