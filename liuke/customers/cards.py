"""What customers show on the home page."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, formats
from liuke.core.conditions import since
from liuke.core.listing import counted
from liuke.core.register import resource
from liuke.workspace.briefing import Brief, brief
from liuke.workspace.cards import Card, Figure, Line, card

from .models import Contact, Customer

brief(Brief(10, "customers", lazy("New customers"), "created_at"))
brief(Brief(30, "interactions", lazy("Follow-ups"), "date"))


@card(60, "customers")
def customers(user: Any) -> Card | None:
    """All customers, new ones, those to be completed; for owners their own."""
    if not resource("customers").may(user, "view"):
        return None
    seen = Customer.objects.visible_to(user).filter(resource("customers").usual)
    first = clock.today().replace(day=1)
    fresh = since(Customer, "created_at", first)
    own = seen.filter(resource("customers").own_rows(user))
    mine = resource("customers").may(user, "update") and own.exists()
    rows, scene = (own, "scene=mine&") if mine else (seen, "")
    url = f"/customers/?{scene}"
    new_url = f"{url}created_at__gte={first}"
    if mine:
        found = own.aggregate(
            all=Count("pk"), new=Count("pk", filter=fresh), open=Count("pk", filter=Q(incomplete=True))
        )
        figures = [
            Figure(_("Customers"), formats.number(found["all"]), url),
            Figure(_("New this month"), formats.number(found["new"]), new_url),
        ]
        if found["open"]:
            figures.append(
                Figure(_("To be completed"), formats.number(found["open"]), f"{url}incomplete=true", "amber")
            )
    else:
        figures = [
            Figure(_("Customers"), counted(seen), url),
            Figure(_("New this month"), counted(seen.filter(fresh)), new_url),
        ]
    return Card(
        "customers",
        _("My customers") if mine else _("All customers"),
        url,
        figures=figures,
        lines=[
            Line(c.name, f"/customers/{c.pk}/", formats.day(timezone.localdate(c.created_at)), icon="building")
            for c in rows.order_by("-id")[:6]
        ],
        empty=_("No customers yet"),
    )


@card(70, "contacts")
def contacts(user: Any) -> Card | None:
    """The people at customers, for those who add contacts without having customers of their own."""
    if not resource("contacts").may(user, "create") or resource("customers").may(user, "update"):
        return None
    seen, first = Contact.objects.visible_to(user), clock.today().replace(day=1)
    return Card(
        "contacts",
        str(Contact._meta.verbose_name_plural),
        "/contacts/",
        figures=[
            Figure(_("Contacts"), counted(seen), "/contacts/"),
            Figure(
                _("New this month"),
                counted(seen.filter(since(Contact, "created_at", first))),
                f"/contacts/?created_at__gte={first}",
            ),
        ],
        lines=[
            Line(
                f"{c.name} · {c.customer.name}",
                f"/contacts/{c.pk}/",
                formats.day(timezone.localdate(c.created_at)),
                icon="user",
            )
            for c in seen.select_related("customer").order_by("-id")[:6]
        ],
        empty=_("No contacts yet"),
    )
