"""Whom a churn alert is told (5.4), and what its acts are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liuke.base.models import SettingsChange
from liuke.commerce.events import on_orders
from liuke.core.events import on
from liuke.core.history import name_verb
from liuke.core.jobs import find
from liuke.core.jobs.schedule import settle
from liuke.core.models import Event
from liuke.core.notices import declare_kind, notify
from liuke.customers.models import Customer
from liuke.customers.pool import followed_up

from . import recovering
from .models import ChurnAlert

declare_kind("churn.warned", "alert-triangle", "amber",
             text=_("Churn warning: “%(customer)s” has been silent since %(since)s"))  # fmt: skip
declare_kind(
    "churn.recovered", "heart-handshake", "green", text=_("“%(customer)s” has ordered again, the alert is over")
)
declare_kind("churn.early_first", "clock-pause", "amber",
             text=_("%(count)s of your customers have now been silent for %(months)s months"))  # fmt: skip
declare_kind("churn.early_second", "clock-pause", "amber",
             text=_("%(count)s of your customers have now been silent for %(months)s months, an alert is close"),
             )  # fmt: skip
declare_kind("churn.confirmed", "user-off", "red", text=_("%(actor)s confirmed the loss of “%(customer)s”"))
declare_kind(
    "churn.reactivated", "heart-handshake", "green", text=_("%(actor)s reactivated your customer “%(record)s”")
)

on_orders(recovering.ordered)  # S-06: in the transaction that writes the order

name_verb(ChurnAlert, "warn", _("gave a churn warning"))
name_verb(ChurnAlert, "recover", _("closed the alert: the customer has ordered"))
name_verb(ChurnAlert, "look_again", _("found another last order"))
name_verb(Customer, "churn", _("confirmed the loss"))


@on(ChurnAlert, "recover")
def recovered(alert: ChurnAlert, event: Event) -> None:
    notify([alert.customer.owner], "churn.recovered", record=alert, event=event, customer=alert.customer.name)


@on(ChurnAlert, "postpone")
def worked_on(alert: ChurnAlert, event: Event) -> None:
    """A measure is a follow-up: the customer does not go to the pool meanwhile (POOL-03)."""
    followed_up([alert.customer_id], event.at)


@on(ChurnAlert, "confirm")
def confirmed(alert: ChurnAlert, event: Event) -> None:
    """The superiors of the manager learn what was lost, and the manager if somebody else confirmed it."""
    if owner := alert.customer.owner:
        people = [owner, *owner.superiors()]
        notify(people, "churn.confirmed", record=alert, event=event, customer=alert.customer.name)


@on(Customer, "reactivate")
def reactivated(customer: Customer, event: Event) -> None:
    notify([customer.owner], "churn.reactivated", record=customer, event=event)


@on(SettingsChange, "apply")
def checked_at_another_time(change: SettingsChange, event: Event) -> None:
    if "churn_cron" in change.summary:
        settle(find("churn-check"))
