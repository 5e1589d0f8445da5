"""Whom a task tells of what (5.4): its executor that it is there, its creator what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.core.events import on
from liuke.core.notices import declare_kind, notify

from .models import Task

if TYPE_CHECKING:
    from liuke.core.models import Event

for code, icon, tone, text in (
    ("assigned", "checkbox", "blue", _("%(actor)s gave you the task “%(record)s”")),
    ("taken", "arrows-exchange", "grey", _("%(actor)s gave the task “%(record)s” to %(executor)s")),
    ("done", "circle-check", "green", _("%(actor)s has finished the task “%(record)s”")),
    ("refused", "x", "red", _("%(actor)s refuses the task “%(record)s”: %(reason)s")),
    ("cancelled", "ban", "grey", _("%(actor)s has cancelled the task “%(record)s”")),
    ("deleted", "trash", "grey", _("%(actor)s has deleted the task “%(record)s”")),
    ("due", "calendar-due", "amber", _("The task “%(record)s” is due today")),
    ("overdue", "alert-triangle", "red", _("The task “%(record)s” was due on %(due)s and is not finished")),
):  # fmt: skip
    declare_kind(f"task.{code}", icon, tone, text=text)


@on(Task, "create", "reassign", "restore")
def given(task: Task, event: Event) -> None:
    notify([task.executor], "task.assigned", record=task, event=event)
    if task.former:
        notify([task.former], "task.taken", record=task, event=event, executor=task.executor.name)


@on(Task, "finish")
def finished(task: Task, event: Event) -> None:
    notify([task.creator], "task.done", record=task, event=event)


@on(Task, "refuse")
def refused(task: Task, event: Event) -> None:
    notify([task.creator], "task.refused", record=task, event=event, reason=task.reason)


@on(Task, "cancel")
def cancelled(task: Task, event: Event) -> None:
    notify([task.executor], "task.cancelled", record=task, event=event)


@on(Task, "delete")
def deleted(task: Task, event: Event) -> None:
    """Whoever should still have done it; its own page is gone."""
    if task.is_open:
        notify([task.executor], "task.deleted", record=task, event=event, url="/tasks/")
