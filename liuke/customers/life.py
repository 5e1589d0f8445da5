"""What the customer file itself knows of a customer's life: interactions, contacts, changes, credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from liuke.core import formats
from liuke.core.history import history_entry
from liuke.core.models import Event
from liuke.core.register import resource
from liuke.core.resource import marked
from liuke.documents.models import Attachment

from .models import Contact, CreditAssessment, Interaction
from .timeline import Entry, sign

if TYPE_CHECKING:
    from datetime import datetime

    from liuke.accounts.models import User

    from .models import Customer

LOOKS = {"电话": "phone", "拜访": "map-pin", "邮件": "mail", "会议": "users", "短信": "message", "微信": "message-2"}


@sign("interactions", "follow")
def interactions(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    marks = resource("interactions").marks(user, ("update", "delete"))
    rows = (
        marked(Interaction.objects.visible_to(user), marks)
        .filter(customer=customer, happened_at__lte=before)
        .select_related("kind", "contact", "created_by")
    )
    closed = customer.refusal("update", user) is not None
    return [_interaction(one, closed) for one in rows.order_by("-happened_at", "-id")[:most]]


def _interaction(one: Interaction, closed: bool) -> Entry:
    kind = one.kind.entry if one.kind else ""
    home = f"/interactions/{one.pk}/"
    acts = [("update", _("Edit"), f"{home}edit/"), ("delete", _("Delete"), f"{home}delete/")]
    next_on = one.next_contact_on
    return Entry(
        one.happened_at, one.pk, _name(one.created_by), kind, LOOKS.get(kind, "notes"), "blue",
        about=" ".join(filter(None, (one.contact.department, one.contact.name))) if one.contact else "",
        text=one.detail,
        tags=(_("Next contact on %(day)s") % {"day": formats.day(next_on)},) if next_on else (),
        acts=tuple((label, url) for act, label, url in acts if not closed and getattr(one, f"may_{act}")),
    )  # fmt: skip


@sign("contacts", "follow")
def contacts(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    rows = Contact.objects.visible_to(user).filter(customer=customer, created_at__lte=before)
    return [
        Entry(
            one.created_at, one.pk, _name(one.created_by), _("added a contact"), "user-plus", "grey",
            links=((" · ".join(filter(None, (one.name, one.department, one.position))), f"/contacts/{one.pk}/"),),
        )
        for one in rows.select_related("created_by").order_by("-created_at", "-id")[:most]
    ]  # fmt: skip


@sign("credit", "follow")
def assessments(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    if not resource("credit-assessments").may(user, "view"):
        return []
    rows = CreditAssessment.objects.visible_to(user).filter(customer=customer, created_at__lte=before)
    return [
        Entry(
            one.created_at, one.pk, _name(one.created_by), _("assessed the credit"), "shield-check", "amber",
            about="★" * one.score + "☆" * (5 - one.score) if one.score else "", text=one.basis,
        )
        for one in rows.select_related("created_by").order_by("-created_at", "-id")[:most]
    ]  # fmt: skip


@sign("attachments", "follow")
def attachments(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    """Files of the customer itself: whoever sees it sees them."""
    rows = Attachment.of(customer).filter(deleted_at=None, created_at__lte=before)
    return [
        Entry(
            one.created_at, one.pk, _name(one.created_by), _("attached a file"), "paperclip", "grey",
            links=((one.name, f"/customers/{customer.pk}/attachments/{one.pk}/"),),
        )
        for one in rows.select_related("created_by").order_by("-created_at", "-id")[:most]
    ]  # fmt: skip


@sign("changes", "system")
def changes(customer: Customer, user: User, before: datetime, most: int) -> list[Entry]:
    """The customer's own history; what is told in words of its own elsewhere is left out."""
    found = []
    for event in Event.of(customer).filter(at__lte=before).order_by("-at", "-id")[:most]:
        told = history_entry(customer, event)
        found.append(
            Entry(event.at, event.pk, told.who, told.what, "settings", changes=tuple(told.changes), text=told.note)
        )
    return found


def _name(person: User | None) -> str:
    return person.name if person else _("System")
