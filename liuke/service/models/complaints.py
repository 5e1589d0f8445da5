"""What customers complain about, who looks into it, and what came of it (CMP-01…04)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.accounts.models import User
from liuke.base.fields import DictField
from liuke.base.models import Category, DictionaryItem
from liuke.core import clock
from liuke.core.fields import LongTextField
from liuke.core.indexes import list_indexes
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import hold, verb
from liuke.customers.models import Contact, Customer

from .requests import COMPLAINT, ServiceRequest, must_be_normal, must_be_said

UNSETTLED = ("open", "handling")
SAID = {"customer", "content"}  # stay as they are once somebody looks into them
SHORT = 60  # so much of its content names a complaint
CLOCKS_DIFFER = timedelta(minutes=5)


class Complaint(Record):
    """A complaint or a demand for service of a customer; one person of the staff looks into it."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("complaint", "Open")
        HANDLING = "handling", lazy("Being looked into")
        CLOSED = "closed", pgettext_lazy("complaint", "Closed")

    NUMBER_PREFIX = "TS"
    TEXT = "content"
    MANY = True
    TONES = {"status": {"open": "amber", "handling": "blue", "closed": "green"}}
    MOVES = {
        **{
            (status, act): status for status in UNSETTLED for act in ("update", "raise_request", "hand_on", "take_over")
        },
        ("open", "delete"): "open",
        ("open", "accept"): "handling",
        **{(status, "close"): "closed" for status in UNSETTLED},
    }

    number = models.CharField(lazy("Complaint number"), max_length=20, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="complaints", db_index=False,
                                 verbose_name=lazy("Customer"))  # fmt: skip
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="complaints",
                                verbose_name=lazy("Contact"))  # fmt: skip
    category = DictField(lazy("Complaint category"), category=Category.COMPLAINT)
    content = LongTextField(lazy("Complaint content"))
    complained_at = models.DateTimeField(lazy("Complained at"))
    staff = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False,
                              verbose_name=lazy("Service staff"))  # fmt: skip
    request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, blank=True, related_name="complaints",
                                verbose_name=lazy("Service request"),
                                help_text=lazy("The request of this customer that is about the same"))  # fmt: skip
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.OPEN,
                              editable=False)  # fmt: skip
    result = LongTextField(lazy("Handling result"), blank=True, editable=False)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+",
                                  verbose_name=lazy("Closed by"))  # fmt: skip
    closed_at = models.DateTimeField(lazy("Closed at"), null=True, editable=False)

    former: User | None = None  # whom `hand_on` took it from

    class Meta:
        verbose_name = lazy("Complaint")
        verbose_name_plural = lazy("Complaints")
        indexes = [
            *list_indexes("complaint", orders=("id", "complained_at"),
                          beside=("deleted_at", "status", "staff", "customer", "category")),
            models.Index(fields=["customer", "-complained_at", "-id"], name="complaint_of_customer"),
            models.Index(fields=["staff", "status", "id", "deleted_at"], name="complaint_in_hand"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(deleted_at=None), name="one_complaint_a_request",
                violation_error_message=lazy("This service request has its complaint already"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        """How its content begins."""
        words = " ".join(self.content.split())
        return words if len(words) <= SHORT else f"{words[: SHORT - 1]}…"

    # what is always true

    def clean(self) -> None:
        if self.contact and self.contact.customer_id != self.customer_id:
            raise ValidationError({"contact": _("Choose a contact of this customer")})
        if self.request_id:
            self._must_be_its_customers()
        if self.complained_at:
            self.complained_at = self.complained_at.replace(second=0, microsecond=0)
            if self.complained_at > clock.now() + CLOCKS_DIFFER:
                text = _("This time has not come yet: enter when the customer called")
                raise ValidationError({"complained_at": text})

    def _must_be_its_customers(self) -> None:
        request: Any = self.request
        hold(request)  # nobody records a second one, or gives it to another customer, at the same moment
        if request.customer_id != self.customer_id:
            raise ValidationError({"request": _("Choose a request of this customer")})

    def frozen_fields(self) -> set[str]:
        frozen: set[str] = set() if self.status == self.Status.OPEN else set(SAID)
        return frozen | ({"customer", "request"} if self.request_id else set())

    def guard_create(self, by: Any) -> None:
        if self.customer_id:
            hold(self.customer)
            self._customer_must_be_there()
        if self.staff_id:
            must_be_normal(self.staff, "staff")

    def guard_update(self, by: Any) -> None:
        self._customer_must_be_there()

    guard_delete = guard_accept = guard_close = guard_update

    def guard_restore(self, by: Any) -> None:
        """Whoever left the house has handed his complaints on: none comes back to him."""
        self._customer_must_be_there()
        hold(self.staff)
        if not self.staff.is_active:
            raise Refused(_("%(name)s is disabled and cannot be chosen") % {"name": self.staff.name}, "disabled")

    def adjust(self, values: dict[str, Any]) -> None:
        """Whoever is chosen anew is still there."""
        given = values.get("staff")
        if given and given.pk != self.staff_id:
            must_be_normal(given, "staff")

    def _customer_must_be_there(self) -> None:
        """Who has churned may complain all the same; who lies in the recycle bin may not."""
        if self.customer.deleted_at:
            raise Refused(_("The customer is in the recycle bin"), "customer_deleted")

    # the way of a complaint

    @verb
    def accept(self, *, by: Any) -> None:
        """Somebody looks into it: the customer can be told so."""
        self.move("accept")

    @verb
    def close(self, result: str, *, by: Any) -> None:
        """Say what came of it. Raises ValidationError without a result."""
        must_be_said("result", result, _("Handling result"))
        self.move("close", result=result, closed_by=by, closed_at=clock.now())

    @verb
    def raise_request(self, summary: str, *, by: Any) -> ServiceRequest:
        """Make a service request of it, which goes its own way through assignment and handling (CMP-04)."""
        must_be_said("summary", summary, _("Summary"))
        made = ServiceRequest(
            customer=self.customer, contact=self.contact, summary=summary, request=self.content, type=_complaint_type(),
        ).create(by=by)  # fmt: skip
        self.change(request=made)
        return made

    def guard_raise_request(self, by: Any) -> None:
        self._customer_must_be_there()
        if self.request and not self.request.deleted_at:
            raise Refused(_("It has a service request already"), "is_raised")

    @verb
    def hand_on(self, staff: User, reason: str, *, by: Any) -> None:
        """Give it to somebody who can do more about it, with a reason; the state stays (CMP-01)."""
        must_be_said("reason", reason, _("Reason"))
        must_be_normal(staff, "staff")
        if staff == self.staff:
            raise ValidationError({"staff": [_("This person has the complaint already")]})
        former = self.staff
        self.move("hand_on", staff=staff)
        self.former = former  # for those who tell him

    guard_hand_on = guard_update

    @verb
    def take_over(self, staff: User, reason: str, *, by: Any) -> None:
        """Give it to somebody else: who has it leaves the house (PERM-07)."""
        must_be_said("reason", reason, _("Reason"))
        self.move("take_over", staff=staff)

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED


def _complaint_type() -> DictionaryItem | None:
    """The service type 投诉; a house that has taken it out of its dictionary has none."""
    return DictionaryItem.objects.alive().filter(category=Category.SERVICE_TYPE, value=COMPLAINT).first()
