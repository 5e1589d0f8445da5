"""What marketing does by itself every day."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.jobs import job
from liuke.core.notices import notify

from .models import PlanItem


@job("plan-overdue", cron="0 8 * * *", label=lazy("Remind of overdue plan steps"))
def remind_of_overdue_steps(today: date) -> str:
    """Tell executor and assignee once of each step that is past its date without a result (PLAN-08)."""
    told = 0
    for item in PlanItem.objects.overdue().select_related("executor", "opportunity__assignee").iterator():
        people = [item.executor, item.opportunity.assignee]
        # the day of the step, not today: nobody is reminded of one step every morning
        told += notify(people, "plan.overdue", record=item, day=item.date, date=item.date.isoformat())
    return _("%(n)s reminders checked") % {"n": told}
