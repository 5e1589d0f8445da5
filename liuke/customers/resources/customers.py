"""The customer file as lists, forms, API and menu show it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core import clock, menu, options
from liuke.core.conditions import since
from liuke.core.forms import ReasonForm
from liuke.core.options import Option
from liuke.core.register import register
from liuke.core.resource import ALL, MINE, TEAM, Menu, Resource, Scene, Stats, Tab, Verb
from liuke.documents.register import attachable
from liuke.workspace.tasks import taskable

from .. import tabs
from ..forms import FollowStatusForm
from ..models import Customer
from ..pool_forms import CustomerForm
from ..screens import customer_screen
from . import pool
from .flags import BLACKLISTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liuke.accounts.models import User

menu.declare_group("customers", _("Customer files"), "building", 20)
options.declare(Option("recent_update_window", 30, "int", _("Days a customer counts as recently updated")))

KEY_LEVELS = ("1", "2", "4")  # to be developed, large, strategic partner


def _created_since(day: date) -> Q:
    return since(Customer, "created_at", day)


def _is_churned(customer: Any) -> bool:
    return bool(customer.status == Customer.Status.CHURNED)


def _recently() -> Q:
    return since(Customer, "updated_at", clock.today() - timedelta(days=options.get("recent_update_window")))


TODAY = Scene("today", _("Created today"), lambda resource, user: _created_since(clock.today()))
WEEK = Scene(
    "week", _("Created this week"),
    lambda resource, user: _created_since(clock.today() - timedelta(days=clock.today().weekday())),
)  # fmt: skip
MONTH = Scene("month", _("Created this month"), lambda resource, user: _created_since(clock.today().replace(day=1)))
RECENT = Scene("recent", _("Recently updated"), lambda resource, user: _recently(), ordering="-updated_at")
INCOMPLETE = Scene("incomplete", _("To be completed"), lambda resource, user: Q(incomplete=True))

CHURNED = Scene("churned", _("Churned"), lambda resource, user: Q(status="churned"), whole=True)


@register
class Customers(Resource):
    model = Customer
    icon = "building"
    menu = Menu("customers", 10)
    columns = ("name", "industry", "rating", "address", "owner", "created_by", "created_at", "pool_deadline",
               "last_order_on", "churn_risk", "level", "status")  # fmt: skip
    search = ("name", "number", "phone")
    filters = ("industry", "level", "region", "owner", "status", "type", "source", "nature", "annual_turnover",
               "follow_status", "categories", "address", "number", "created_at", "pool_deadline",
               "last_order_on", "churn_risk")  # fmt: skip
    scenes = (ALL, MINE, TODAY, WEEK, MONTH, RECENT, pool.POOL, pool.EXPIRING, TEAM, INCOMPLETE, CHURNED)
    flags = (BLACKLISTED,)
    fields = (
        (_("Basics"), ("name", "kind", "owner", "level", "type", "industry", "region", "city", "address", "phone",
                       "follow_status", "categories")),
        (_("More"), ("source", "nature", "company_scale", "annual_turnover", "rating", "satisfaction", "credit",
                     "zip", "fax", "website", "founded_on", "external_number")),
        (_("Registration and bank"), ("licence_no", "legal_person", "registered_capital", "bank", "bank_account",
                                      "local_tax_no", "national_tax_no")),
        (_("Notes"), ("notes",)),
    )  # fmt: skip
    own = ("owner",)
    extensible = True
    verbs = (
        *pool.VERBS,
        Verb("set_follow_status", _("Change customer status"), FollowStatusForm, "progress-check", grant="update"),
        Verb(
            "reactivate",
            _("Reactivate"),
            ReasonForm,
            "heart-handshake",
            when=_is_churned,
            text=_("The customer is normal again and can be changed; the reason stands in its changes"),
        ),
    )
    stats = Stats("status")
    left_out = ("status", "churned")  # CHURN-06
    match = (("name_key",),)
    hidden = ("name_key", "phone_key")
    aliases = {
        "name": ("公司名称", "企业名称", "单位名称", "公司", "客户", "company", "account"),
        "phone": ("联系电话", "公司电话", "电话号码"), "level": ("级别", "等级"), "region": ("区域", "省份", "省"),
        "address": ("公司地址", "联系地址", "通讯地址"), "owner": ("负责人", "业务负责人", "销售"),
        "industry": ("所属行业", "客户行业", "sector"),
    }  # fmt: skip
    state_fields = ("status", "created_at")
    required_when_entered = ("region", "owner", "level", "address", "phone")
    templates = {"detail": "customers/customer.html"}

    def __init__(self) -> None:
        super().__init__()
        self.tabs += [
            Tab("timeline", _("Timeline"), "customers/_life.html", tabs.life_of, order=10),
            Tab("contacts", _("Contacts"), "customers/_contacts.html", tabs.contacts_of,
                count=tabs.contact_rows, order=20),
            Tab("interactions", _("Interactions"), "customers/_table.html", tabs.interactions_of,
                count=tabs.interaction_rows, order=30),
            Tab("credit", _("Credit assessment"), "customers/_credit.html", tabs.credit_of,
                count=tabs.credit_rows, order=45),
            pool.OWNERS,
        ]  # fmt: skip

    def find(self, user: User, pk: int, actions: Iterable[str] = ()) -> Any:
        return super().find(user, pk, (*actions, "write"))

    def may(self, user: User, action: str) -> bool:
        """To write to a customer is to add an interaction, which those may do who change nothing else of it."""
        return user.reach("interactions", "create") is not None if action == "write" else super().may(user, action)

    def range(self, user: User, action: str) -> Q:
        reach = user.reach("interactions", "create") if action == "write" else None
        return reach.rows(user, self.own) if reach else pool.reach(action, super().range(user, action))

    def offered(self, user: User, action: str) -> Q:
        return pool.offered(user, action, super().offered(user, action))

    def form_class(self) -> type:
        return CustomerForm

    def initial(self, user: User) -> dict[str, Any]:
        return {"owner": user.pk}

    def badges(self, record: Any) -> list[tuple[str, str]]:
        level = record.level
        return [("purple" if level.value in KEY_LEVELS else "grey", level.entry)] if level else []

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        return customer_screen(record, user, tab)

    def after_save(self, user: User, record: Any) -> str:
        return "/customers/"

    def after_verb(self, user: User, record: Any, name: str) -> str:
        return f"/customers/{(record.copied_to or record).pk}/"


attachable(Customer)
taskable(Customer)
