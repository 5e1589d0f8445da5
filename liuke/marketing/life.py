"""What marketing knows of a customer: its opportunities, as far as the reader may see them (OPP-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import formats
from liuke.core.field_rights import is_hidden
from liuke.core.history import note_of
from liuke.core.models import Event
from liuke.core.pages import Link
from liuke.core.register import resource, sign_tab
from liuke.core.resource import Tab
from liuke.customers import dossier, timeline, value
from liuke.customers.models import Customer
from liuke.customers.table import table_of
from liuke.customers.timeline import Entry

from .models import FollowUpNote, Opportunity, PlanItem

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from liuke.accounts.models import User

# verb of an opportunity: what is told of it, icon, tone
TOLD = {
    "create": (lazy("entered an opportunity"), "target-arrow", "grey"),
    "assign": (lazy("assigned the opportunity"), "user-check", "blue"),
    "reassign": (lazy("reassigned the opportunity"), "arrows-exchange", "blue"),
    "win": (lazy("won the opportunity"), "trophy", "green"),
    "lose": (lazy("stopped development"), "x", "red"),
    "reopen": (lazy("took back the win"), "arrow-back-up", "amber"),
}


def opportunities_of(customer: Customer, user: User) -> QuerySet[Opportunity]:
    """Those of this customer that the person may see: the one place every part of the page asks."""
    if not resource("opportunities").may(user, "view"):
        return Opportunity.objects.none()
    return Opportunity.objects.visible_to(user).filter(customer=customer)


@timeline.sign("opportunities", "sales")
def turns(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    """How the opportunities were entered, given away, won or lost."""
    seen = {one.pk: one for one in opportunities_of(customer, user)}
    if not seen:
        return []
    events = Event.objects.filter(
        content_type=ContentType.objects.get_for_model(Opportunity), object_id__in=list(seen), verb__in=TOLD,
        at__lte=before,
    )  # fmt: skip
    rows = events.select_related("actor").order_by("-at", "-id")[:most]
    return [_turn(event, seen[event.object_id]) for event in rows]


def _turn(event: Event, opportunity: Opportunity) -> Entry:
    what, icon, tone = TOLD[event.verb]
    told = event.verb in ("assign", "reassign") and not is_hidden(Opportunity, "assignee")
    to = event.changes.get("assignee", ["", ""])[1] if told else ""
    return Entry(
        event.at, event.pk, event.actor.name if event.actor else _("System"), str(what), icon, tone,
        about=_("to %(name)s") % {"name": to} if to else "",
        text=note_of(opportunity, event) or (opportunity.lost_reason if event.verb == "lose" else ""),
        links=((_label(opportunity), f"/opportunities/{opportunity.pk}/"),),
    )  # fmt: skip


@timeline.sign("opportunity-notes", "follow")
def notes(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    rows = FollowUpNote.objects.visible_to(user).filter(opportunity__in=opportunities_of(customer, user))
    rows = rows.filter(created_at__lte=before).select_related("kind", "created_by", "opportunity")
    return [
        Entry(
            one.created_at, one.pk, one.created_by.name if one.created_by else _("System"),
            one.kind.entry if one.kind else _("Follow-up note"), "message-2", "blue", text=one.text,
            tags=(_("Next contact on %(day)s") % {"day": formats.day(one.next_contact_on)},)
            if one.next_contact_on else (),
            links=((_label(one.opportunity), f"/opportunities/{one.opportunity_id}/?tab=notes"),),
        )
        for one in rows.order_by("-created_at", "-id")[:most]
    ]  # fmt: skip


@timeline.sign("plan-items", "follow")
def steps(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    rows = PlanItem.objects.visible_to(user).filter(opportunity__in=opportunities_of(customer, user))
    rows = rows.filter(executed_at__lte=before).select_related("executed_by", "opportunity")
    return [
        Entry(
            one.executed_at or before, one.pk, one.executed_by.name if one.executed_by else _("System"),
            _("carried out a plan step"), "calendar-check", "green", about=one.content, text=one.result,
            links=((_label(one.opportunity), f"/opportunities/{one.opportunity_id}/#plan"),),
        )
        for one in rows.order_by("-executed_at", "-id")[:most]
    ]  # fmt: skip


def _label(opportunity: Opportunity) -> str:
    return f"{opportunity.number} {opportunity.subject or opportunity.summary}"


def _won(customer: Customer, user: User) -> dict[str, Any]:
    if not resource("opportunities").may(user, "view") or is_hidden(Opportunity, "amount", user):
        return {}
    rows = opportunities_of(customer, user).filter(status="won").order_by().values("customer")
    return {"won": Subquery(rows.annotate(total=Sum("amount")).values("total"))}


@value.sign(_won)
def won(customer: Customer, user: User, found: dict[str, Any]) -> list[tuple[str, str, str]]:
    if "won" not in found:
        return []
    url = f"/opportunities/?customer={customer.pk}&status=won"
    return [(_("Won opportunities"), formats.money(found["won"] or 0), url)]


@dossier.section(20, lazy("Opportunities"), "marketing/dossier/opportunities.html")
def printed(customer: Customer, user: User) -> list[Any]:
    rows = opportunities_of(customer, user).select_related("stage", "assignee").order_by("-id")
    return list(rows[: dossier.MOST])


def opportunity_tab(customer: Customer, user: User) -> dict[str, Any]:
    rows = opportunities_of(customer, user).select_related("stage", "assignee").order_by("-id")
    may_add = resource("opportunities").may(user, "create") and not customer.refusal("update", user)
    start = urlencode({"customer": customer.pk, "customer_name": customer.name})
    return {"table": table_of(
        rows, ("subject|summary", "number", "stage", "amount", "assignee", "status", "created_at"),
        key="opportunities", title=_("Opportunities"),
        add=Link(_("New opportunity"), f"/opportunities/new/?{start}") if may_add else None,
        every=Link(_("All opportunities"), f"/opportunities/?customer={customer.pk}"),
        empty=(_("No opportunities you may see"), ""),
    )}  # fmt: skip


sign_tab(
    Customer,
    Tab(
        "opportunities",
        lazy("Opportunities"),
        "customers/_table.html",
        opportunity_tab,
        count=opportunities_of,
        order=40,
    ),
)
