"""What a customer's word is worth: assessments that are added and never changed (CUST-19)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock
from liuke.core.fields import LongTextField, StarsField
from liuke.core.refusals import Refused

from .customers import Customer
from .parts import PartOfCustomer


class CreditAssessment(PartOfCustomer):
    """One assessment; the newest one is the customer's credit. Its assessor is `created_by`."""

    TEXT = "basis"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="assessments", verbose_name=lazy("Customer"))
    score = StarsField(lazy("Score"))
    basis = LongTextField(lazy("Basis"), max_length=1000)
    date = models.DateField(lazy("Date"), default=clock.today)

    class Meta:
        verbose_name = lazy("Credit assessment")
        verbose_name_plural = lazy("Credit assessments")

    def guard_update(self, by: Any) -> None:
        raise Refused(_("Assessments stay as they are: add a new one"), "append_only")

    guard_delete = guard_restore = guard_update
