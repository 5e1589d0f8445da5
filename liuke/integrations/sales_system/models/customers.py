"""Customers of the sales system that are nobody here yet, or whom a person has told, and their orders that wait."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.fields import MoneyField
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import verb
from liuke.customers.models import Customer


class SourceCustomer(Record):
    """A customer as the sales system names it. Linked once, it stays linked whatever the names become."""

    class Status(models.TextChoices):
        WAITING = "waiting", lazy("Not known here")
        MATCHED = "matched", lazy("Found by number or name")
        LINKED = "linked", lazy("Linked")
        IGNORED = "ignored", lazy("Ignored")

    TONES = {"status": {"waiting": "amber", "matched": "blue", "linked": "green", "ignored": "grey"}}
    MOVES = {
        ("waiting", "link"): "linked", ("matched", "link"): "linked", ("linked", "link"): "linked",
        ("ignored", "link"): "linked",
        ("waiting", "create_customer"): "linked",
        ("waiting", "ignore"): "ignored",
        ("ignored", "heed"): "waiting",
    }  # fmt: skip

    key = models.CharField(lazy("Key"), max_length=200, unique=True, editable=False)
    external_number = models.CharField(lazy("External number"), max_length=100, blank=True, editable=False)
    name = models.CharField(lazy("Name in the sales system"), max_length=200, editable=False)
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.WAITING,
                              editable=False)  # fmt: skip
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, editable=False, related_name="+",
                                 verbose_name=lazy("Customer"))  # fmt: skip
    orders = models.PositiveIntegerField(lazy("Waiting orders"), default=0, editable=False)
    amount = MoneyField(lazy("Waiting amount"), max_digits=18, default=0, editable=False)

    class Meta:
        verbose_name = lazy("Customer of the sales system")
        verbose_name_plural = lazy("Customers of the sales system")
        indexes = [models.Index(fields=["status", "-orders"], name="source_customer_waiting")]

    @verb
    def link(self, customer: Customer, *, by: Any) -> SourceCustomer:
        """Say who this is. Orders that waited for it are written at once; those written before for somebody else are
        moved by the next reading, which reads everything."""
        from ..waiting import release
        from .state import SyncState

        if customer.deleted_at:
            raise Refused(_("This customer is in the recycle bin"), "customer_deleted")
        if self.customer_id not in (None, customer.pk):
            SyncState.forget()
        self.move("link", customer=customer)
        release(self)
        return self

    @verb
    def create_customer(self, *, by: Any) -> SourceCustomer:
        """Make it a customer here, to be completed later (C-32), and write its orders."""
        made = Customer(name=self.name[:50], external_number=self.external_number[:50], incomplete=True)
        made.create(by=by)
        from ..waiting import release

        self.move("create_customer", customer=made)
        release(self)
        return self

    @verb
    def ignore(self, *, by: Any) -> None:
        """Its orders do not concern us; they go on waiting, out of sight."""
        self.move("ignore")

    @verb
    def heed(self, *, by: Any) -> None:
        self.move("heed")


class WaitingOrder(models.Model):
    """An order whose customer is nobody here, kept as it came until somebody says who it is."""

    external_id = models.CharField(max_length=100, unique=True)
    source = models.ForeignKey(SourceCustomer, models.CASCADE, related_name="waiting")
    amount = MoneyField(default=0)
    body = models.JSONField()

    def __str__(self) -> str:
        return self.external_id
