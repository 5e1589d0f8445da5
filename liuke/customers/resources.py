from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core import menu
from liuke.core.register import register, resource
from liuke.core.resource import ALL, MINE, TEAM, Menu, Resource, Scene, Stats, Tab

from .models import Contact, Customer

if TYPE_CHECKING:
    from liuke.accounts.models import User

menu.declare_group("customers", _("Customer files"), "building", 20)

INCOMPLETE = Scene("incomplete", _("To be completed"), lambda resource, user: Q(incomplete=True))


def _contacts_of(customer: Customer, user: User) -> dict[str, Any]:
    rows = Contact.objects.visible_to(user).filter(customer=customer).order_by("id")
    may_add = resource("contacts").may(user, "create") and not customer.refusal("update", user)
    return {"contacts": rows, "may_add": may_add}


@register
class Customers(Resource):
    model = Customer
    icon = "building"
    menu = Menu("customers", 10)
    columns = ("name", "number", "level", "industry", "region", "phone", "owner", "status", "created_at")
    search = ("name", "number", "phone")
    filters = ("status", "level", "industry", "region", "owner", "type", "source")
    scenes = (ALL, MINE, TEAM, INCOMPLETE)
    fields = (
        (_("Basics"), ("name", "kind", "owner", "level", "type", "industry", "region", "city", "address", "phone")),
        (_("More"), ("source", "nature", "company_scale", "annual_turnover", "rating", "satisfaction", "credit",
                     "zip", "fax", "website", "founded_on")),
        (_("Registration and bank"), ("licence_no", "legal_person", "registered_capital", "bank", "bank_account",
                                      "local_tax_no", "national_tax_no")),
        (_("Notes"), ("notes",)),
    )  # fmt: skip
    own = ("owner",)
    stats = Stats("status")
    required_when_entered = ("region", "owner", "level", "address", "phone")

    def __init__(self) -> None:
        super().__init__()
        self.tabs.append(Tab("contacts", _("Contacts"), "customers/_contacts.html", _contacts_of))

    def initial(self, user: User) -> dict[str, Any]:
        return {"owner": user.pk}

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("number", "level", "owner", "phone", "credit", "satisfaction")

    def after_save(self, user: User, record: Any) -> str:
        return "/customers/"


@register
class Contacts(Resource):
    model = Contact
    icon = "address-book"
    menu = Menu("customers", 20)
    columns = ("name", "customer", "position", "office_phone", "mobile", "email", "updated_at")
    search = ("name", "customer__name", "mobile", "office_phone", "email")
    filters = ("customer__owner", "gender")
    fields = (
        (_("Contact"), ("customer", "name", "gender", "position", "office_phone", "mobile", "email")),
        (_("More"), ("salutation", "birthday", "department", "fax", "im", "notes")),
    )
    own = ("customer__owner",)
    required_when_entered = ("gender", "position", "office_phone")

    def range(self, user: User, action: str) -> Q:
        """Contacts go with their customer: who reads it reads them, unless it lies in the recycle bin."""
        return super().range(user, action) & Q(customer__deleted_at=None)

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("customer", "position", "mobile", "office_phone", "email")
