"""The tabs of a customer's page that the customer file fills itself."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from liuke.core import clock
from liuke.core.doors.common import once
from liuke.core.forms import record_form
from liuke.core.pages import Link
from liuke.core.register import resource

from . import timeline
from .models import Contact, CreditAssessment, Customer, Interaction
from .table import table_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from liuke.accounts.models import User

NEWEST = 50


def life_of(customer: Customer, user: User) -> dict[str, Any]:
    """The quick entry; what happened is loaded behind it, for it asks every module."""
    if not may_write(customer, user):
        return {"entry_form": None}
    form = record_form(resource("interactions"), user, initial={"customer": customer.pk}, auto_id="entry_%s")
    if not form.asks("kind", "contact", "detail", "next_contact_on"):
        return {"entry_form": None}  # too little of it is his to fill in
    return {"entry_form": form, "entry_once": once()}


def timeline_parts(customer: Customer, page: timeline.Page, group: str, system: bool, more: str = "") -> dict[str, Any]:
    """What the list of entries is printed from; `more` is the day the part before it ended with."""
    return {
        "days": _by_day(page.entries, more), "older": page.older, "groups": timeline.groups(), "group": group,
        "system": system, "more": more, "life_url": f"/customers/{customer.pk}/timeline/",
        "last_day": day_label(page.entries[-1].at) if page.entries else "",
    }  # fmt: skip


def _by_day(entries: list[timeline.Entry], before: str) -> list[tuple[str, list[timeline.Entry]]]:
    """Entries under their days; one that goes on with the day before has no heading again."""
    days = [(day, list(some)) for day, some in groupby(entries, key=lambda entry: day_label(entry.at))]
    return [("" if day == before else day, some) for day, some in days]


def day_label(moment: datetime) -> str:
    """Today and its weekday; other years with their number."""
    day, today = timezone.localdate(moment), clock.today()
    weekdays = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    words = f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"
    near = {0: _("Today"), 1: _("Yesterday")}.get((today - day).days, "")
    return " ".join(filter(None, (near, words, weekdays[day.weekday()])))


def may_write(customer: Customer, user: User) -> bool:
    """Whether this person may add an interaction here and now."""
    return "write" in customer.allowed and not customer.refusal("update", user)


def contacts_of(customer: Customer, user: User) -> dict[str, Any]:
    may_add = resource("contacts").may(user, "create") and not customer.refusal("update", user)
    return {"contacts": contact_rows(customer, user).order_by("id"), "may_add": may_add}


def interactions_of(customer: Customer, user: User) -> dict[str, Any]:
    """The newest ones; the list behind them has all."""
    rows = interaction_rows(customer, user).select_related("kind", "contact", "created_by")
    new = Link(_("New interaction"), f"/interactions/new/?customer={customer.pk}")
    return {"table": table_of(
        rows.order_by("-happened_at", "-id"), ("summary", "date", "kind", "contact", "place", "created_by",
                                               "next_contact_on"),
        key="interactions", title=_("Interactions"),
        add=new if may_write(customer, user) else None,
        every=Link(_("All interactions"), f"/interactions/?customer={customer.pk}"),
        empty=(_("No interactions yet"), _("Write down what was said, when and where.")),
    )}  # fmt: skip


def credit_of(customer: Customer, user: User) -> dict[str, Any]:
    rows = credit_rows(customer, user).select_related("created_by").order_by("-id")
    may_add = resource("credit-assessments").may(user, "create") and not customer.refusal("update", user)
    return {"assessments": list(rows[:NEWEST]), "may_add": may_add}


def contact_rows(customer: Customer, user: User) -> QuerySet[Contact]:
    return Contact.objects.visible_to(user).filter(customer=customer)


def interaction_rows(customer: Customer, user: User) -> QuerySet[Interaction]:
    return Interaction.objects.visible_to(user).filter(customer=customer)


def credit_rows(customer: Customer, user: User) -> QuerySet[CreditAssessment]:
    return CreditAssessment.objects.visible_to(user).filter(customer=customer)
