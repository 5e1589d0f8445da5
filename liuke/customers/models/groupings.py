"""How a house sorts its customers: own statuses of the work with them, and a tree of categories (CUST-07, CUST-08)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.base.models import must_not_be_in_use
from liuke.core.models import Record

LEVELS = 5  # so deep may categories lie in each other


class CustomerStatus(Record):
    """One entry of the house's own list of how far it is with a customer."""

    class Tone(models.TextChoices):
        GREY = "grey", lazy("Grey")
        BLUE = "blue", lazy("Blue")
        AMBER = "amber", lazy("Amber")
        GREEN = "green", lazy("Green")
        RED = "red", lazy("Red")
        PURPLE = "purple", lazy("Purple")

    name = models.CharField(lazy("Name"), max_length=30)
    tone = models.CharField(lazy("Colour"), max_length=6, choices=Tone.choices, default=Tone.GREY)
    position = models.PositiveSmallIntegerField(lazy("Order"), default=0)

    class Meta:
        verbose_name = lazy("Customer status")
        verbose_name_plural = lazy("Customer statuses")
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(deleted_at=None), name="customer_status_once",
                violation_error_message=lazy("A status of this name exists already"),
            )
        ]  # fmt: skip

    def guard_delete(self, by: Any) -> None:
        must_not_be_in_use(self)


class CustomerCategory(Record):
    """A class of customers; it may be part of a wider one. A customer may be in several."""

    name = models.CharField(lazy("Name"), max_length=50)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children",
                               verbose_name=lazy("Part of"))  # fmt: skip
    position = models.PositiveSmallIntegerField(lazy("Order"), default=0)

    class Meta:
        verbose_name = lazy("Customer category")
        verbose_name_plural = lazy("Customer categories")
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(deleted_at=None), name="customer_category_once",
                violation_error_message=lazy("A category of this name exists already"),
            )
        ]  # fmt: skip

    @staticmethod
    def within(pk: int) -> Q:
        """The category and everything below it, as a condition that holds however the tree changes."""
        paths = ("parent__" * depth + "pk" for depth in range(LEVELS))
        found = Q()
        for path in paths:
            found |= Q(**{path: pk})
        return found

    def guard_delete(self, by: Any) -> None:
        must_not_be_in_use(self)

    def clean(self) -> None:
        above, depth = self.parent, 1
        while above is not None:
            depth += 1
            if above.pk == self.pk or depth > LEVELS - self._height():
                raise ValidationError({"parent": _("Categories cannot lie in themselves, nor deeper than 5 levels")})
            above = above.parent

    def _height(self) -> int:
        """How many levels lie below."""
        if self.pk is None:
            return 0
        rows = CustomerCategory.objects.alive()
        return max((n for n in range(LEVELS) if rows.filter(**{"parent__" * n + "pk": self.pk}).exists()), default=0)
