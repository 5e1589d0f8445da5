"""What was spoken with a customer: each call, visit, mail and meeting (INT-01)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.base.fields import DictField
from liuke.base.models import Category
from liuke.core import clock, statements
from liuke.core.fields import LongTextField

from .contacts import Contact
from .customers import Customer
from .parts import PartOfCustomer


class Interaction(PartOfCustomer):
    """One contact with a customer. Its author is `created_by`."""

    TEXT = "summary"
    SHORT = 50  # so much of a text is its summary

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="interactions", db_index=False,
                                 verbose_name=lazy("Customer"))  # fmt: skip
    kind = DictField(lazy("Way of contact"), category=Category.INTERACTION)
    date = models.DateField(lazy("Date"))
    place = models.CharField(lazy("Place"), max_length=100)
    summary = models.CharField(lazy("Summary"), max_length=100)
    detail = LongTextField(lazy("Details"))
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="interactions",
                                verbose_name=lazy("Contact"))  # fmt: skip
    next_contact_on = models.DateField(lazy("Next contact on"), null=True, blank=True)
    notes = LongTextField(lazy("Notes"), blank=True)
    happened_at = models.DateTimeField(lazy("Happened at"), editable=False)

    class Meta:
        verbose_name = lazy("Interaction")
        verbose_name_plural = lazy("Interactions")
        indexes = [
            models.Index(fields=["customer", "-happened_at", "-id"], name="interaction_of_customer"),
            models.Index(fields=["-happened_at", "-id"], name="interaction_by_time"),
        ]

    def clean(self) -> None:
        super().clean()
        if self.date:
            self._must_be_past()
            self.happened_at = self._moment()
        if self.date and self.next_contact_on and self.next_contact_on < self.date:
            raise ValidationError({"next_contact_on": _("The next contact cannot lie before this one")})
        if self.contact and self.contact.customer_id != self.customer_id:
            raise ValidationError({"contact": _("Choose a contact of this customer")})

    def _must_be_past(self) -> None:
        if self.date > clock.today():
            raise ValidationError({"date": _("An interaction cannot lie in the future: use “Next contact on”")})

    def _moment(self) -> datetime:
        """When it was written down, if that was on its day; else the beginning of its day."""
        if timezone.localdate(self.created_at) == self.date:
            return self.created_at
        return timezone.make_aware(datetime.combine(self.date, time.min))


def followed(customers: set[int]) -> None:
    """Bring the last follow-up of these customers up to date: one statement for all of them."""
    latest = Interaction.objects.alive().filter(customer=models.OuterRef("pk")).order_by("-happened_at")
    Customer.objects.filter(pk__in=customers).update(last_follow_at=models.Subquery(latest.values("happened_at")[:1]))


def next_contact(customer: Customer) -> Any:
    """The interaction that says when to contact the customer next, unless that has happened since."""
    last = next(iter(statements.records(_promised, here=customer.pk)), None)
    if last is None or last.next_contact_on is None or customer.last_follow_at is None:
        return None
    since = timezone.localdate(customer.last_follow_at)
    return None if since >= last.next_contact_on and since > last.date else last


def _promised() -> models.QuerySet[Interaction]:
    promised = Interaction.objects.alive().filter(customer=statements.HERE).exclude(next_contact_on=None)
    return promised.select_related("created_by").order_by("-happened_at", "-id")[:1]
