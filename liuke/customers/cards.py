"""What customers show on the home page."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from liuke.core import clock, formats
from liuke.core.conditions import condition
from liuke.core.display import shown
from liuke.core.register import resource
from liuke.workspace.cards import Card, Figure, Line, card

from .models import Customer


@card(60, "customers")
def customers(user: Any) -> Card | None:
    """All customers, new ones, those to be completed; for owners their own."""
    if not resource("customers").may(user, "view"):
        return None
    mine = resource("customers").may(user, "update")
    seen = Customer.objects.visible_to(user)
    first = clock.today().replace(day=1)
    fresh = condition(shown(Customer, "created_at"), "gte", first.isoformat())
    own = resource("customers").own_rows(user)
    found = seen.aggregate(
        all=Count("pk"), all_new=Count("pk", filter=fresh), all_open=Count("pk", filter=Q(incomplete=True)),
        own=Count("pk", filter=own), own_new=Count("pk", filter=own & fresh),
        own_open=Count("pk", filter=own & Q(incomplete=True)),
    )  # fmt: skip
    which, scene = ("own", "scene=mine&") if mine and found["own"] else ("all", "")
    shown_rows = seen.filter(own) if scene else seen
    mine_url = f"/customers/?{scene}"
    figures = [
        Figure(_("Customers"), formats.number(found[which]), mine_url),
        Figure(_("New this month"), formats.number(found[f"{which}_new"]), f"{mine_url}created_at__gte={first}"),
    ]
    if mine and found[f"{which}_open"]:
        url = f"/customers/?{scene}incomplete=true"
        figures.append(Figure(_("To be completed"), formats.number(found[f"{which}_open"]), url, "amber"))
    newest = shown_rows.order_by("-id")[:6]
    return Card(
        "customers",
        _("My customers") if scene else _("Customers"),
        f"/customers/?{scene}",
        figures=figures,
        lines=[
            Line(c.name, f"/customers/{c.pk}/", formats.day(timezone.localdate(c.created_at)), icon="building")
            for c in newest
        ],
        empty=_("No customers yet"),
    )
