"""The development plan of an assigned opportunity: dated steps, carried out one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.accounts.models import User
from liuke.core import clock
from liuke.core.fields import LongTextField
from liuke.core.models import Record, RecordQuerySet
from liuke.core.refusals import Refused
from liuke.core.verbs import hold, verb

from .opportunities import Opportunity

if TYPE_CHECKING:
    from collections.abc import Sequence


class PlanItemQuerySet(RecordQuerySet):
    def open(self) -> PlanItemQuerySet:
        """Steps still to be done, of opportunities still in development."""
        return self.alive().filter(executed_at=None, opportunity__status="assigned", opportunity__deleted_at=None)

    def overdue(self) -> PlanItemQuerySet:
        return self.open().filter(date__lt=clock.today())


class PlanItem(Record):
    """One step of the plan (PLAN-02)."""

    TEXT = "content"

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="plan_items",
                                    verbose_name=lazy("Opportunity"))  # fmt: skip
    date = models.DateField(lazy("Date"))
    content = models.CharField(lazy("Content"), max_length=500)
    executor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+",
                                 verbose_name=lazy("Executor"),
                                 help_text=lazy("Who carries it out; the assignee when left empty"))  # fmt: skip
    result = LongTextField(lazy("Result"), blank=True, editable=False)
    executed_at = models.DateTimeField(lazy("Executed at"), null=True, editable=False)
    executed_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+",
                                    verbose_name=lazy("Executed by"))  # fmt: skip

    objects: ClassVar[Any] = PlanItemQuerySet.as_manager()

    class Meta:
        verbose_name = lazy("Plan item")
        verbose_name_plural = lazy("Development plans")
        ordering = ("date", "id")
        indexes = [
            models.Index(fields=["executor", "date"], name="plan_item_by_executor"),
            models.Index(fields=["date"], name="plan_item_to_do", condition=models.Q(executed_at=None)),
        ]

    @property
    def is_overdue(self) -> bool:
        late = bool(self.date) and self.date < clock.today()  # hidden from somebody, it has none
        return late and self.executed_at is None

    @classmethod
    def prepare_many(cls, records: Sequence[PlanItem], by: Any) -> None:
        chosen = {id(one.opportunity): one.opportunity for one in records if one.opportunity_id}
        models.prefetch_related_objects(list(chosen.values()), "assignee")

    def fill(self, by: Any) -> None:
        self._must_be_open()
        self.executor = self.executor or self.opportunity.assignee

    def frozen_fields(self) -> set[str]:
        """The date is fixed once saved (PLAN-03), and so is the opportunity."""
        return {"opportunity", "date"}

    def guard_update(self, by: Any) -> None:
        self._must_be_open()
        self._must_not_be_executed()

    guard_delete = guard_execute = guard_update

    def guard_restore(self, by: Any) -> None:
        self._must_be_open()

    @verb
    def execute(self, result: str, *, by: Any) -> None:
        """Note what carrying out the step achieved (PLAN-05)."""
        self.change(result=result, executed_at=clock.now(), executed_by=by)

    def _must_be_open(self) -> None:
        hold(self.opportunity)  # nobody closes the opportunity while a step is added or changed
        if self.opportunity.status != Opportunity.Status.ASSIGNED or self.opportunity.deleted_at:
            raise Refused(_("Only assigned opportunities have a plan"), "not_assigned")

    def _must_not_be_executed(self) -> None:
        if self.executed_at:
            raise Refused(_("This step has been executed and stays as it is"), "executed")
