from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core import grantable, menu, remembered
from liuke.core.backups import clearing
from liuke.core.notices import declare_kind
from liuke.core.register import register
from liuke.core.resource import Menu, Resource

from . import workdays  # noqa: F401  its setting is signed in
from .forms import CustomFieldForm
from .models import CalendarDay, City, CustomField, DictionaryItem, Industry

menu.declare_group("admin", _("Administration"), "settings", 90)
clearing.keep(
    "base.DictionaryItem", "base.Industry", "base.City", "base.CalendarDay", "base.SystemSetting",
    "base.SettingsChange", "base.CustomField",
)  # fmt: skip
remembered.watch("base.DictionaryItem", "base.Industry", "base.City", "base.SystemSetting", "base.CustomField")
grantable.declare("settings", _("Settings"), ("update",))
menu.declare_entry(
    "admin", 90, _("Settings"), "/settings/", "adjustments", lambda user: user.reach("settings", "update") is not None
)


@register
class DictionaryItems(Resource):
    model = DictionaryItem
    icon = "book"
    menu = Menu("admin", 40, needs="update")
    columns = ("category", "entry", "value", "editable", "position", "updated_at")
    search = ("category", "entry", "value")
    filters = ("category", "editable")
    fields = ((_("Item"), ("category", "entry", "value", "position", "editable")),)
    ordering = "category"
    choice_order = ("category", "position", "id")
    chosen_by_all = True

    def offered(self, user: Any, action: str) -> Any:
        """Items that are not editable are view-only: no button (DICT-02)."""
        return self.range(user, action) & Q(editable=True)


@register
class Industries(Resource):
    model = Industry
    icon = "building-factory-2"
    menu = Menu("admin", 50, needs="update")
    columns = ("name", "updated_at")
    search = ("name",)
    fields = ((_("Industry"), ("name",)),)
    choice_order = ("id",)
    chosen_by_all = True


@register
class Cities(Resource):
    model = City
    icon = "map-pin"
    menu = Menu("admin", 51, needs="update")
    columns = ("name", "province", "updated_at")
    search = ("name", "province")
    filters = ("province",)
    fields = ((_("City"), ("name", "province")),)
    choice_order = ("id",)
    chosen_by_all = True


declare_kind(
    "calendar.empty", "calendar-plus", "amber",
    text=_("The working calendar of %(year)s is still empty: enter its holidays and made-up weekends"),
)  # fmt: skip


@register
class CalendarDays(Resource):
    model = CalendarDay
    icon = "calendar"
    menu = Menu("admin", 52, needs="update")
    columns = ("name", "date", "kind", "updated_at")
    search = ("name",)
    filters = ("kind", "date")
    fields = ((_("Calendar day"), ("name", "date", "kind")),)
    ordering = "-date"


@register
class CustomFields(Resource):
    model = CustomField
    icon = "forms"
    menu = Menu("admin", 45, needs="update")
    columns = ("label", "resource", "code", "kind", "category", "required", "listed", "position", "updated_at")
    search = ("label", "code")
    filters = ("resource", "kind")
    fields = (
        (_("Custom field"), ("resource", "label", "kind", "category", "code", "help")),
        (_("Use"), ("required", "listed", "position")),
    )
    ordering = "resource"

    def form_class(self) -> type[CustomFieldForm]:
        return CustomFieldForm
