"""Tasks as lists, forms, API and menu show them, and as a tab of the records they are about (TASK-02)."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from markupsafe import Markup

from liuke.core import clock
from liuke.core.access import NOBODY, Reach
from liuke.core.display import EMPTY, shown, value_html
from liuke.core.doors.details import fact_groups
from liuke.core.forms import ReasonForm
from liuke.core.links import kind_of, link_to, name_of, tell_links
from liuke.core.pages import Fact, FactGroup, Link
from liuke.core.register import register, resource, sign_tab
from liuke.core.resource import ALL, TEAM, Menu, Resource, Scene, Stats, Tab, Verb

from .models import Task
from .models.tasks import OPEN
from .task_forms import CancelForm, ExecutorForm, ResultForm, TaskForm

if TYPE_CHECKING:
    from liuke.accounts.models import User
    from liuke.core.models import Record

INVOLVED = ("executor", "creator")
BY_EXECUTOR = ("accept", "start", "finish", "refuse")
BY_CREATOR = ("create", "import", "update", "delete", "cancel")
SHOWN = 50  # tasks on the page of what they are about


def _involving(reach: Reach, user: User) -> Q:
    return reduce(or_, (reach.rows(user, (name,)) for name in INVOLVED))


def _mine(user: User) -> Q:
    return Q(executor=user.pk, status__in=OPEN)


TO_DO = Scene("todo", lazy("To do"), lambda resource, user: _mine(user), ordering="-priority")
OVERDUE = Scene("overdue", lazy("Overdue"), lambda resource, user: _mine(user) & Q(due__lt=clock.today()),
                ordering="due")  # fmt: skip
MINE = Scene("mine", pgettext_lazy("tasks", "Given to me"), lambda resource, user: Q(executor=user.pk))
GIVEN = Scene("given", pgettext_lazy("tasks", "Given by me"), lambda resource, user: Q(creator=user.pk))


@register
class Tasks(Resource):
    model = Task
    icon = "checkbox"
    menu = Menu("workspace", 2, waiting=_mine, entered_last=True)
    columns = ("title", "executor", "due", "priority", "status", "record", "creator", "created_at")
    search = ("title", "description", "result")
    filters = ("status", "executor", "due", "priority", "creator", "source")
    scenes = (ALL, TO_DO, OVERDUE, MINE, GIVEN, TEAM)
    fields = ((lazy("Task"), ("title", "executor", "due", "priority", "description", "record")),)
    own = ("executor",)
    verbs = (
        Verb("accept", pgettext_lazy("task", "Accept"), None, "check", "primary", listed=True,
             done=pgettext_lazy("task", "Accepted"), text=lazy("Whoever gave it to you sees that you take it on")),
        Verb("start", pgettext_lazy("task", "Start"), None, "player-play", "primary", listed=True,
             text=lazy("The task is in progress from now on")),
        Verb("finish", pgettext_lazy("task", "Finish"), ResultForm, "circle-check", "primary", listed=True,
             done=lazy("Finished, whoever gave it has been told")),
        Verb("refuse", pgettext_lazy("task", "Refuse"), ReasonForm, "x",
             text=lazy("The task goes back to whoever gave it, with your reason")),
        Verb("reassign", pgettext_lazy("task", "Give to somebody else"), ExecutorForm, "arrows-exchange",
             text=lazy("Whoever gets it has to accept it anew")),
        Verb("cancel", pgettext_lazy("task", "Cancel task"), CancelForm, "ban", "danger",
             text=lazy("The task is no longer needed; its executor is told")),
    )  # fmt: skip
    stats = Stats("status")

    def range(self, user: User, action: str) -> Q:
        """Whoever gives a task and whoever carries it out see it, and those above them as far as their grants reach.

        Accepted, carried out and refused it is by its executor alone, changed and called off by who gave it.
        """
        wanted = self.grant_of(action)
        reach = user.reach(self.name, wanted)
        if reach is None:
            return NOBODY
        if wanted in BY_EXECUTOR:
            return Reach(own=True).rows(user, ("executor",))
        if reach.everything:
            return Q()
        if wanted in BY_CREATOR:
            return reach.rows(user, ("creator",))
        if wanted == "reassign":  # by who gave it; for his staff a superior may, whoever gave it
            staff = Reach(departments=reach.departments)
            return Reach(own=True).rows(user, ("creator",)) | _involving(staff, user)
        return _involving(reach, user)

    def initial(self, user: User) -> dict[str, Any]:
        return {"priority": Task.Priority.NORMAL}

    def tell(self, user: User, rows: list[dict[str, Any]]) -> None:
        tell_links(user, rows, "record")

    def badges(self, record: Any) -> list[tuple[str, str]]:
        return [("red", _("Overdue"))] if record.is_overdue else []

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("executor", "due", "priority", "creator", "source", "done_at")

    def form_class(self) -> type:
        return TaskForm

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        """What came of it beside what is written, and what it is about by its name."""
        if tab != "overview":
            return {}
        first, *others = fact_groups(self, record, user)
        about = str(Task._meta.get_field("record").verbose_name)
        told = [Fact(one.label, _about(record, user)) if one.label == about else one for one in first.facts]
        return {"groups": [FactGroup(first.title, told), *_course(record), *others]}

    def done(self, record: Any, verb: Verb, result: Any) -> str:
        if verb.name == "reassign":
            return _("Given to %(name)s, who has been told") % {"name": record.executor.name}
        return str(verb.done)

    def saved(self, record: Any) -> str:
        return _("Saved, %(name)s has been told") % {"name": record.executor.name}


def _about(record: Task, user: User) -> Markup | str:
    """The linked record by its name; to whoever may not see it, that it is one he may not."""
    if not record.record:
        return EMPTY
    if name := name_of(record.record, user):
        return Markup('<a href="/{}/">{}</a>').format(record.record, name)
    return _("%(record)s: deleted, or outside of your range") % {"record": kind_of(record.record)}


def _course(record: Task) -> list[FactGroup]:
    """How far it came, once somebody has taken it up."""
    names = [name for name in ("result", "reason", "accepted_at", "started_at", "done_at") if getattr(record, name)]
    facts = [
        Fact(str(shown(Task, name).label), value_html(record, name), wide=shown(Task, name).kind == "long")
        for name in names
    ]
    return [FactGroup(_("Course of the task"), facts)] if facts else []


# tasks on the page of what they are about (CUST-06)


def taskable(*models: type[Record]) -> None:
    """Show on the pages of these records the tasks about them, with a way to a new one."""
    for model in models:
        sign_tab(model, Tab("tasks", lazy("Tasks"), "workspace/_tasks.html", _tab, count=tasks_about, order=85))


def tasks_about(record: Record, user: User) -> Any:
    return Task.objects.visible_to(user).filter(record=link_to(record))


def _tab(record: Record, user: User) -> dict[str, Any]:
    link = quote(link_to(record), safe="")
    rows = tasks_about(record, user).select_related("executor", "creator").order_by("-id")
    may_add = resource("tasks").may(user, "create") and not record.deleted_at
    found = list(rows[: SHOWN + 1])
    return {
        "tasks": found[:SHOWN],
        "every_task": Link(_("All tasks about it"), f"/tasks/?record={link}") if len(found) > SHOWN else None,
        "new_task": Link(_("New task"), f"/tasks/new/?record={link}") if may_add else None,
    }
