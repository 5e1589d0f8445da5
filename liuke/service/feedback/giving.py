"""A task made of an entry of the feedback list: one, however often and by however many it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liuke.core import toasts
from liuke.core.doors.common import go, once, once_of, page_title, require, screen
from liuke.core.forms import DressedForm
from liuke.core.hallway import must_be_valid, with_key
from liuke.core.pages import Action, Link
from liuke.core.refusals import Forbidden, Refused, Replayed
from liuke.core.register import resource
from liuke.workspace.models import Task
from liuke.workspace.task_forms import choose_executor

from . import entries
from .entries import Key
from .sources import source, sources

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from .entries import Entry

TITLE = 100


class FeedbackTaskForm(DressedForm):
    """What is asked, of whom; what it is about is known."""

    title = Task._meta.get_field("title").formfield()
    executor = Task._meta.get_field("executor").formfield()
    due = Task._meta.get_field("due").formfield()
    priority = Task._meta.get_field("priority").formfield()
    description = Task._meta.get_field("description").formfield()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_executor(self.fields["executor"], user)
        self.dress()


@require_http_methods(["GET", "HEAD", "POST"])
def task_page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    entry = found_for(request.user, kind, pk)
    sent = request.POST if request.method == "POST" else None
    form = FeedbackTaskForm(sent, user=request.user, initial=proposed(entry))
    if there := Task.of_feedback(entry.source.link(pk)):
        return _there_is_one(request, entry, there)
    if request.method != "POST":
        return _dialog(request, entry, form)
    try:
        task = give(request.user, entry, form, (request.path, once_of(request), "page"))
    except (Replayed, Refused) as refused:
        if there := Task.of_feedback(entry.source.link(pk)):
            return _there_is_one(request, entry, there)
        over = _("The task made before was refused, cancelled or deleted. Submit again to make another one.")
        form.add_error(None, refused.message if isinstance(refused, Refused) else over)
        return _dialog(request, entry, form, 409, once())
    except ValidationError as wrong:
        for name, errors in getattr(wrong, "error_dict", {"__all__": [wrong]}).items():
            if name not in form.errors:
                form.add_error(name if name in form.fields else None, errors)
        return _dialog(request, entry, form, 422)
    toasts.add(request, _("Task made, %(name)s has been told") % {"name": task.executor.name})
    return go(request, f"/tasks/{task.pk}/")


def give(user: Any, entry: Entry, form: FeedbackTaskForm, key: Any) -> Task:
    """Make the task. Raises ValidationError, Refused where there is one already, Replayed for a key that was used."""
    must_be_valid(form)
    link = entry.source.link(entry.pk)

    def work() -> Any:
        return Task(**form.cleaned_data, record=link, source=Task.Source.FEEDBACK).create(by=user)

    made: Any = with_key(user, key, work)
    return made


def found_for(user: Any, kind: str, pk: int) -> Entry:
    """The entry, for whoever gives tasks and has it in his range. Raises Forbidden, or Http404."""
    if not any(one.may(user, "view") for one in sources()):
        raise Forbidden
    require(user, resource("tasks"), "create")
    one = source(kind)
    if one is None:
        raise Http404
    require(user, one.resource, "view")
    if pk >= 2**63 or not one.model._base_manager.filter(one.seen(user), pk=pk).exists():
        raise Http404
    return entries.read([Key(sources().index(one), pk)])[0]


def proposed(entry: Entry) -> dict[str, Any]:
    """What it is about and the words of the customer; it goes to whoever had to do with it, unless one chooses."""
    title = _("Feedback: %(what)s") % {"what": entry.title or entry.source.label}
    said = _("%(customer)s said: %(text)s") % {"customer": entry.customer_name, "text": entry.text}
    return {
        "title": title[:TITLE], "executor": entry.staff, "priority": Task.Priority.NORMAL, "description": said[:5000]
    }  # fmt: skip


def _there_is_one(request: HttpRequest, entry: Entry, task: Task) -> HttpResponse:
    """Pressed twice, or by two: the one that is there, named for whoever may open it."""
    told, action = _("There is a task for this feedback already"), None
    if task.is_seen_by(request.user):
        words = {"task": task.title, "name": task.executor.name, "status": task.get_status_display()}
        told = _("There is a task for this feedback already: “%(task)s”, %(name)s, %(status)s") % words
        action = Action("open", _("Open the task"), f"/tasks/{task.pk}/", "checkbox")
    context = {"refusal": told, "refusal_action": action}
    return screen(request, "core/dialog.html", _frame(entry) | context, 409 if request.method == "POST" else 200)


def _dialog(
    request: HttpRequest, entry: Entry, form: FeedbackTaskForm, status: int = 200, key: str = ""
) -> HttpResponse:
    context = {
        "text": "", "form": form, "fields": list(form), "submit_label": _("Make task"), "danger": False,
        "post_url": request.path, "refusal": "", "once": key or once_of(request) or once(),
    }  # fmt: skip
    return screen(request, "core/dialog.html", _frame(entry) | context, status)


def _frame(entry: Entry) -> dict[str, Any]:
    heading = _("Task from feedback")
    return {
        "heading": heading,
        "page_title": page_title(heading, entry.title),
        "crumbs": [Link(_("Feedback from customers"), "/feedback/"), Link(heading, "", current=True)],
        "commands": [],
        "cancel_url": "/feedback/",
    }
