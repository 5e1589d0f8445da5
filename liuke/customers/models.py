"""Customers and the people there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.base.fields import DictField, RatingField
from liuke.base.models import Category
from liuke.core.fields import LongTextField, MoneyField, PhoneField
from liuke.core.models import Record
from liuke.core.verbs import hold

if TYPE_CHECKING:
    from liuke.accounts.models import User

MOBILE = re.compile(r"1[3-9]\d{9}")


class Customer(Record):
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
    MOVES = {("normal", "update"): "normal"}

    number = models.CharField(lazy("Customer number"), max_length=20, unique=True, editable=False)
    name = models.CharField(lazy("Customer name"), max_length=50,
                            error_messages={"blank": lazy("Please enter the customer’s name")})  # fmt: skip
    kind = models.CharField(lazy("Kind"), max_length=12, choices=Kind.choices, default=Kind.ORGANIZATION)
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.NORMAL,
                              editable=False)  # fmt: skip
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+",
                              verbose_name=lazy("Account manager"))  # fmt: skip
    region = DictField(lazy("Region"), category=Category.REGION)
    level = DictField(lazy("Customer level"), category=Category.CUSTOMER_LEVEL)
    type = DictField(lazy("Customer type"), category=Category.CUSTOMER_TYPE)
    industry = models.ForeignKey("base.Industry", models.PROTECT, null=True, blank=True, related_name="+",
                                 verbose_name=lazy("Industry"))  # fmt: skip
    source = DictField(lazy("Information source"), category=Category.SOURCE)
    nature = DictField(lazy("Company nature"), category=Category.NATURE)
    company_scale = DictField(lazy("Company scale"), category=Category.SCALE)
    annual_turnover = DictField(lazy("Annual turnover"), category=Category.TURNOVER)
    satisfaction = RatingField(lazy("Satisfaction"), category=Category.SATISFACTION)
    credit = RatingField(lazy("Credit"), category=Category.CREDIT)
    rating = models.PositiveSmallIntegerField(
        lazy("Stars"), null=True, blank=True, choices=[(n, "★" * n + "☆" * (5 - n)) for n in range(1, 6)]
    )
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

    class Meta:
        verbose_name = lazy("Customer")
        verbose_name_plural = lazy("Customers")
        indexes = [
            models.Index(fields=["name"], name="customer_by_name"),
            models.Index(fields=["owner", "-id"], name="customer_by_owner"),
            models.Index(fields=["created_at"], name="customer_by_day"),
        ]

    def clean(self) -> None:
        self.name = self.name.strip()
        if not self.name:
            raise ValidationError({"name": _("Please enter the customer’s name")})

    @classmethod
    def from_opportunity(cls, name: str, contact: str, phone: str, owner: User, *, by: Any) -> Customer:
        """The customer a won opportunity becomes, with its contact; to be completed later (C-32)."""
        customer = cls(name=name, owner=owner, origin=cls.Origin.OPPORTUNITY, incomplete=True)
        customer.create(by=by)
        if contact:
            customer.primary_contact = Contact.of_opportunity(customer, contact, phone).create(by=by)
            customer.save(update_fields=["primary_contact"])
        return customer


class Contact(Record):
    """A person at exactly one customer."""

    class Gender(models.TextChoices):
        MALE = "male", lazy("Male")
        FEMALE = "female", lazy("Female")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts", verbose_name=lazy("Customer"))
    name = models.CharField(lazy("Full name"), max_length=50)
    gender = models.CharField(lazy("Gender"), max_length=6, choices=Gender.choices, blank=True)
    position = models.CharField(lazy("Position"), max_length=50, blank=True)
    office_phone = PhoneField(lazy("Office phone"))
    mobile = PhoneField(lazy("Mobile"))
    email = models.EmailField(lazy("Mail"), blank=True)
    salutation = models.CharField(lazy("Salutation"), max_length=20, blank=True)
    birthday = models.DateField(lazy("Birthday"), null=True, blank=True)
    department = models.CharField(lazy("Department"), max_length=50, blank=True)
    fax = PhoneField(lazy("Fax"))
    im = models.CharField(lazy("WeChat or other messenger"), max_length=50, blank=True)
    notes = LongTextField(lazy("Notes"), blank=True)
    incomplete = models.BooleanField(lazy("Incomplete"), default=False, editable=False)

    class Meta:
        verbose_name = lazy("Contact")
        verbose_name_plural = lazy("Contacts")
        indexes = [models.Index(fields=["name"], name="contact_by_name")]

    @classmethod
    def of_opportunity(cls, customer: Customer, name: str, phone: str) -> Contact:
        """A phone that is a mobile number goes to `mobile`, anything else to `office_phone`, unchanged."""
        digits = re.sub(r"[\s-]", "", phone)
        place = "mobile" if MOBILE.fullmatch(digits) else "office_phone"
        return cls(customer=customer, name=name, incomplete=True, **{place: phone})

    def guard_create(self, by: Any) -> None:
        if self.customer_id:
            self._customer_must_be_open(by)

    def guard_update(self, by: Any) -> None:
        self._customer_must_be_open(by)

    guard_delete = guard_restore = guard_update

    def clean(self) -> None:
        moved = self.pk and self.customer_id  # a new one is refused by `guard_create`
        if moved and self.customer.status != Customer.Status.NORMAL:
            raise ValidationError({"customer": _("Choose a customer in status normal")})

    def _customer_must_be_open(self, by: Any) -> None:
        """Contacts of a churned or deleted customer are read-only like the customer itself."""
        hold(self.customer)
        self.customer.must_allow("update", by)
