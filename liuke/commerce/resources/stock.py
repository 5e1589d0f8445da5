"""Warehouses and what lies in them (PROD-02, PROD-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core.register import register
from liuke.core.resource import ALL, Menu, Scene, Tab, Verb

from ..forms import CountForm, MovementForm
from ..models import StockMovement, StockRecord, Warehouse
from .sourced import SourcedResource

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.accounts.models import User

NEWEST = 100
EMPTY = Scene("empty", _("Out of stock"), lambda resource, user: Q(quantity=0))


def movement_rows(stock: StockRecord, user: User) -> QuerySet[StockMovement]:
    return StockMovement.objects.filter(stock_record=stock)


def journal_of(stock: StockRecord, user: User) -> dict[str, Any]:
    """The newest movements; they are read by whoever reads the stock."""
    rows = movement_rows(stock, user).select_related("created_by").order_by("-id")
    found = list(rows[: NEWEST + 1])
    return {"movements": found[:NEWEST], "more": len(found) > NEWEST}


@register
class Warehouses(SourcedResource):
    model = Warehouse
    icon = "building-store"
    menu = Menu("commerce", 30)
    columns = ("name", "address", "updated_at")
    search = ("name", "address")
    filters = ("name",)
    fields = ((_("Warehouse"), ("name", "address", "external_id")),)
    ordering = "name"
    match = (("external_id",),)


@register
class StockRecords(SourcedResource):
    model = StockRecord
    icon = "archive"
    menu = Menu("commerce", 20)
    columns = ("product", "product__model", "product__batch", "warehouse", "bin", "quantity", "product__unit", "notes")
    search = ("product__name", "product__model", "warehouse__name", "bin")
    filters = ("product", "warehouse", "bin", "quantity")
    scenes = (ALL, EMPTY)
    fields = ((_("Stock record"), ("product", "warehouse", "bin", "external_id", "notes")),)
    hidden = ("title",)
    verbs = (
        Verb("put_in", _("Put in"), MovementForm, "download", "primary", done=_("Saved"), listed=True),
        Verb("take_out", _("Take out"), MovementForm, "upload", done=_("Saved"), listed=True),
        Verb("correct", _("Correct after counting"), CountForm, "adjustments", done=_("Saved")),
    )
    match = (("external_id",), ("product", "warehouse", "bin"))

    def __init__(self) -> None:
        super().__init__()
        self.tabs.append(Tab("journal", _("Stock journal"), "commerce/_journal.html", journal_of, count=movement_rows))

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("quantity", "product__unit", "warehouse", "bin", "product__model")
