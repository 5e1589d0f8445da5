"""Contacts as lists, forms, API and menu show them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from liuke.core.register import register
from liuke.core.resource import Menu
from liuke.documents.register import attachable
from liuke.workspace.tasks import taskable

from ..models import Contact
from .flags import BLACKLISTED_CUSTOMER
from .parts import PartsOfCustomers


@register
class Contacts(PartsOfCustomers):
    model = Contact
    icon = "address-book"
    menu = Menu("customers", 20)
    columns = ("name", "customer", "position", "office_phone", "mobile", "email", "updated_at")
    search = ("name", "customer__name", "mobile", "office_phone", "email")
    filters = ("customer__owner", "gender", "customer__type", "customer__region")
    fields = (
        (_("Contact"), ("customer", "name", "gender", "position", "office_phone", "mobile", "email")),
        (_("More"), ("salutation", "birthday", "department", "fax", "im", "notes")),
    )
    letters = "letter"
    extensible = True
    flags = (BLACKLISTED_CUSTOMER,)
    aliases = {
        "customer": ("公司", "公司名称", "客户名称", "单位"), "name": ("联系人", "联系人姓名"),
        "mobile": ("手机号", "手机号码"), "office_phone": ("电话", "联系电话"),
        "email": ("邮箱", "电子邮箱", "邮件地址"), "position": ("职务", "岗位"),
    }  # fmt: skip
    match = (("customer", "name"),)
    required_when_entered = ("gender", "position", "office_phone")

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("customer", "position", "mobile", "office_phone", "email")


attachable(Contact)
taskable(Contact)
