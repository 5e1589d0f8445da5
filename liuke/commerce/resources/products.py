"""Products as lists, forms, API and menu show them (PROD-01, PROD-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core.register import register, resource
from liuke.core.resource import ALL, Menu, Scene, Tab, Verb

from ..models import Product, StockRecord
from .sourced import SourcedResource

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.accounts.models import User

ON_SALE = Scene("normal", _("On sale"), lambda resource, user: Q(status="normal"))


def stock_rows(product: Product, user: User) -> QuerySet[StockRecord]:
    return StockRecord.objects.visible_to(user).filter(product=product)


def stock_of(product: Product, user: User) -> dict[str, Any]:
    rows = stock_rows(product, user).select_related("warehouse").order_by("warehouse__name", "bin")
    may_add = resource("stock-records").may(user, "create") and not product.refusal("update", user)
    return {"stock": list(rows), "may_add": may_add}


@register
class Products(SourcedResource):
    model = Product
    icon = "package"
    menu = Menu("commerce", 10)
    columns = ("name", "model", "batch", "unit", "price", "notes", "status")
    search = ("name", "model", "batch")
    filters = ("status", "name", "model", "batch", "unit", "price")
    scenes = (ALL, ON_SALE)
    fields = ((_("Product"), ("name", "model", "batch", "unit", "price", "external_id", "notes")),)
    verbs = (
        Verb("disable", _("Disable"), icon="ban", text=_("It stays on old orders and is offered for no new ones")),
        Verb("enable", _("Enable"), icon="check"),
    )
    extensible = True
    match = (("external_id",), ("name", "model", "batch"))
    aliases = {
        "name": ("品名", "产品", "商品名称"),
        "model": ("规格", "规格型号"),
        "batch": ("批号", "牌号"),
        "price": ("价格",),
    }

    def __init__(self) -> None:
        super().__init__()
        self.tabs.append(Tab("stock", _("Stock"), "commerce/_stock_of_product.html", stock_of, count=stock_rows,
                             shown_to=lambda user: resource("stock-records").may(user, "view")))  # fmt: skip

    def choosable(self, user: User) -> Q:
        """What is no longer sold is offered for no new order."""
        return super().choosable(user) & Q(status="normal")

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("model", "batch", "unit", "price")
