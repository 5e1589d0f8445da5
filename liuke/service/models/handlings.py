"""The rounds of a service request: how it was handled each time, and what the customer said (SVC-04, SVC-11)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.accounts.models import User
from liuke.base.fields import RatingField
from liuke.base.models import Category
from liuke.core import clock
from liuke.core.fields import LongTextField
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import verb

from .requests import ServiceRequest


class ServiceHandling(Record):
    """One round. Written by the request's own verbs, never changed afterwards."""

    TEXT = "method"
    AUTHOR = "handler"

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="handlings", db_index=False,
                                verbose_name=lazy("Service request"))  # fmt: skip
    round = models.PositiveSmallIntegerField(lazy("Round"))
    method = LongTextField(lazy("Handling method"))
    created_by = None
    handler = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+", db_index=False,
                                verbose_name=lazy("Handler"))  # fmt: skip
    handled_at = models.DateTimeField(lazy("Handled at"))
    result = LongTextField(lazy("Handling result"), blank=True)
    satisfaction = RatingField(lazy("Satisfaction"), category=Category.SATISFACTION)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+",
                                    verbose_name=lazy("Feedback by"))  # fmt: skip
    answered_at = models.DateTimeField(lazy("Feedback at"), null=True, editable=False)

    class Meta:
        verbose_name = lazy("Service feedback")
        verbose_name_plural = lazy("Service feedback list")
        indexes = [
            models.Index(fields=["-answered_at", "-id"], name="handling_by_answer"),
            models.Index(fields=["satisfaction", "-answered_at", "-id"], name="handling_by_mark"),
            models.Index(fields=["handler", "-answered_at", "-id"], name="handling_of_handler"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "round"], name="one_handling_a_round",
                violation_error_message=lazy("This round has been handled already"),
            )
        ]  # fmt: skip

    @verb
    def answer(self, result: str, satisfaction: int, *, by: Any) -> None:
        """What the customer said. Raises Refused when this round has its answer."""
        self.change(result=result, satisfaction=satisfaction, answered_by=by, answered_at=clock.now())

    def guard_answer(self, by: Any) -> None:
        if self.answered_at:
            raise Refused(_("This round has its feedback already"), "answered")

    def clean(self) -> None:
        if self.satisfaction is not None and not 1 <= self.satisfaction <= 5:
            raise ValidationError({"satisfaction": _("Choose a mark from 1 to 5")})

    def guard_update(self, by: Any) -> None:
        raise Refused(_("What was done and said stays as it is"), "append_only")

    guard_delete = guard_restore = guard_update
