"""What the house sells (PROD-01, PROD-03)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.core.fields import LongTextField, MoneyField
from liuke.core.indexes import list_indexes
from liuke.core.verbs import verb

from ..source import must_be_kept_here
from .sourced import Sourced, external_once


class Product(Sourced):
    """A product by name, model and batch; a disabled one stays on old orders and is offered for no new ones."""

    class Status(models.TextChoices):
        NORMAL = "normal", lazy("Normal")
        DISABLED = "disabled", pgettext_lazy("product", "Disabled")

    LINKED = MANY = True
    TONES = {"status": {"normal": "green", "disabled": "grey"}}
    MOVES = {("normal", "disable"): "disabled", ("disabled", "enable"): "normal"}

    name = models.CharField(lazy("Product name"), max_length=100)
    model = models.CharField(pgettext_lazy("product", "Model"), max_length=100, blank=True)
    batch = models.CharField(lazy("Batch"), max_length=50, blank=True)
    unit = models.CharField(lazy("Unit"), max_length=20, blank=True)
    price = MoneyField(lazy("Price"), null=True, blank=True)
    notes = LongTextField(lazy("Notes"), blank=True)
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.NORMAL,
                              editable=False)  # fmt: skip

    class Meta:
        verbose_name = lazy("Product")
        verbose_name_plural = lazy("Products")
        indexes = list_indexes("product", orders=("name", "model", "price"), beside=("deleted_at", "status"))
        constraints = [external_once("product_external_once")]

    @verb
    def disable(self, *, by: Any) -> None:
        self.move("disable")

    @verb
    def enable(self, *, by: Any) -> None:
        self.move("enable")

    def guard_disable(self, by: Any) -> None:
        must_be_kept_here(by)

    guard_enable = guard_disable
