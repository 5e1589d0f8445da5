"""What a customer's own page shows beside the common parts: its figures, and the column at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, When
from django.utils.html import format_html
from django.utils.translation import gettext as _
from markupsafe import Markup

from liuke.core import clock, formats, statements
from liuke.core.display import badge, shown, value_html
from liuke.core.pages import Action, Fact
from liuke.core.register import resource

from . import beside, value
from .models import Contact, CustomerStatus
from .models.interactions import next_contact
from .tabs import may_write

if TYPE_CHECKING:
    from django.db.models import Q, QuerySet

    from liuke.accounts.models import User

    from .models import Customer, Interaction

BASICS = ("industry", "phone", "address", "annual_turnover", "source")
KEYS = ("number", "owner", "credit", "satisfaction", "last_follow_at")


def customer_screen(customer: Customer, user: User, tab: str) -> dict[str, Any]:
    promised = next_contact(customer)
    may_set = "set_follow_status" in customer.allowed and not customer.refusal("set_follow_status", user)
    basics = [] if tab == "overview" else _facts(customer, BASICS)
    return {
        "keys": [*_facts(customer, KEYS), Fact(_("Next contact"), _due(promised))],
        "statuses": CustomerStatus.objects.alive().order_by("position", "id") if may_set else [],
        "beside": beside.beside(customer, user),
        "print_action": Action("print", _("Print dossier"), f"/customers/{customer.pk}/print/", "printer"),
        "may_follow": may_write(customer, user),
        "basics": basics,
        "first_contact": _first_contact(customer, user),
        "promised": promised,
        "system": _facts(customer, ("created_by", "created_at", "updated_at", "origin")),
        "worth": value.figures_of(customer, user) if tab == "overview" else None,
    }


def _facts(customer: Customer, names: tuple[str, ...]) -> list[Fact]:
    return [Fact(str(shown(type(customer), name).label), value_html(customer, name)) for name in names]


def _due(promised: Interaction | None) -> Markup:
    """The day of the next contact: amber on its day, red behind it."""
    if promised is None or promised.next_contact_on is None:
        return Markup(format_html('<span class="faint">{}</span>', formats.NOTHING))
    day, today = promised.next_contact_on, clock.today()
    if day > today:
        return Markup(format_html("{}", formats.day(day)))
    late = (today - day).days
    return badge("red", _("%(n)s days overdue") % {"n": late}) if late else badge("amber", _("Today"))


def _first_contact(customer: Customer, user: User) -> Contact | None:
    """The primary contact, else whoever was entered first."""
    if not resource("contacts").may(user, "view"):
        return None
    seen = resource("contacts").where(user, "view")
    return next(iter(statements.records(_contacts, seen, here=customer.pk)), None)


def _contacts(seen: Q) -> QuerySet[Contact]:
    first = Case(When(customer__primary_contact=F("pk"), then=0), default=1)
    return Contact.objects.filter(seen, customer=statements.HERE).order_by(first, "id")[:1]
