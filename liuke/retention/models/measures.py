"""What is done to keep a customer: appended, never changed (CHURN-04)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.fields import LongTextField
from liuke.core.models import Record
from liuke.core.refusals import Refused

from .alerts import ChurnAlert


class ChurnMeasure(Record):
    """One measure. Its author is `created_by`; it comes about by `ChurnAlert.postpone`."""

    TEXT = "measure"

    alert = models.ForeignKey(ChurnAlert, models.PROTECT, related_name="measures", verbose_name=lazy("Churn alert"))
    measure = LongTextField(lazy("Measure"), max_length=2000)

    class Meta:
        verbose_name = lazy("Measure against churn")
        verbose_name_plural = lazy("Measures against churn")

    def guard_update(self, by: Any) -> None:
        raise Refused(_("Measures stay as they are: add a new one"), "append_only")

    guard_delete = guard_restore = guard_update
