from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.accounts.models import User
from liuke.core import clock, menu, remembered
from liuke.core.backups import clearing
from liuke.core.companions import Companion, accompany
from liuke.core.doors.columns import Computed
from liuke.core.forms import ReasonForm
from liuke.core.register import register
from liuke.core.resource import ALL, MINE, TEAM, Menu, Resource, Scene, Stats, Tab, Verb
from liuke.customers.models import Customer
from liuke.documents.register import attachable
from liuke.workspace import administration
from liuke.workspace.tasks import taskable

from . import handing  # noqa: F401  what is in hands is known from now on
from .forms import AssignForm, OpportunityForm, ReassignForm, ResultForm, StageForm, WinForm
from .models import FollowUpNote, Opportunity, PlanItem, SalesProfile, SalesStage
from .screens import notes_of, opportunity_screen, result_mark

clearing.keep("marketing.SalesStage", "marketing.SalesProfile", "marketing.SalesProfile_industries")
remembered.watch("marketing.SalesStage")

menu.declare_group("marketing", _("Marketing"), "target-arrow", 30)

WAITING = Scene("waiting", _("Waiting for assignment"), lambda resource, user: _waiting(resource, user))
IN_DEVELOPMENT = Scene("developing", _("In development"), lambda resource, user: Q(status="assigned"))
TO_DO = Scene("todo", _("To do"), lambda resource, user: _to_do(user))
OVERDUE = Scene("overdue", _("Overdue"), lambda resource, user: _to_do(user) & Q(date__lt=clock.today()))


def _waiting(resource: Resource, user: User) -> Q:
    """Unassigned ones: for those who assign, the ones they may give away."""
    mine = resource.range(user, "assign") if resource.may(user, "assign") else Q()
    return Q(status="unassigned") & mine


def _to_do(user: User) -> Q:
    """My steps still to be done."""
    return Q(executor=user.pk, executed_at=None, opportunity__status="assigned", opportunity__deleted_at=None)


def held_or_led(user: User, prefix: str = "") -> Q:
    """Opportunities of this person, and of those whose superior he is."""
    led = user.led_people if user.led_departments else []
    return Q(**{f"{prefix}assignee": user.pk}) | Q(**{f"{prefix}assignee__in": led})


@register
class Opportunities(Resource):
    model = Opportunity
    icon = "target-arrow"
    menu = Menu("marketing", 20)
    columns = (
        "customer_name", "number", Computed("mark", _("Outcome"), ("status",), result_mark), "status", "stage",
        "success_rate", "amount", "assignee", "expected_close", "created_at",
    )  # fmt: skip
    search = ("customer_name", "number", "subject", "contact_name", "contact_phone")
    filters = ("status", "stage", "assignee", "purchase_time", "customer_name", "subject", "needed_product")
    scenes = (ALL, MINE, TEAM, WAITING, IN_DEVELOPMENT)
    fields = (
        (_("Opportunity"), ("customer_name", "source", "success_rate", "summary", "contact_name", "contact_phone",
                            "description")),
        (_("Follow-up"), ("stage", "amount", "expected_close", "subject", "customer", "external_number")),
        (_("More"), ("needed_product", "budget", "purchase_time", "order_time", "purpose", "person_in_charge",
                     "contact_way", "address", "industry", "region", "company_scale", "info_source", "dealer")),
    )  # fmt: skip
    own = ("assignee", "creator")
    extensible = True
    verbs = (
        Verb("assign", _("Assign"), AssignForm, "user-check", "primary", done=_("Assigned successfully"),
             template="marketing/assign.html", listed=True),
        Verb("win", _("Won"), WinForm, "check", "primary", template="marketing/win.html", listed=True,
             text=_("The opportunity is won and becomes a customer; this closes it")),
        Verb("lose", _("Stop development"), ReasonForm, "x", "danger", listed=True,
             text=_("The opportunity is lost; this closes it for good")),
        Verb("reassign", _("Reassign"), ReassignForm, "arrows-exchange", template="marketing/assign.html",
             grant="assign"),
        Verb("reopen", _("Take back the win"), ReasonForm, "arrow-back-up",
             text=_("The opportunity is in development again; the customer it made goes to the recycle bin")),
        Verb("set_stage", _("Change stage"), StageForm, "arrow-right", grant="update"),
    )  # fmt: skip
    stats = Stats("status", "amount")
    match = (("external_number",), ("customer_name", "summary"))
    state_fields = ("status", "assignee", "assigned_at", "closed_at", "lost_reason", "creator", "created_at")
    templates = {"detail": "marketing/opportunity.html", "form": "marketing/form.html"}

    def __init__(self) -> None:
        super().__init__()
        self.tabs.append(Tab("notes", _("Follow-up notes"), "marketing/_notes.html", notes_of))

    @property
    def actions(self) -> list[str]:
        return [*super().actions, "follow"]

    def may(self, user: User, action: str) -> bool:
        if self.grant_of(action) == "update":
            return super().may(user, action) or super().may(user, "follow")
        return super().may(user, action)

    def range(self, user: User, action: str) -> Q:
        """OPP-13: open to sales while unassigned; then the assignee and his superiors only."""
        if action == "import":  # of the past, too, which belongs to those who worked then
            return super().range(user, action)
        open_to = Q(status="unassigned") | held_or_led(user)
        if action == "delete" or action == "restore":
            return super().range(user, "delete") & Q(creator=user.pk) & open_to
        if self.grant_of(action) == "update":
            entry = super().range(user, "update") & Q(status="unassigned")
            return entry | (super().range(user, "follow") & held_or_led(user) & ~Q(status="unassigned"))
        return super().range(user, action) & open_to

    def form_class(self) -> type:
        return OpportunityForm

    def badges(self, record: Any) -> list[tuple[str, str]]:
        return [("red", str(_("Blacklist")))] if record.customer and record.customer.is_blacklisted else []

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("number", "success_rate", "amount", "expected_close", "assignee", "creator")

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        return opportunity_screen(self, record, user, tab)


@register
class PlanItems(Resource):
    model = PlanItem
    icon = "calendar-check"
    menu = Menu("marketing", 30)
    columns = ("date", "content", "executor", "opportunity", "opportunity__contact_name", "opportunity__contact_phone",
               "result", "executed_at")  # fmt: skip
    search = ("content", "opportunity__customer_name")
    filters = ("executor", "date", "executed_at")
    scenes = (ALL, TO_DO, OVERDUE)
    fields = ((_("Plan item"), ("opportunity", "date", "content", "executor")),)
    own = ("opportunity__assignee",)
    verbs = (Verb("execute", _("Record result"), ResultForm, "check", "primary", done=_("Saved"), listed=True),)
    ordering = "date"
    match = (("opportunity", "date", "content"),)

    def range(self, user: User, action: str) -> Q:
        """The plan goes with its opportunity; an executor sees and executes his own steps beside that (PLAN-07)."""
        mine = Q(opportunity__deleted_at=None) & ~Q(opportunity__status="unassigned")
        plan = super().range(user, action) & held_or_led(user, "opportunity__") & mine
        if action in ("view", "execute") and self.may(user, action):
            return plan | (Q(executor=user.pk) & mine)
        return plan

    def offered(self, user: User, action: str) -> Q:
        """What is executed, or belongs to a closed opportunity, stays as it is."""
        return self.range(user, action) & Q(executed_at=None, opportunity__status="assigned")

    def after_save(self, user: User, record: Any) -> str:
        seen = Opportunity.objects.visible_to(user).filter(pk=record.opportunity_id).exists()
        return f"/opportunities/{record.opportunity_id}/#plan" if seen else "/plan-items/"

    after_delete = after_save

    def keys(self, record: Any) -> tuple[str, ...]:
        """An executor who does not see the opportunity finds here whom to call."""
        return ("date", "executor", "opportunity", "opportunity__contact_name", "opportunity__contact_phone")


@register
class FollowUpNotes(Resource):
    model = FollowUpNote
    icon = "message-2"
    columns = ("text", "kind", "opportunity", "next_contact_on", "created_by", "created_at")
    search = ("text", "opportunity__customer_name")
    filters = ("kind", "next_contact_on")
    fields = ((_("Follow-up note"), ("opportunity", "kind", "text", "next_contact_on")),)
    own = ("opportunity__assignee",)
    match = (("opportunity", "text"),)

    def range(self, user: User, action: str) -> Q:
        """Who sees the opportunity reads and adds notes; changed, deleted and restored they are by their writer."""
        kept = Q(opportunity__deleted_at=None)
        if action in ("update", "delete", "restore"):
            kept &= Q(created_by=user.pk)
        return super().range(user, action) & held_or_led(user, "opportunity__") & kept

    def after_save(self, user: User, record: Any) -> str:
        return f"/opportunities/{record.opportunity_id}/?tab=notes"

    after_delete = after_save


@register
class SalesStages(Resource):
    model = SalesStage
    icon = "stairs-up"
    menu = Menu("admin", 60, needs="update")
    columns = ("name", "position", "win_probability", "updated_at")
    search = ("name",)
    fields = ((_("Sales stage"), ("name", "position", "win_probability")),)
    ordering = "position"
    choice_order = ("position",)
    chosen_by_all = True


@register
class SalesProfiles(Resource):
    model = SalesProfile
    icon = "user-star"
    menu = Menu("marketing", 40, needs="update")
    columns = ("user", "region", "updated_at")
    search = ("user__name",)
    filters = ("user", "region")
    fields = ((_("Sales profile"), ("user", "region", "industries")),)
    own = ("user",)


attachable(Opportunity)
taskable(Opportunity)
accompany(
    Customer,
    Companion(
        "opportunities", _("Also enter its first opportunity"), link="customer",
        taken={"customer_name": "name", "industry": "industry", "region": "region"},
        fields=("source", "contact_name", "contact_phone", "stage", "amount", "expected_close"),
    ),
)  # fmt: skip


administration.tell("/sales-stages/", "base", _("The way of an opportunity, with the chance of each stage"))
