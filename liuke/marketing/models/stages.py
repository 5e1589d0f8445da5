"""The steps of a sale, and what each account manager is good at."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from liuke.base.fields import DictField
from liuke.base.models import Category, must_not_be_in_use
from liuke.core.fields import PercentField
from liuke.core.models import Record


class SalesStage(Record):
    """One step of the funnel with the chance that a sale in it is won (OPP-17)."""

    name = models.CharField(lazy("Name"), max_length=30)
    position = models.PositiveSmallIntegerField(lazy("Order"))
    win_probability = PercentField(lazy("Win probability"), default=0)

    class Meta:
        verbose_name = lazy("Sales stage")
        verbose_name_plural = lazy("Sales stages")
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(deleted_at=None), name="stage_name_once",
                violation_error_message=lazy("A stage of this name exists already"),
            )
        ]  # fmt: skip

    def guard_delete(self, by: Any) -> None:
        must_not_be_in_use(self)

    @classmethod
    def first(cls) -> SalesStage | None:
        return cls.objects.alive().order_by("position").first()


class SalesProfile(Record):
    """Territory and industries of an account manager: by these he is chosen for an opportunity (OPP-05)."""

    TEXT = "id"

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=lazy("Account manager"))
    region = DictField(lazy("Region"), category=Category.REGION)
    industries = models.ManyToManyField("base.Industry", blank=True, related_name="+", verbose_name=lazy("Industries"))

    class Meta:
        verbose_name = lazy("Sales profile")
        verbose_name_plural = lazy("Sales profiles")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(deleted_at=None), name="one_profile_a_person",
                violation_error_message=lazy("This person has a profile already"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.user)
