"""What retention knows of a customer: its alerts, what was done about them, and the risk of losing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from markupsafe import Markup

from liuke.core import clock, formats
from liuke.core.field_rights import is_hidden
from liuke.core.pages import Action
from liuke.core.register import resource, sign_tab
from liuke.core.resource import Tab
from liuke.customers import beside, timeline
from liuke.customers.beside import Banner, Beside, Box
from liuke.customers.models import Customer
from liuke.customers.models.churning import RiskField
from liuke.customers.timeline import Entry

from .models import ChurnAlert, ChurnMeasure
from .screens import reasons_of, sees_silence
from .silence import base_of, months_before
from .thread import cases_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from liuke.accounts.models import User

TONES = {"warning": "amber", "postponed": "blue", "confirmed": "red"}


def alerts_of(customer: Customer, user: User) -> QuerySet[ChurnAlert]:
    """Those of this customer that the person may see."""
    if not resource("churn-alerts").may(user, "view"):
        return ChurnAlert.objects.none()
    return ChurnAlert.objects.visible_to(user).filter(customer=customer)


@beside.sign
def shown(customer: Customer, user: User) -> Beside:
    """An open alert or a confirmed loss on top of the page, the risk at its side."""
    found = _banner(customer, user)
    told = customer.churn_risk is not None and not is_hidden(Customer, "churn_risk", user)
    boxes = [Box(str(_("Churn risk")), _risk(customer, user))] if told else []
    return Beside((found,) if found else (), tuple(boxes))


def _banner(customer: Customer, user: User) -> Banner | None:
    churned = customer.status == Customer.Status.CHURNED
    if not churned and base_of(customer) >= months_before(clock.today(), 1):
        return None  # most customers: no alert can be open
    alert = alerts_of(customer, user).order_by("-pk").first()
    if churned:
        return Banner(
            "red", _loss(alert if sees_silence(user) else None), _open(alert, _("Look at it")) if alert else None
        )
    if alert is None or not alert.is_open or not sees_silence(user):
        return None
    words = {"day": formats.day(alert.silent_since), "days": (clock.today() - alert.silent_since).days}
    text = (
        _("Churn warning: silent for %(days)s days, since %(day)s")
        if alert.status == ChurnAlert.Status.WARNING
        else _("The loss is postponed: silent for %(days)s days, since %(day)s")
    )
    return Banner(TONES[alert.status], text % words, _open(alert, _("Deal with it")))


def _loss(alert: ChurnAlert | None) -> str:
    if alert is None or not alert.confirmed_at:
        return _("This customer is lost; its file is read-only")
    words = {"day": formats.day(timezone.localdate(alert.confirmed_at)), "reason": alert.reason}
    return _("This customer was lost on %(day)s, its file is read-only. Reason: %(reason)s") % words


def _open(alert: ChurnAlert, label: str) -> Action:
    return Action("churn", label, f"/churn-alerts/{alert.pk}/", "chevron-right")


def _risk(customer: Customer, user: User) -> Markup:
    words = {"score": customer.churn_risk, "tone": RiskField.tone(customer.churn_risk or 0) or "green"}
    context = words | {"why": reasons_of(customer, user)}
    return Markup(render_to_string("retention/_risk.html", context))  # the template escapes


def churn_tab(customer: Customer, user: User) -> dict[str, Any]:
    """All alerts of the customer with their measures; and why its risk is what it is."""
    newest = alerts_of(customer, user).order_by("-pk").first()
    return {"churn_cases": cases_of(newest, clock.today()) if newest and sees_silence(user) else []}


sign_tab(
    Customer,
    Tab(
        "churn",
        lazy("Churn"),
        "retention/_of_customer.html",
        churn_tab,
        count=alerts_of,
        order=46,
        shown_to=lambda user: resource("churn-alerts").may(user, "view"),
    ),
)


@timeline.sign("churn", "follow")
def measures(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    """What was done to keep the customer stands among the follow-ups."""
    rows = ChurnMeasure.objects.filter(alert__in=alerts_of(customer, user), created_at__lte=before)
    return [
        Entry(
            one.created_at, one.pk, one.created_by.name if one.created_by else _("System"),
            _("took a measure against churn"), "notes", "blue", text=one.measure,
            links=((one.alert.number, f"/churn-alerts/{one.alert_id}/"),),
        )
        for one in rows.select_related("created_by", "alert").order_by("-created_at", "-pk")[:most]
    ]  # fmt: skip


@timeline.sign("churn-alerts", "orders")
def alerts(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    """When it fell silent, and whether it came back."""
    found = []
    for one in alerts_of(customer, user).filter(created_at__lte=before).order_by("-created_at", "-pk")[:most]:
        links = ((one.number, f"/churn-alerts/{one.pk}/"),)
        ground = _("Silent since %(day)s") % {"day": formats.day(one.silent_since)} if one.silent_since else ""
        found.append(Entry(one.created_at, one.pk, _("System"), _("Churn warning"), "alert-triangle", "amber",
                           text=ground, links=links))  # fmt: skip
        if one.recovered_at and one.recovered_at <= before:
            found.append(Entry(one.recovered_at, one.pk, _("System"), _("Won back"), "heart-handshake", "green",
                               links=links))  # fmt: skip
    return sorted(found, key=lambda entry: (entry.at, entry.pk), reverse=True)[:most]
