"""The reports' place in the menu, the analyses, and the management report as list, form, page and API."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core import menu
from liuke.core.register import register
from liuke.core.resource import ALL, MINE, Menu, Resource, Scene, Verb
from liuke.customers.models import Customer
from liuke.marketing.models import Opportunity
from liuke.retention.models import ChurnAlert
from liuke.service.models import ServiceRequest

from . import churn, composition, contribution, funnel, listeners, service, tally  # noqa: F401  they sign themselves in
from .analysis import CUSTOMERS, DECISIONS, analysed_scene
from .forms import ManagementForm, executives
from .models import ManagementReport
from .parts import told

if TYPE_CHECKING:
    from liuke.accounts.models import User

menu.declare_group("reports", _("Reports"), "chart-bar", 60)
analysed_scene(Customer, CUSTOMERS, ("owner",))
analysed_scene(ChurnAlert, CUSTOMERS, ("customer__owner",))
analysed_scene(ServiceRequest, CUSTOMERS, ("customer__owner",))
analysed_scene(Opportunity, DECISIONS, ("assignee", "creator"))


@lru_cache(maxsize=1000)
def received(user: int) -> Q:
    """The submitted reports that were sent to this person."""
    sent = ManagementReport.recipients.through.objects.filter(user=user)
    return Q(status="submitted", pk__in=sent.values("managementreport"))


RECEIVED = Scene("received", _("Received"), lambda resource, user: received(user.pk))
DRAFTS = Scene("drafts", _("Drafts"), lambda resource, user: Q(status="draft"))


@register
class ManagementReports(Resource):
    model = ManagementReport
    icon = "report-analytics"
    menu = Menu("reports", 50)
    columns = ("title", "year", "status", "created_by", "submitted_at", "created_at")
    search = ("title",)
    filters = ("year", "status", "created_by", "submitted_at")
    scenes = (ALL, MINE, RECEIVED, DRAFTS)
    fields = (
        (_("Report"), ("title", "year", "recipients")),
        (_("Comments"), ("contribution_note", "composition_note", "service_note", "churn_note", "conclusion")),
    )
    verbs = (
        Verb("submit", _("Submit"), None, "send", "primary", done=_("Submitted, the recipients have been told"),
             text=_("The report goes to its recipients and stays as it is: "
                    "figures and comments can no longer be changed")),
    )  # fmt: skip
    templates = {"detail": "reports/management.html", "form": "reports/management_form.html"}

    @property
    def actions(self) -> list[str]:
        return [act for act in super().actions if act != "import"]

    def range(self, user: User, action: str) -> Q:
        """One's own; and what one has received."""
        rows = super().range(user, action)
        return rows | received(user.pk) if rows and action in ("view", "export") and self.may(user, action) else rows

    def form_class(self) -> type:
        return ManagementForm

    def initial(self, user: User) -> dict[str, Any]:
        return {"recipients": executives()}

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("year", "created_by", "recipients", "submitted_at")

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        return {"parts": told(record, user) if tab == "overview" else []}
