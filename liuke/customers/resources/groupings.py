"""The house's own lists to sort customers by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liuke.core.backups import clearing
from liuke.core.register import register
from liuke.core.resource import Menu, Resource

from ..models import CustomerCategory, CustomerStatus

clearing.keep("customers.CustomerStatus", "customers.CustomerCategory")


@register
class CustomerStatuses(Resource):
    model = CustomerStatus
    icon = "progress-check"
    menu = Menu("customers", 80, needs="update")
    columns = ("name", "tone", "position", "updated_at")
    search = ("name",)
    fields = ((_("Customer status"), ("name", "tone", "position")),)
    ordering = "position"
    choice_order = ("position", "id")
    chosen_by_all = True


@register
class CustomerCategories(Resource):
    model = CustomerCategory
    icon = "sitemap"
    menu = Menu("customers", 81, needs="update")
    columns = ("name", "parent", "position", "updated_at")
    search = ("name",)
    filters = ("parent",)
    fields = ((_("Customer category"), ("name", "parent", "position")),)
    ordering = "position"
    choice_order = ("position", "id")
    chosen_by_all = True
