"""Churn alerts and their measures as lists, API and menu show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.commerce.source import standing
from liuke.core.register import register, resource, sign_scene
from liuke.core.resource import ALL, MINE, TEAM, Menu, Resource, Scene, Stats, Verb
from liuke.customers.models import Customer
from liuke.customers.resources.flags import BLACKLISTED_CUSTOMER
from liuke.customers.resources.parts import PartsOfCustomers

from . import early, listeners  # noqa: F401  whom it is told is known from now on
from .forms import LossForm, MeasureForm
from .models import OPEN, ChurnAlert, ChurnMeasure
from .screens import alert_screen, list_screen

if TYPE_CHECKING:
    from liuke.accounts.models import User

STILL_OPEN = Q(status__in=OPEN)


def waiting(user: User) -> Q:
    """Open alerts this person may act on."""
    return resource("churn-alerts").where(user, "postpone") & STILL_OPEN


def to_do(alerts: Resource, user: User) -> Q:
    """The same; all that are open, for those who only look on."""
    return waiting(user) if alerts.may(user, "postpone") else STILL_OPEN


TO_DO = Scene("open", _("To be dealt with"), to_do)


@register
class ChurnAlerts(PartsOfCustomers):
    model = ChurnAlert
    icon = "user-minus"
    menu = Menu("customers", 60, waiting=waiting)
    columns = ("number", "customer", "customer__owner", "last_order_on", "confirmed_at", "status")  # CHURN-03
    search = ("number", "customer__name")
    filters = ("status", "customer__owner", "last_order_on", "confirmed_at", "customer__name")
    scenes = (ALL, TO_DO, MINE, TEAM)
    flags = (BLACKLISTED_CUSTOMER,)
    verbs = (
        Verb("postpone", _("Add measure"), MeasureForm, "plus", "primary", listed=True, done=_("Saved"),
             text=_("The loss is postponed: note what is done to keep the customer")),
        Verb("confirm", _("Confirm loss"), LossForm, "lock", "danger", listed=True,
             text=_("The customer is lost: its file is closed and leaves the normal lists; "
                    "a supervisor can reactivate it")),
    )  # fmt: skip
    stats = Stats("status")
    templates = {"detail": "retention/alert.html", "list": "retention/alerts.html"}

    @property
    def actions(self) -> list[str]:
        """What can be granted: alerts are made by the system and never deleted."""
        return ["view", "export", "postpone", "confirm"]

    def standing(self) -> str:
        return standing()

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("customer", "customer__owner", "last_order_on", "silent_since", "confirmed_at")

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        return alert_screen(self, record, user, tab)

    def around(self, user: User, door: str) -> dict[str, Any]:
        return list_screen(user) if door == "list" else {}


@register
class ChurnMeasures(Resource):
    model = ChurnMeasure
    icon = "notes"
    columns = ("measure", "alert", "alert__customer", "alert__status", "created_by", "created_at")
    search = ("measure", "alert__customer__name")
    filters = ("alert__status", "alert__customer", "created_by", "created_at")
    scenes = (ALL, MINE, TEAM)
    own = ("alert__customer__owner",)

    @property
    def actions(self) -> list[str]:
        """They come about by postponing, and stay as they are."""
        return ["view", "export"]

    def range(self, user: User, action: str) -> Q:
        return super().range(user, action) & Q(alert__customer__deleted_at=None)

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("alert", "alert__customer", "created_by", "created_at")


def _silent(place: int, label: Any) -> Scene:
    return Scene(f"silent_{place + 1}", label, lambda resource, user: early.band(place), "last_order_on")


for _place, _label in enumerate((_("Silent, first warning"), _("Silent, alert is close"))):
    sign_scene(Customer, _silent(_place, _label))  # CHURN-07: lists of their own
