"""Orders of customers: entered here, or read from the sales system (ORD-01, ORD-03, ORD-04, ORD-07, C-10)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.core import clock, options
from liuke.core.fields import LongTextField, MoneyField
from liuke.core.indexes import list_indexes
from liuke.core.models import RecordQuerySet
from liuke.core.options import Option
from liuke.core.refusals import Forbidden, Refused
from liuke.core.register import resource
from liuke.core.verbs import hold, verb
from liuke.customers.models import Contact, Customer
from liuke.marketing.models import Opportunity

from ..source import must_be_kept_here
from .sourced import Sourced, external_once

if TYPE_CHECKING:
    from collections.abc import Iterable

SETS_STATE = {"status", "fulfilment"}  # what only the back office sets (ORD-03)


class Fulfilment(models.IntegerChoices):
    """How far an order has come; 5 and 6 are the codes of the sales system (003)."""

    ENTERED = 1, pgettext_lazy("order", "Entered")
    CONFIRMED = 2, pgettext_lazy("order", "Confirmed")
    IN_PRODUCTION = 3, pgettext_lazy("order", "In production")
    READY = 4, pgettext_lazy("order", "Ready")
    SHIPPED = 5, pgettext_lazy("order", "Shipped")
    PAID = 6, pgettext_lazy("order", "Paid")


options.declare(
    Option(
        "order_read_statuses", [int(Fulfilment.SHIPPED), int(Fulfilment.PAID)], "choices",
        lazy("Orders that count as history and turnover"),
        lazy("Historical orders, contribution and composition read orders in these steps"),
        choices=tuple((str(step), label) for step, label in Fulfilment.choices),
    )
)  # fmt: skip


def read_statuses() -> list[int]:
    """The steps in which an order counts for historical orders and turnover."""
    return sorted(int(one) for one in options.get("order_read_statuses"))


class OrderQuerySet(RecordQuerySet):
    def valid(self) -> OrderQuerySet:
        return self.alive().exclude(status=Order.Status.INVALID)

    def read(self) -> OrderQuerySet:
        """What historical orders and turnover count (S-04)."""
        return self.valid().filter(fulfilment__in=read_statuses())


class Order(Sourced):
    """What a customer ordered. Its amount is the sum of its lines, kept up whenever one is written."""

    class Status(models.TextChoices):
        INVALID = "invalid", pgettext_lazy("order", "Invalid")
        VALID = "valid", pgettext_lazy("order", "Valid")
        COMPLETED = "completed", pgettext_lazy("order", "Completed")

    class Origin(models.TextChoices):
        BUILTIN = "builtin", lazy("Entered here")
        EXTERNAL = "external", lazy("Sales system")

    LINKED = MANY = True
    TEXT = "number"
    NUMBER_PREFIX = "DD"
    TONES = {
        "status": {"invalid": "grey", "valid": "blue", "completed": "green"},
        "fulfilment": {1: "grey", 2: "blue", 3: "blue", 4: "blue", 5: "amber", 6: "green"},
    }

    number = models.CharField(lazy("Order number"), max_length=20, unique=True, editable=False)
    # no index of its own: `order_of_customer` begins with it
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders", db_index=False,
                                 verbose_name=lazy("Customer"))  # fmt: skip
    order_date = models.DateField(lazy("Order date"), default=clock.today)
    delivery_address = models.CharField(lazy("Delivery address"), max_length=200, blank=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+",
                                verbose_name=lazy("Contact"))  # fmt: skip
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, null=True, blank=True, related_name="orders",
                                    verbose_name=lazy("Opportunity"))  # fmt: skip
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.VALID)
    fulfilment = models.PositiveSmallIntegerField(lazy("Fulfilment"), choices=Fulfilment.choices,
                                                  default=Fulfilment.ENTERED)  # fmt: skip
    amount = MoneyField(lazy("Total amount"), default=Decimal(0), editable=False)
    notes = LongTextField(lazy("Notes"), blank=True)
    origin = models.CharField(lazy("Origin"), max_length=10, choices=Origin.choices, default=Origin.BUILTIN,
                              editable=False)  # fmt: skip

    objects: ClassVar[Any] = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("entity", "Order")
        verbose_name_plural = lazy("Orders")
        indexes = [
            *list_indexes("order", orders=("order_date", "amount", "id"),
                          beside=("deleted_at", "status", "fulfilment", "customer")),
            models.Index(fields=["customer", "-order_date", "-id", "deleted_at", "status", "fulfilment", "amount"],
                         name="order_of_customer"),
            models.Index(fields=["-deleted_at"], name="order_deleted", condition=models.Q(deleted_at__isnull=False)),
        ]  # fmt: skip
        constraints = [external_once("order_external_once")]

    def fill(self, by: Any) -> None:
        if (self.status, self.fulfilment) != (self.Status.VALID, Fulfilment.ENTERED):
            _must_set_state(by)

    def adjust(self, values: dict[str, Any]) -> None:
        self.__dict__.setdefault("_customers", set()).add(self.customer_id)  # totals of the former one change as well
        if any(getattr(self, name) != values[name] for name in SETS_STATE & values.keys()):
            _must_set_state(self.__dict__.get("_by"))

    def guard_create(self, by: Any) -> None:
        super().guard_create(by)
        if self.customer_id:
            hold(self.customer)

    def guard_update(self, by: Any) -> None:
        super().guard_update(by)
        self.__dict__["_by"] = by  # for `adjust`

    def clean(self) -> None:
        if not self.customer_id:
            return  # said already
        if self.customer.deleted_at:
            raise ValidationError({"customer": _("This customer has been deleted: choose another one")})
        if self.contact and self.contact.customer_id != self.customer_id:
            raise ValidationError({"contact": _("This contact belongs to another customer")})
        if self.opportunity and self.opportunity.customer_id not in (None, self.customer_id):
            raise ValidationError({"opportunity": _("This opportunity belongs to another customer")})

    # marks (ORD-07)

    @verb
    def ship(self, *, by: Any) -> None:
        self.change(fulfilment=Fulfilment.SHIPPED)

    @verb
    def pay(self, *, by: Any) -> None:
        """Paid and done with."""
        self.change(fulfilment=Fulfilment.PAID, status=self.Status.COMPLETED)

    def guard_ship(self, by: Any) -> None:
        self._must_be_markable(by)
        _must_be_before(self, Fulfilment.SHIPPED)

    def guard_pay(self, by: Any) -> None:
        self._must_be_markable(by)
        _must_be_before(self, Fulfilment.PAID)

    def _must_be_markable(self, by: Any) -> None:
        must_be_kept_here(by)
        self.__dict__["_by"] = by

    def customers_touched(self) -> Iterable[int]:
        """This customer, and those the order belonged to before it was written."""
        return {self.customer_id, *self.__dict__.pop("_customers", ())}


def _must_be_before(order: Order, step: Fulfilment) -> None:
    if order.status == Order.Status.INVALID:
        raise Refused(_("This order is invalid"), "invalid")
    if order.fulfilment >= step:
        raise Refused(
            _("Not possible while the status is “%(status)s”") % {"status": order.get_fulfilment_display()},
            f"is_{order.fulfilment}",
        )


def _must_set_state(by: Any) -> None:
    """Status and fulfilment are set by whoever may; the system may."""
    if by is not None and not resource("orders").may(by, "set_status"):
        raise Forbidden(_("Status and fulfilment of orders are set by the back office"), "not_back_office")
