"""Churn alerts: customers that stopped buying, and what becomes of them (CHURN-01…05, S-06)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock
from liuke.core.fields import LongTextField
from liuke.core.indexes import list_indexes
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import verb
from liuke.customers.models import Customer

OPEN = ("warning", "postponed")


class ChurnAlert(Record):
    """A warning that a customer is silent. Made by the weekly check; a customer has one open alert at most."""

    class Status(models.TextChoices):
        WARNING = "warning", lazy("Warning")
        POSTPONED = "postponed", lazy("Loss postponed")
        CONFIRMED = "confirmed", lazy("Loss confirmed")
        RECOVERED = "recovered", lazy("Won back")

    NUMBER_PREFIX = "LS"
    TEXT = "number"
    AUTHOR = ""  # made by the system
    MANY = True
    TONES = {"status": {"warning": "amber", "postponed": "blue", "confirmed": "red", "recovered": "green"}}
    MOVES = {
        ("warning", "postpone"): "postponed",
        ("postponed", "postpone"): "postponed",
        ("postponed", "confirm"): "confirmed",
        ("warning", "recover"): "recovered",
        ("postponed", "recover"): "recovered",
    }

    number = models.CharField(lazy("Alert number"), max_length=20, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="churn_alerts", editable=False,
                                 verbose_name=lazy("Customer"))  # fmt: skip
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.WARNING,
                              editable=False)  # fmt: skip
    last_order_on = models.DateField(lazy("Last order on"), null=True, editable=False)  # as of the alert's last change
    silent_since = models.DateField(lazy("Silent since"), editable=False)  # that day, or the customer's first
    postponed_at = models.DateTimeField(lazy("First measure at"), null=True, editable=False)
    confirmed_at = models.DateTimeField(lazy("Loss confirmed at"), null=True, editable=False)
    recovered_at = models.DateTimeField(lazy("Won back at"), null=True, editable=False)
    reason = LongTextField(lazy("Reason of churn"), max_length=1000, blank=True, editable=False)

    created_by = None

    class Meta:
        verbose_name = lazy("Churn alert")
        verbose_name_plural = lazy("Customer churn")
        indexes = list_indexes(
            "churn",
            orders=("id", "last_order_on", "confirmed_at", "status"),
            beside=("deleted_at", "customer", "status"),
        )
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=models.Q(status__in=OPEN), name="one_open_alert"),
        ]

    def __str__(self) -> str:
        """The customer where it is loaded; the number where a question for each of many rows would have to be asked."""
        return self.customer.name if "customer" in self._state.fields_cache else self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @verb
    def postpone(self, measure: str, *, by: Any) -> None:
        """Note what is done to keep the customer; any number of times (CHURN-04). ValidationError for an empty one."""
        from .measures import ChurnMeasure

        ChurnMeasure(alert=self, measure=measure.strip()).create(by=by)
        self.move("postpone", postponed_at=self.postponed_at or clock.now())

    @verb
    def confirm(self, reason: str, *, by: Any) -> None:
        """The customer is lost, and why (CHURN-05): it is closed in the same step."""
        if not reason.strip():
            raise ValidationError({"reason": [_("Please fill in: %(what)s") % {"what": _("Reason of churn")}]})
        self.move("confirm", reason=reason.strip(), confirmed_at=clock.now())
        self.customer.churn(reason.strip(), by=by)

    def hold_first(self) -> None:
        """Its customer: whoever writes an order has that one first, and the open alert then."""
        Customer._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=self.customer_id).first()

    def guard_postpone(self, by: Any) -> None:
        self._must_be_open()

    def guard_confirm(self, by: Any) -> None:
        self._must_be_open()
        if self.status == self.Status.WARNING:
            raise Refused(_("Take a measure to postpone the loss first"), "not_postponed")

    def guard_update(self, by: Any) -> None:
        raise Refused(_("Alerts are made by the system and stay as they are"), "made_by_system")

    guard_create = guard_delete = guard_restore = guard_update

    def _must_be_open(self) -> None:
        if self.status == self.Status.CONFIRMED:
            raise Refused(_("The loss of this customer has been confirmed already"), "is_confirmed")
        if self.status == self.Status.RECOVERED:
            raise Refused(_("The customer has ordered again, the alert is over"), "is_recovered")
        if self.customer.deleted_at:
            raise Refused(_("This customer is in the recycle bin, restore it first"), "customer_deleted")
