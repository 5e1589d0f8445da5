"""The lines of an order: what, how many, for how much (HORD-03)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.core.fields import MoneyField
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.register import resource
from liuke.core.verbs import hold

from ..source import must_be_kept_here
from .amounts import GRAIN, MOST, PriceField, QuantityField, worth
from .orders import Fulfilment, Order
from .products import Product


class OrderLine(Record):
    """So many of a product at a price. Its amount is worked out, to the cent, half a cent up."""

    TEXT = "product_name"

    order = models.ForeignKey(
        Order, models.PROTECT, related_name="lines", verbose_name=pgettext_lazy("entity", "Order")
    )
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+",
                                verbose_name=lazy("Product"))  # fmt: skip
    product_name = models.CharField(lazy("Product name"), max_length=200, blank=True,
                                    help_text=lazy("Taken from the product when left empty"))  # fmt: skip
    quantity = QuantityField(lazy("Quantity"),
                             validators=[MinValueValidator(GRAIN, lazy("Enter a quantity above 0"))])  # fmt: skip
    unit = models.CharField(lazy("Unit"), max_length=20, blank=True)
    unit_price = PriceField(lazy("Unit price"))
    amount = MoneyField(lazy("Amount"), default=Decimal(0), editable=False)

    class Meta:
        verbose_name = lazy("Order line")
        verbose_name_plural = lazy("Order lines")

    def fill(self, by: Any) -> None:
        if self.product:
            self.product_name = self.product_name or self.product.name
            self.unit = self.unit or self.product.unit
            if self.unit_price is None:
                self.unit_price = self.product.price

    def frozen_fields(self) -> set[str]:
        return {"order"}

    def guard_create(self, by: Any) -> None:
        must_be_kept_here(by)
        if self.order_id:
            hold(self.order)
            self._order_must_be_open(by)

    def guard_update(self, by: Any) -> None:
        must_be_kept_here(by)
        hold(self.order)
        self._order_must_be_open(by)

    guard_delete = guard_restore = guard_update

    def _order_must_be_open(self, by: Any) -> None:
        """Whoever enters orders adds lines until the order is confirmed; from then on the back office does."""
        if self.order.deleted_at:
            raise Refused(_("This order is in the recycle bin, restore it first"), "deleted")
        if by is not None and self.order.fulfilment != Fulfilment.ENTERED and not resource("orders").may(by, "update"):
            raise Refused(_("This order has been confirmed: the back office changes it"), "confirmed")

    def clean(self) -> None:
        if not self.product and not self.product_name.strip():
            raise ValidationError({"product_name": _("Choose a product or enter its name")})
        if self.quantity is None or self.unit_price is None:
            return  # said already
        self.amount = worth(self.quantity, self.unit_price)
        if self.amount > MOST:
            raise ValidationError({"quantity": _("This amount is too large")})
