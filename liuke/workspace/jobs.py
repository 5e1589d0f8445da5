"""What the workspace does by itself every day."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.jobs import job
from liuke.core.notices import notify

from .models import Task


@job("tasks-due", cron="10 8 * * *", label=lazy("Remind of tasks that are due"))
def remind_of_tasks(today: date) -> str:
    """Tell the executor of a task that is due today; him and its creator once of one whose day is over."""
    told = 0
    for task in Task.objects.open().filter(due__lte=today).select_related("executor", "creator").iterator():
        # the day of the task, not today: nobody is reminded of one task every morning
        if task.due == today:
            told += notify([task.executor], "task.due", record=task, day=task.due)
        else:
            people = [task.executor, task.creator]
            told += notify(people, "task.overdue", record=task, day=task.due, due=str(task.due))
    return _("%(n)s reminders checked") % {"n": told}
