"""Call-backs as lists, pages and API show them, and their results counted (VISIT-01, VISIT-02)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.core import clock, formats
from liuke.core.field_rights import is_hidden
from liuke.core.forms import ReasonForm
from liuke.core.register import register, resource
from liuke.core.reports.report import register_report
from liuke.core.resource import ALL, LINK, MINE, TEAM, Menu, Scene, Stats, Verb
from liuke.customers.counting import By
from liuke.customers.resources.flags import BLACKLISTED_CUSTOMER
from liuke.customers.resources.parts import OF_DELETED, PartsOfCustomers
from liuke.customers.statistics import Statistics
from liuke.workspace.tasks import taskable

from . import visit_life, visit_listeners  # noqa: F401  signed in from now on
from .forms import CallForm
from .models import FollowUpVisit
from .models.visits import TO_DO
from .whose import anyone_of

if TYPE_CHECKING:
    from liuke.accounts.models import User
    from liuke.core.reports.sheet import Sheet

INVOLVED = ("staff", "customer__owner")
STILL_DUE = Q(status__in=TO_DO)


def waiting(user: User) -> Q:
    """Customers this person may call back."""
    return resource("follow-up-visits").where(user, "record") & STILL_DUE


@register
class FollowUpVisits(PartsOfCustomers):
    model = FollowUpVisit
    icon = "phone"
    menu = Menu("service", 90, waiting=waiting, scene="due")
    columns = ("about", "number", "customer", "contact", "due_on", "status", "staff", "channel", "satisfaction",
               "suggestions", "reason", "answered_at")  # fmt: skip
    search = ("about", "customer__name", "number", "suggestions", "reason")
    filters = ("status", "due_on", "satisfaction", "staff", "customer__name", "channel", "answered_at")
    scenes = (
        ALL,
        Scene("due", lazy("To be called back"), lambda resource, user: STILL_DUE, "due_on"),
        Scene("overdue", lazy("Overdue call-backs"), lambda resource, user: STILL_DUE & Q(due_on__lt=clock.today()),
              "due_on"),
        Scene("done", lazy("Done call-backs"), lambda resource, user: ~STILL_DUE, "-answered_at"),
        MINE, TEAM,
    )  # fmt: skip
    flags = (BLACKLISTED_CUSTOMER,)
    own = ("staff",)
    verbs = (
        Verb("record", lazy("Record call-back"), CallForm, "phone", "primary", listed=True, done=lazy("Saved"),
             text=lazy("What the customer said on the phone")),
        Verb("send", lazy("Make a link"), None, "link", grant="record", tells=LINK,
             text=lazy("A link by which the customer answers by itself, once. One made before works no more.")),
        Verb("give_up", lazy("Not to be reached"), ReasonForm, "user-off", grant="record",
             text=lazy("The sheet is closed without an answer")),
    )  # fmt: skip
    stats = Stats("status")
    hidden = ("token_hash",)
    guarded = ("request", "complaint")
    choice_order = ("-id",)
    templates = {"detail": "service/visit.html"}

    @property
    def actions(self) -> list[str]:
        """What can be granted: sheets are made by the system and settled by what the customer says."""
        return ["view", "export", "record"]

    def range(self, user: User, action: str) -> Q:
        """The person who served, the customer's manager, their heads; SVC all."""
        return anyone_of(user, user.reach(self.name, self.grant_of(action)), INVOLVED) & ~OF_DELETED

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("number", "customer", "contact", "due_on", "staff")

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        return visit_life.visit_screen(record, user) if tab == "overview" else {}

    def done(self, record: Any, verb: Verb, result: Any) -> str:
        if verb.name == "send":
            day = formats.moment(record.valid_until)
            return _("Send this link to the customer. It works once, until %(day)s.") % {"day": day}
        return super().done(record, verb, result)


taskable(FollowUpVisit)


@register_report
class VisitStatistics(Statistics):
    """VISIT-02: what customers said, of whatever call-backs were asked for."""

    name = "follow-up-visits"
    title = lazy("Call-back statistics")
    menu = ("service", 91)
    counted_by = (
        By("satisfaction", "satisfaction"), By("status", "status"), By("channel", "channel"), By("staff", "staff"),
        By("month", "answered_at", pgettext_lazy("call-back", "Month"), "month"),
    )  # fmt: skip

    def sheet(self, asked: Any) -> Sheet:
        marks = asked.listing.filtered.order_by().aggregate(n=Count("satisfaction"), mean=Avg("satisfaction"))
        told = ""
        if marks["n"] and not is_hidden(FollowUpVisit, "satisfaction", asked.user):
            told = _("%(n)s answers, mean mark %(mark)s") % {"n": marks["n"], "mark": f"{marks['mean']:.1f}"}
        return replace(super().sheet(asked), note=told)
