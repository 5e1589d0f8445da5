"""What lies where: a quantity of a product, changed by movements that stay on record (PROD-02, PROD-03)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.core import formats
from liuke.core.fields import LongTextField
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import verb

from ..source import must_be_kept_here
from .amounts import QuantityField, must_be_quantity
from .products import Product
from .sourced import Sourced, external_once

MOST = Decimal("99999999999.999")


class Warehouse(Sourced):
    """A place where products lie."""

    LINKED = True

    name = models.CharField(lazy("Warehouse name"), max_length=100)
    address = models.CharField(lazy("Address"), max_length=200, blank=True)

    class Meta:
        verbose_name = lazy("Warehouse")
        verbose_name_plural = lazy("Warehouses")
        constraints = [
            external_once("warehouse_external_once"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(deleted_at=None), name="warehouse_name_once",
                violation_error_message=lazy("There is a warehouse of this name already"),
            ),
        ]  # fmt: skip


class StockRecord(Sourced):
    """The quantity of a product in a bin of a warehouse. Three verbs change it, each leaves a movement."""

    LINKED = True
    TEXT = "title"

    product = models.ForeignKey(Product, models.PROTECT, related_name="stock", verbose_name=lazy("Product"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="stock", verbose_name=lazy("Warehouse"))
    bin = models.CharField(pgettext_lazy("stock", "Bin"), max_length=50, blank=True)
    quantity = QuantityField(lazy("Quantity"), default=Decimal(0), editable=False)
    notes = LongTextField(lazy("Notes"), blank=True)
    # what it is called: written anew when product or warehouse get another name (`listeners.named`)
    title = models.CharField(lazy("Stock"), max_length=250, blank=True, editable=False)

    class Meta:
        verbose_name = lazy("Stock record")
        verbose_name_plural = lazy("Stock")
        indexes = [models.Index(fields=["quantity", "id", "deleted_at"], name="stock_quantity")]
        constraints = [
            external_once("stock_external_once"),
            models.UniqueConstraint(
                fields=["product", "warehouse", "bin"], condition=models.Q(deleted_at=None), name="stock_once",
                violation_error_message=lazy("This product has a stock record in this bin already"),
            ),
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="stock_not_below_zero"),
        ]  # fmt: skip

    def clean(self) -> None:
        if not (self.product_id and self.warehouse_id):
            return  # said already
        self.title = self.called()

    def called(self) -> str:
        """The product and where it lies; names of full length are cut to what the column holds."""
        place = " ".join(filter(None, (self.warehouse.name, self.bin)))
        return f"{self.product} · {place}"[:250]

    def frozen_fields(self) -> set[str]:
        """Movements tell what was put where: a record is not turned into one of something else."""
        return {"product", "warehouse"}

    def guard_put_in(self, by: Any) -> None:
        must_be_kept_here(by)

    guard_take_out = guard_correct = guard_put_in

    @verb
    def put_in(self, quantity: Decimal, note: str = "", *, by: Any) -> None:
        """Add to what lies there. Raises ValidationError for a quantity that is not above 0."""
        self._move("in", must_be_quantity(quantity), note, by)

    @verb
    def take_out(self, quantity: Decimal, note: str = "", *, by: Any) -> None:
        """Take away. Raises Refused when less than that is there."""
        quantity = must_be_quantity(quantity)
        if quantity > self.quantity:
            raise Refused(
                _("There are only %(there)s, not %(wanted)s")
                % {"there": formats.number(self.quantity), "wanted": formats.number(quantity)},
                "not_enough",
            )
        self._move("out", -quantity, note, by)

    @verb
    def correct(self, quantity: Decimal, reason: str, *, by: Any) -> None:
        """Set what was counted, with the reason why it differed."""
        counted = must_be_quantity(quantity, least=Decimal(0))
        if counted == self.quantity:
            raise ValidationError({"quantity": [_("That is what stands there already")]})
        self._move("adjust", counted - self.quantity, reason, by)

    def _move(self, kind: str, change: Decimal, note: str, by: Any) -> None:
        if self.quantity + change > MOST:
            raise ValidationError({"quantity": [_("This number is too large")]})
        self.change(quantity=self.quantity + change)
        StockMovement(stock_record=self, kind=kind, change_by=change, balance=self.quantity, note=note).create(by=by)


class StockMovement(Record):
    """One line of the journal: added and never changed. The sum of the changes is the quantity."""

    class Kind(models.TextChoices):
        IN = "in", pgettext_lazy("stock", "In")
        OUT = "out", pgettext_lazy("stock", "Out")
        ADJUST = "adjust", pgettext_lazy("stock", "Adjustment")

    TEXT = "note"
    TONES = {"kind": {"in": "green", "out": "blue", "adjust": "amber"}}

    stock_record = models.ForeignKey(StockRecord, models.PROTECT, related_name="movements",
                                     verbose_name=lazy("Stock"))  # fmt: skip
    kind = models.CharField(pgettext_lazy("stock", "Kind"), max_length=10, choices=Kind.choices)
    change_by = QuantityField(lazy("Change"), validators=[])
    balance = QuantityField(lazy("Quantity after it"))
    note = models.CharField(lazy("Note"), max_length=500, blank=True)

    class Meta:
        verbose_name = lazy("Stock movement")
        verbose_name_plural = lazy("Stock journal")
        indexes = [models.Index(fields=["stock_record", "-id"], name="movement_of_stock")]

    def guard_update(self, by: Any) -> None:
        raise Refused(_("The journal stays as it is: enter another movement"), "append_only")

    guard_delete = guard_restore = guard_update
