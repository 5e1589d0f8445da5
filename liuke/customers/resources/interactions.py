"""Interactions as lists, forms, API and menu show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core import clock
from liuke.core.register import register
from liuke.core.resource import ALL, TEAM, Menu, Scene
from liuke.documents.register import attachable

from ..forms import InteractionForm
from ..models import Interaction
from .flags import BLACKLISTED_CUSTOMER
from .parts import PartsOfCustomers

if TYPE_CHECKING:
    from liuke.accounts.models import User

WRITTEN_BY_ME = Scene("mine", _("Mine"), lambda resource, user: Q(created_by=user.pk))


@register
class Interactions(PartsOfCustomers):
    model = Interaction
    icon = "message-2"
    menu = Menu("customers", 30)
    columns = ("summary", "customer", "kind", "date", "place", "contact", "created_by", "next_contact_on")
    search = ("summary", "customer__name", "place")
    filters = ("kind", "created_by", "customer__owner", "date", "next_contact_on")
    scenes = (ALL, WRITTEN_BY_ME, TEAM)
    flags = (BLACKLISTED_CUSTOMER,)
    fields = (
        (_("Interaction"), ("customer", "kind", "date", "place", "contact", "next_contact_on")),
        (_("What was said"), ("summary", "detail", "notes")),
    )
    ordering = "-happened_at"

    def range(self, user: User, action: str) -> Q:
        """Deleted and restored they are by their author, whoever the customer belongs to by now (INT-04)."""
        if action in ("delete", "restore"):
            alive = Q(customer__deleted_at=None)
            return Q(created_by=user.pk) & alive if self.may(user, "delete") else super().range(user, action)
        return super().range(user, action)

    def initial(self, user: User) -> dict[str, Any]:
        return {"date": clock.today()}

    def form_class(self) -> type:
        return InteractionForm

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("customer", "kind", "date", "place", "contact", "next_contact_on")

    def after_save(self, user: User, record: Any) -> str:
        return self.tab_url(record, "timeline")

    def after_delete(self, user: User, record: Any) -> str:
        return self.tab_url(record, "interactions")


attachable(Interaction)
