"""Service requests and their rounds as lists, forms, API and menu show them."""

from __future__ import annotations

from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from liuke.core import formats, menu, options
from liuke.core.forms import ReasonForm
from liuke.core.register import register
from liuke.core.resource import ALL, MINE, TEAM, Menu, Resource, Scene, Verb
from liuke.customers.resources.parts import OF_DELETED
from liuke.documents.register import attachable
from liuke.workspace.tasks import taskable

from . import (  # noqa: F401  signed in from now on
    agreements,
    articles,
    cards,
    complaints,
    goods,
    handing,
    life,
    listeners,
    similar,
    visits,
)
from .feedback import report, signed  # noqa: F401
from .forms import ArticleForm, AssignForm, FeedbackForm, HandleForm, ReassignForm, RequestForm
from .models import ServiceHandling, ServiceRequest
from .models.requests import COMPLAINT, THRESHOLD
from .parts import PartsOfRequests
from .queues import HOMES, LABELS, QUEUE_OF, is_shown, named, queues_of, url_of
from .screens import case_screen
from .whose import ARCHIVED, STILL_OPEN, arms_of, rows_about

if TYPE_CHECKING:
    from liuke.accounts.models import User

menu.declare_group("service", pgettext_lazy("menu", "Service"), "headset", 40)

for place, queue in enumerate(("create", "assign", "handle", "feedback"), start=1):
    label, icon = LABELS[queue]
    menu.declare_entry("service", place * 10, label, url_of(queue), icon, partial(is_shown, queue))


def _in_status(key: str, label: Any) -> Scene:
    return Scene(key, label, lambda resource, user: Q(status=key))


SCENES = tuple(
    _in_status(key, label)
    for key, label in (
        ("new", _("To be assigned")), ("assigned", _("To be handled")),
        ("handled", _("To be asked for feedback")), ("archived", _("Archived requests")),
    )
)  # fmt: skip


@register
class ServiceRequests(Resource):
    model = ServiceRequest
    icon = "headset"
    menu = Menu("service", 50, needs="archive", label=_("Service archive"), scene="archived")
    columns = ("summary", "number", "type", "customer", "status", "assigned_to", "round", "satisfaction", "creator",
               "created_at")  # fmt: skip
    search = ("summary", "customer__name", "number", "request", "method")
    filters = ("type", "customer", "created_at", "status", "summary", "assigned_to", "satisfaction",
               "archived_at")  # fmt: skip
    scenes = (ALL, MINE, TEAM, *SCENES)
    fields = ((_("Service request"), ("customer", "type", "summary", "request", "contact", "matter")),)
    own = ("assigned_to", "creator")
    guarded = ("matter",)
    choice_order = ("-id",)  # among a million the newest are looked for, and nothing has to be sorted
    required_when_entered = ("type",)
    verbs = (
        Verb("assign", _("Assign service"), AssignForm, "user-check", "primary", done=_("Assigned successfully"),
             listed=True),
        Verb("handle", _("Handle service"), HandleForm, "tool", "primary", done=_("Handled, feedback is next"),
             listed=True),
        Verb("feedback", _("Record feedback"), FeedbackForm, "message-2-check", "primary", listed=True,
             text=lambda record: mark_text()),
        Verb("reassign", _("Hand on"), ReassignForm, "arrows-exchange", grant="assign"),
        Verb("escalate", _("Escalate"), ReasonForm, "alert-triangle", done=_("Escalated, the superiors know"),
             text=_("The superiors of whoever is responsible are told")),
        Verb("save_as_article", _("Save as article"), ArticleForm, "book",
             done=_("Saved as a draft of an article, to be released"), when=lambda record: bool(record.method)),
    )  # fmt: skip
    templates = {"detail": "service/case.html", "form": "service/form.html", "list": "service/list.html"}

    @property
    def actions(self) -> list[str]:
        """Beside the acts: reading the archive is a right of its own (matrix: service archive query)."""
        return [*super().actions, "archive"]

    def may(self, user: User, action: str) -> bool:
        return super().may(user, action) or (action == "view" and super().may(user, "archive"))

    def range(self, user: User, action: str) -> Q:
        """Open ones: as far as the grant reaches over those who have to do with them. The archive: by its own right.

        The act itself is narrower: handled by the assignee alone, deleted by the creator where only own ones are.
        """
        reach = user.reach(self.name, self.grant_of(action))
        if action == "view":
            filed = rows_about(user, user.reach(self.name, "archive"))
            # each arm of the OR whole: a database goes by one index after the other (docs/decisions/0003-list-speed.md)
            arms = [one & ARCHIVED for one in arms_of(filed)]
            arms += [one & STILL_OPEN for one in arms_of(rows_about(user, reach))]
            return reduce(or_, arms) & ~OF_DELETED
        if action == "export":
            return rows_about(user, reach) & self.range(user, "view")
        return rows_about(user, reach, self.grant_of(action)) & ~OF_DELETED

    def unseen(self, user: User, action: str) -> tuple[tuple[Q, ...], Q] | None:
        """Where somebody reads the whole archive: which rows he does not see, because they or their customers are
        deleted, which are few; and which of the others he sees. Else None."""
        archive, reach = user.reach(self.name, "archive"), user.reach(self.name, "view")
        if action != "view" or archive is None or not archive.everything:
            return None
        kept = (Q(deleted_at__isnull=False), OF_DELETED)
        mine = rows_about(user, reach)
        return kept, (ARCHIVED | mine if mine else Q())

    def form_class(self) -> type:
        return RequestForm

    def badges(self, record: Any) -> list[tuple[str, str]]:
        found = [("red" if record.type.value == COMPLAINT else "grey", record.type.entry)] if record.type else []
        return found + ([("amber", gettext("Escalated"))] if record.escalated_at and not record.is_archived else [])

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        return case_screen(record, user, tab)

    def place(self, record: Any) -> str:
        return url_of(QUEUE_OF[record.status])

    def around(self, user: User, door: str) -> dict[str, Any]:
        """The queues; above a list they are counted once it is there."""
        return {"queues": queues_of(user, "create") if door == "form" else named(user, "archive")}

    def saved(self, record: Any) -> str:
        """Whoever takes the call can tell the customer until when it is answered (SVC-08)."""
        first = record.dues.order_by("due_at").first()
        if not first:
            return super().saved(record)
        return gettext("Saved, the response is promised by %(at)s") % {"at": formats.moment(first.due_at)}

    def after_create(self, user: User, record: Any) -> str:
        """An empty form for the next one (UI-10)."""
        return f"/{self.name}/new/"

    def after_verb(self, user: User, record: Any, name: str) -> str:
        """On to the next one of the queue; a request just archived offers to write the interaction down (SVC-13)."""
        if (name == "feedback" and record.is_archived) or name not in HOMES:
            return super().after_save(user, record)
        return HOMES[name]

    def done(self, record: Any, verb: Verb, result: Any) -> str:
        if verb.name == "assign":
            return gettext("Assigned successfully, %(name)s has been told") % {"name": record.assigned_to.name}
        if verb.name != "feedback":
            return str(verb.done)
        if record.is_archived:
            return gettext("Archived")
        return gettext("Satisfaction %(mark)s: back to “Assigned” to be handled again") % {"mark": record.satisfaction}


def mark_text() -> str:
    """Which marks send a request back."""
    least = options.get(THRESHOLD)
    return gettext("From %(least)s on the request is archived; below it goes back to its assignee") % {"least": least}


@register
class ServiceHandlings(PartsOfRequests):
    """The service feedback list (SVC-11): every round with what was done and what the customer said."""

    model = ServiceHandling
    icon = "message-2-check"
    menu = Menu("service", 60, listed=False)  # in the menu stands the feedback list, which has them among its entries
    columns = ("method", "request", "request__customer", "request__type", "round", "handler", "handled_at", "result",
               "satisfaction", "answered_at")  # fmt: skip
    search = ("method", "result", "request__summary", "request__customer__name")
    filters = ("satisfaction", "request__type", "handler", "answered_at", "request", "request__customer", "handled_at")
    fields = ((_("Service feedback"), ("request", "round", "method", "handled_at", "result", "satisfaction")),)
    own = ("handler",)
    ordering = "-id"

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("request", "round", "handler", "satisfaction", "answered_by", "answered_at")


attachable(ServiceRequest)
taskable(ServiceRequest, ServiceHandling)
