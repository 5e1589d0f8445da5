"""Customers: organisations (or persons) that bought or intend to buy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.base.fields import DictField, RatingField
from liuke.base.models import Category
from liuke.core import clock
from liuke.core.fields import DerivedField, LongTextField, MoneyField, PhoneField, StarsField
from liuke.core.indexes import list_indexes
from liuke.core.verbs import verb

from ..naming import customer_key, phone_key
from .churning import Churning
from .copied import Copied
from .groupings import CustomerCategory, CustomerStatus
from .pooled import Pooled

if TYPE_CHECKING:
    from liuke.accounts.models import User

# What the list is sorted by, what its filters ask for, and what scope and scenes ask beside that: see core.indexes.
ORDERS = ("id", "name", "rating", "address", "created_at", "updated_at", "pool_deadline", "last_order_on",
          "churn_risk", "status")  # fmt: skip
FILTERED = ("industry", "level", "region", "type", "source", "nature", "annual_turnover", "follow_status")
SCOPE = ("deleted_at", "owner", "status")
DAYS = ("created_at", "pool_deadline", "last_order_on")


class Customer(Pooled, Copied, Churning):
    """An organisation (or person) that bought or intends to buy; belongs to one account manager."""

    class Kind(models.TextChoices):
        ORGANIZATION = "organization", lazy("Organisation")
        INDIVIDUAL = "individual", lazy("Individual")

    class Status(models.TextChoices):
        NORMAL = "normal", lazy("Normal")
        CHURNED = "churned", lazy("Churned")

    class Origin(models.TextChoices):
        DIRECT = "direct", lazy("Entered directly")
        OPPORTUNITY = "opportunity", lazy("Won opportunity")

    LINKED = MANY = True
    NUMBER_PREFIX = "KH"
    TONES = {"status": {"normal": "green", "churned": "red"}}
    MOVES = {
        ("normal", act): "normal"
        for act in ("update", "set_follow_status", "transfer", "assign", "release", "claim", "recycle", "copy")
    } | {("normal", "churn"): "churned", ("churned", "reactivate"): "normal"}
    BLACKLIST = "blacklist"  # the value of the type that warns everybody

    number = models.CharField(lazy("Customer number"), max_length=20, unique=True, editable=False)
    external_number = models.CharField(lazy("External number"), max_length=50, blank=True,
                                       help_text=lazy("What another system calls it"))  # fmt: skip
    name = models.CharField(lazy("Customer name"), max_length=50,
                            error_messages={"blank": lazy("Please enter the customer’s name")})  # fmt: skip
    kind = models.CharField(lazy("Kind"), max_length=12, choices=Kind.choices, default=Kind.ORGANIZATION)
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.NORMAL,
                              editable=False)  # fmt: skip
    # no indexes of their own for what the list filters by: those of the list begin with them, and hold more
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+",
                              db_index=False, verbose_name=lazy("Account manager"))  # fmt: skip
    region = DictField(lazy("Region"), category=Category.REGION, db_index=False)
    level = DictField(lazy("Customer level"), category=Category.CUSTOMER_LEVEL, db_index=False)
    type = DictField(lazy("Customer type"), category=Category.CUSTOMER_TYPE, db_index=False)
    follow_status = models.ForeignKey(CustomerStatus, models.PROTECT, null=True, blank=True, related_name="+",
                                      db_index=False, verbose_name=lazy("Customer status"))  # fmt: skip
    categories = models.ManyToManyField(CustomerCategory, blank=True, related_name="customers",
                                        verbose_name=lazy("Categories"))  # fmt: skip
    industry = models.ForeignKey("base.Industry", models.PROTECT, null=True, blank=True, related_name="+",
                                 db_index=False, verbose_name=lazy("Industry"))  # fmt: skip
    source = DictField(lazy("Information source"), category=Category.SOURCE, db_index=False)
    nature = DictField(lazy("Company nature"), category=Category.NATURE, db_index=False)
    company_scale = DictField(lazy("Company scale"), category=Category.SCALE)
    annual_turnover = DictField(lazy("Annual turnover"), category=Category.TURNOVER, db_index=False)
    satisfaction = RatingField(lazy("Satisfaction"), category=Category.SATISFACTION)
    credit = RatingField(lazy("Credit"), category=Category.CREDIT)
    rating = StarsField(lazy("Stars"), null=True, blank=True)
    city = models.ForeignKey("base.City", models.PROTECT, null=True, blank=True, related_name="+",
                             verbose_name=lazy("City"))  # fmt: skip
    address = models.CharField(lazy("Address"), max_length=200, blank=True)
    zip = models.CharField(lazy("Zip code"), max_length=10, blank=True)
    phone = PhoneField(lazy("Phone"))
    fax = PhoneField(lazy("Fax"))
    website = models.URLField(lazy("Website"), blank=True)
    founded_on = models.DateField(lazy("Anniversary"), null=True, blank=True)
    licence_no = models.CharField(lazy("Licence number"), max_length=50, blank=True)
    legal_person = models.CharField(lazy("Legal person"), max_length=50, blank=True)
    registered_capital = MoneyField(lazy("Registered capital"), null=True, blank=True)
    bank = models.CharField(lazy("Bank"), max_length=100, blank=True)
    bank_account = models.CharField(lazy("Bank account"), max_length=50, blank=True)
    local_tax_no = models.CharField(lazy("Local tax number"), max_length=50, blank=True)
    national_tax_no = models.CharField(lazy("National tax number"), max_length=50, blank=True)
    primary_contact = models.ForeignKey("customers.Contact", models.SET_NULL, null=True, editable=False,
                                        related_name="+", verbose_name=lazy("Primary contact"))  # fmt: skip
    notes = LongTextField(lazy("Notes"), blank=True)
    origin = models.CharField(lazy("Origin"), max_length=12, choices=Origin.choices, default=Origin.DIRECT,
                              editable=False)  # fmt: skip
    incomplete = models.BooleanField(lazy("Incomplete"), default=False, editable=False)
    last_follow_at = models.DateTimeField(lazy("Last follow-up"), null=True, editable=False)
    # written downward by commerce: the day of its newest order that is valid and not in the future (S-04)
    last_order_on = models.DateField(lazy("Last order on"), null=True, editable=False)
    name_key = DerivedField(max_length=80, make=customer_key, of=("kind", "name", "phone"))
    phone_key = DerivedField(max_length=40, make=phone_key, of=("phone",))

    class Meta:
        verbose_name = lazy("Customer")
        verbose_name_plural = lazy("Customers")
        indexes = [
            *list_indexes("customer", orders=ORDERS, beside=SCOPE),
            *list_indexes("customer", orders=FILTERED, beside=SCOPE),
            *list_indexes("customer", orders=("owner",), beside=(*SCOPE, *FILTERED, *DAYS)),
            models.Index(fields=["-id"], name="customer_incomplete", condition=models.Q(incomplete=True)),
            models.Index(fields=["name_key"], name="customer_by_key", opclasses=["varchar_pattern_ops"]),
            models.Index(
                fields=["external_number"], name="customer_by_external", condition=~models.Q(external_number="")
            ),
            models.Index(fields=["phone_key"], name="customer_by_phone", condition=~models.Q(phone_key="")),
            models.Index(fields=["-deleted_at"], name="customer_deleted", condition=models.Q(deleted_at__isnull=False)),
        ]

    @property
    def is_blacklisted(self) -> bool:
        return bool(self.type_id) and self.type.value == self.BLACKLIST

    @verb
    def set_follow_status(self, follow_status: CustomerStatus | None, *, by: Any) -> None:
        self.change(follow_status=follow_status)

    def clean(self) -> None:
        self.name = self.name.strip()
        if not self.name:
            raise ValidationError({"name": _("Please enter the customer’s name")})

    def import_state(self, values: dict[str, Any]) -> None:
        """Status and first day of a customer from another system."""
        for name, value in values.items():
            setattr(self, name, value)
        if self.created_at > clock.now():
            raise ValidationError({"created_at": _("This lies in the future")})

    @classmethod
    def from_opportunity(cls, name: str, contact: str, phone: str, owner: User, *, by: Any) -> Customer:
        """The customer a won opportunity becomes, with its contact; to be completed later (C-32)."""
        from .contacts import Contact

        customer = cls(name=name, owner=owner, origin=cls.Origin.OPPORTUNITY, incomplete=True)
        customer.create(by=by)
        if contact:
            customer.primary_contact = Contact.of_opportunity(customer, contact, phone).create(by=by)
            customer.save(update_fields=["primary_contact"])
        return customer
