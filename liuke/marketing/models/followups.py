"""Notes on the way of an opportunity: who spoke with whom about what, and when next (OPP-14)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.base.fields import DictField
from liuke.base.models import Category
from liuke.core.fields import LongTextField
from liuke.core.models import Record
from liuke.core.refusals import Forbidden, Refused
from liuke.core.verbs import hold

from .opportunities import Opportunity


class FollowUpNote(Record):
    """One follow-up of an assigned opportunity."""

    TEXT = "text"

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="follow_ups",
                                    verbose_name=lazy("Opportunity"))  # fmt: skip
    kind = DictField(lazy("Way of contact"), category=Category.NOTE_KIND)
    text = LongTextField(lazy("Text"), max_length=2000)
    next_contact_on = models.DateField(lazy("Next contact on"), null=True, blank=True)

    class Meta:
        verbose_name = lazy("Follow-up note")
        verbose_name_plural = lazy("Follow-up notes")

    def fill(self, by: Any) -> None:
        self._must_be_open()

    def frozen_fields(self) -> set[str]:
        return {"opportunity"}

    def guard_update(self, by: Any) -> None:
        if by is not None and self.created_by_id != by.pk:
            raise Forbidden(_("Only the writer can change or delete this note"), "not_writer")
        self._must_be_open()

    guard_delete = guard_restore = guard_update

    def _must_be_open(self) -> None:
        hold(self.opportunity)
        if self.opportunity.status != Opportunity.Status.ASSIGNED or self.opportunity.deleted_at:
            raise Refused(_("Notes can be added while the opportunity is in development"), "not_assigned")
