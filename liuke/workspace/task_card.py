"""My tasks on the home page: those overdue first."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, Window
from django.utils.translation import gettext as _

from liuke.core import clock, formats
from liuke.core.register import resource

from .cards import Card, Figure, Line, card
from .models import Task

SOME = 6  # rows of the card


@card(12, "tasks")
def my_tasks(user: Any) -> Card | None:
    """Nothing for whoever never has any; else what is to be done, and what waits to be accepted."""
    if not resource("tasks").may(user, "view"):
        return None
    late, new = Q(due__lt=clock.today()), Q(status="new")
    counted = {"all": Count("pk"), "late": Count("pk", filter=late), "new": Count("pk", filter=new)}
    rows: Any = Task.objects.open().filter(executor=user).order_by(F("due").asc(nulls_last=True), "-priority", "id")
    tasks = list(rows.annotate(**{f"n_{key}": Window(n) for key, n in counted.items()})[:SOME])  # one question for all
    if not tasks:
        return None
    first = tasks[0]
    return Card(
        "tasks",
        _("My tasks"),
        "/tasks/?scene=todo",
        figures=[
            Figure(_("Overdue"), _n(first.n_late), "/tasks/?scene=overdue", "red" if first.n_late else ""),
            Figure(_("To be accepted"), _n(first.n_new), "/tasks/?scene=todo&status=new"),
            Figure(_("To do"), _n(first.n_all), "/tasks/?scene=todo"),
        ],
        lines=[_line(one) for one in tasks],
    )


def _n(found: int) -> str:
    return formats.number(found)


def _line(task: Task) -> Line:
    return Line(task.title, f"/tasks/{task.pk}/", formats.day(task.due), "red" if task.is_overdue else "", "checkbox")
