"""The people at customers."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from liuke.core.fields import DerivedField, LongTextField, PhoneField
from liuke.core.search.letters import letter_of

from .customers import Customer
from .parts import PartOfCustomer

MOBILE = re.compile(r"1[3-9]\d{9}")


class Contact(PartOfCustomer):
    """A person at exactly one customer."""

    class Gender(models.TextChoices):
        MALE = "male", lazy("Male")
        FEMALE = "female", lazy("Female")

    MANY = True

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts", verbose_name=lazy("Customer"))
    name = models.CharField(lazy("Full name"), max_length=50)
    letter = DerivedField(lazy("Letter"), max_length=1, make=letter_of, of=("name",))
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
        indexes = [
            models.Index(fields=["name"], name="contact_by_name"),
            models.Index(fields=["letter", "-id"], name="contact_by_letter"),
        ]

    @classmethod
    def of_opportunity(cls, customer: Customer, name: str, phone: str) -> Contact:
        """A phone that is a mobile number goes to `mobile`, anything else to `office_phone`, unchanged."""
        digits = re.sub(r"[\s-]", "", phone)
        place = "mobile" if MOBILE.fullmatch(digits) else "office_phone"
        return cls(customer=customer, name=name, incomplete=True, **{place: phone})
