"""Complaints as lists, forms, API and menu show them, and counted as their list finds them (CMP-01…04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from liuke.core import clock
from liuke.core.register import register, resource
from liuke.core.reports.report import register_report
from liuke.core.resource import ALL, MINE, TEAM, Menu, Scene, Stats, Verb
from liuke.customers.counting import By
from liuke.customers.resources.flags import BLACKLISTED_CUSTOMER
from liuke.customers.resources.parts import OF_DELETED, PartsOfCustomers
from liuke.customers.statistics import Statistics
from liuke.documents.register import attachable
from liuke.workspace.tasks import taskable

from . import complaint_life, complaint_listeners, visit_life  # noqa: F401  signed in from now on
from .forms import CloseForm, ComplaintForm, HandOnForm, RaiseForm
from .models import Complaint
from .models.complaints import UNSETTLED
from .whose import anyone_of

if TYPE_CHECKING:
    from liuke.accounts.models import User

INVOLVED = ("staff", "created_by", "customer__owner")
WHOSE = {  # act: of whom a grant of limited reach speaks
    "accept": ("staff",), "close": ("staff", "customer__owner"), "delete": ("created_by",), "create": ("created_by",),
    "import": ("created_by",),
}  # fmt: skip
STILL_OPEN = Q(status__in=UNSETTLED)


def waiting(user: User) -> Q:
    """Open complaints that this person looks into himself."""
    return resource("complaints").where(user, "close") & STILL_OPEN & Q(staff=user.pk)


@register
class Complaints(PartsOfCustomers):
    model = Complaint
    icon = "mood-sad"
    menu = Menu("customers", 65, waiting=waiting)
    columns = ("content", "customer", "category", "status", "staff", "complained_at", "number", "result")
    search = ("content", "customer__name", "number", "result")
    filters = ("customer__name", "category", "staff", "complained_at", "content", "status", "closed_at")  # CMP-02
    scenes = (ALL, Scene("open", _("Open complaints"), lambda resource, user: STILL_OPEN), MINE, TEAM)
    flags = (BLACKLISTED_CUSTOMER,)
    fields = (
        (_("Complaint"), ("customer", "contact", "category", "complained_at", "staff", "request")),
        (_("What is complained about"), ("content",)),
    )
    guarded = ("request",)
    choice_order = ("-id",)
    own = ("staff",)
    required_when_entered = ("category",)
    verbs = (
        Verb("close", _("Close complaint"), CloseForm, "circle-check", "primary", listed=True,
             text=_("What came of it; the customer is called back afterwards")),
        Verb("accept", _("Look into it"), None, "eye", listed=True,
             text=_("From now on everybody sees that somebody looks into it")),
        Verb("hand_on", _("Hand on"), HandOnForm, "arrows-exchange", grant="accept", done=_("Handed on"),
             text=_("Somebody else looks into it from now on; both of you are told")),
        Verb("raise_request", _("Raise to a service request"), RaiseForm, "headset",
             text=_("A service request of type complaint is made of it, to be assigned and handled")),
    )  # fmt: skip
    stats = Stats("status")
    ordering = "-complained_at"
    templates = {"detail": "service/complaint.html"}

    def may(self, user: User, action: str) -> bool:
        """Who raises one to a service request enters such a request."""
        if action == "raise_request" and not resource("service-requests").may(user, "create"):
            return False
        return super().may(user, action)

    def range(self, user: User, action: str) -> Q:
        """Everybody who has to do with one sees it; fewer look into it, close or delete it."""
        grant = self.grant_of(action)
        return anyone_of(user, user.reach(self.name, grant), WHOSE.get(grant, INVOLVED)) & ~OF_DELETED

    def initial(self, user: User) -> dict[str, Any]:
        return {"complained_at": clock.now(), "staff": user.pk}

    def form_class(self) -> type:
        return ComplaintForm

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("number", "customer", "category", "complained_at", "staff")

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        """The request it was raised to, or came from, and the call-back, as far as this person sees them."""
        if tab != "overview":
            return {}
        request: Any = resource("service-requests").find(user, record.request_id or 0)
        boxes = [{"title": gettext("Service request"), "html": _linked(request)}] if request else []
        if visit := visit_life.of_complaint(record, user):
            html = Markup(render_to_string("service/_visit.html", {"part": visit}))  # the template escapes
            boxes.append({"title": gettext("Call-back"), "html": html})
        return {"aside": boxes}

    def done(self, record: Any, verb: Verb, result: Any) -> str:
        if verb.name == "raise_request":
            return gettext("Service request %(number)s has been made of it") % {"number": result.number}
        return super().done(record, verb, result)


def _linked(request: Any) -> Any:
    return format_html(
        '<p><a href="/service-requests/{}/">{}</a><br><span class="small muted">{} · {}</span></p>',
        request.pk, request.summary, request.number, request.get_status_display(),
    )  # fmt: skip


attachable(Complaint)
taskable(Complaint)


@register_report
class ComplaintStatistics(Statistics):
    """CMP-02: how many of the complaints that were asked for there are of each kind."""

    name = "complaints"
    title = _("Complaint statistics")
    menu = ("customers", 92)
    counted_by = (
        By("category", "category"), By("staff", "staff"), By("status", "status"), By("customer", "customer"),
        By("month", "complained_at", pgettext_lazy("complaint", "Month"), "month"),
    )  # fmt: skip
