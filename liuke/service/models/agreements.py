"""What was promised to a customer, and until when a request has to be answered for it (SVC-08, S-13)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.base.workdays import WorkingTime
from liuke.core import clock
from liuke.core.fields import LongTextField
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import hold, verb
from liuke.customers.models import Customer

from .requests import ServiceRequest

LEAST, MOST = Decimal("0.5"), Decimal(1000)  # hours


class HoursField(models.DecimalField):
    """Hours to half an hour, from half an hour to 1,000."""

    def __init__(self, verbose_name: Any = None, **options: Any) -> None:
        options |= {
            "max_digits": 5,
            "decimal_places": 1,
            "validators": [MinValueValidator(LEAST), MaxValueValidator(MOST), StepValueValidator(LEAST)],
        }
        super().__init__(verbose_name, **options)


class ServiceAgreement(Record):
    """For one customer: within which hours somebody answers, and is there."""

    class Kind(models.TextChoices):
        PAID = "paid", lazy("Paid")
        FREE = "free", pgettext_lazy("agreement", "Free of charge")

    NUMBER_PREFIX = "XY"
    LINKED = True
    TONES = {"kind": {"paid": "blue", "free": "grey"}}

    number = models.CharField(lazy("Agreement number"), max_length=20, unique=True, editable=False)
    name = models.CharField(lazy("Name"), max_length=100)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="service_agreements",
                                 verbose_name=lazy("Customer"))  # fmt: skip
    kind = models.CharField(lazy("Cover"), max_length=10, choices=Kind.choices, default=Kind.PAID)
    response_hours = HoursField(lazy("Response within (hours)"))
    onsite_hours = HoursField(lazy("On site within (hours)"), null=True, blank=True)
    around_the_clock = models.BooleanField(lazy("7×24"), default=False,
                                           help_text=lazy("Otherwise hours are counted in working time"))  # fmt: skip
    valid_from = models.DateField(lazy("Valid from"))
    valid_to = models.DateField(lazy("Valid to"), null=True, blank=True)
    notes = LongTextField(lazy("Notes"), blank=True)

    class Meta:
        verbose_name = lazy("Service agreement")
        verbose_name_plural = lazy("Service agreements")

    def clean(self) -> None:
        if self.valid_to and self.valid_from and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The last day is before the first")})
        if self.onsite_hours and self.response_hours and self.onsite_hours < self.response_hours:
            raise ValidationError({"onsite_hours": _("Nobody is on site before the response")})

    def guard_create(self, by: Any) -> None:
        if self.customer_id:
            hold(self.customer)
            self._customer_must_be_there()

    def guard_update(self, by: Any) -> None:
        self._customer_must_be_there()

    guard_restore = guard_update

    def _customer_must_be_there(self) -> None:
        if self.customer.deleted_at:
            raise Refused(_("The customer is in the recycle bin"), "customer_deleted")

    @classmethod
    def in_force(cls, customer_id: int, day: date) -> ServiceAgreement | None:
        """The agreement that holds for a customer on a day: of several the one that began last."""
        holds = Q(valid_to=None) | Q(valid_to__gte=day)
        found = cls.objects.alive().filter(holds, customer=customer_id, valid_from__lte=day)
        return found.order_by("-valid_from", "-id").first()

    def promises(self, moment: datetime, time: WorkingTime) -> dict[str, datetime]:
        """Until when what has to be done for a request that came at this moment: {kind of due: moment}.

        Raises ValueError where the house never works so many hours.
        """
        hours = {ServiceDue.Kind.RESPONSE: self.response_hours, ServiceDue.Kind.ONSITE: self.onsite_hours}
        return {kind.value: self._reached(moment, given, time) for kind, given in hours.items() if given}

    def _reached(self, moment: datetime, hours: Decimal, time: WorkingTime) -> datetime:
        if self.around_the_clock:
            return moment + timedelta(hours=float(hours))
        return time.after(moment, float(hours))


class ServiceDue(Record):
    """One promise for one request: until when, and whether it was kept. Written by the request's verbs and the clock.

    A response is kept by assigning the request, being on site by handling it for the first time.
    """

    class Kind(models.TextChoices):
        RESPONSE = "response", lazy("Response")
        ONSITE = "onsite", lazy("On site")

    class Status(models.TextChoices):
        RUNNING = "running", pgettext_lazy("promise", "Running")
        KEPT = "kept", lazy("Kept")
        BROKEN = "broken", lazy("Broken")

    TEXT = "kind"
    AUTHOR = ""
    TONES = {"status": {"running": "blue", "kept": "green", "broken": "red"}}

    created_by = None
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="dues", db_index=False,
                                verbose_name=lazy("Service request"))  # fmt: skip
    agreement = models.ForeignKey(ServiceAgreement, models.PROTECT, related_name="+", verbose_name=lazy("Agreement"))
    kind = models.CharField(lazy("Promise"), max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField(pgettext_lazy("promise", "Due at"))
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.RUNNING,
                              editable=False)  # fmt: skip
    done_at = models.DateTimeField(lazy("Done at"), null=True, editable=False)
    warned_at = models.DateTimeField(lazy("Warned at"), null=True, editable=False)

    class Meta:
        verbose_name = lazy("Service promise")
        verbose_name_plural = lazy("Service promises")
        indexes = [models.Index(fields=["status", "due_at"], name="service_due")]
        constraints = [models.UniqueConstraint(fields=["request", "kind"], name="one_promise_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.request} · {self.get_kind_display()}"

    @verb
    def meet(self, *, by: Any) -> None:
        """It has been done; late, it stays broken. Doing it again changes nothing."""
        if self.done_at is None:
            now = clock.now()
            kept = self.status == self.Status.RUNNING and now <= self.due_at
            self.change(done_at=now, status=self.Status.KEPT if kept else self.Status.BROKEN)

    @verb
    def warn(self, *, by: Any) -> str:
        """Its time is running out ("due"), or has run out ("broken"): noted once each, and told to the caller.

        Raises Refused where neither is so any more.
        """
        now = clock.now()
        if now > self.due_at:
            self.change(status=self.Status.BROKEN, warned_at=now)
            return "broken"
        self.change(warned_at=now)
        return "due"

    def guard_warn(self, by: Any) -> None:
        told = self.warned_at is not None and clock.now() <= self.due_at
        if self.status != self.Status.RUNNING or told or self.request.deleted_at:
            raise Refused(_("There is nothing to warn of any more"), "settled")

    def guard_update(self, by: Any) -> None:
        raise Refused(_("A promise is kept by working on its request"), "kept_by_work")

    guard_delete = guard_restore = guard_update
