"""Sums of a customer's orders, kept up in the transaction that writes an order: what reports read."""

from __future__ import annotations

from django.db import models

from liuke.core.fields import MoneyField
from liuke.customers.models import Customer

ALL_YEARS = 0


class CustomerMonth(models.Model):
    """Orders that count, of a customer in a month; `month` is its first day."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    amount = MoneyField(max_digits=18)
    orders = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "month"], name="one_customer_month")]
        indexes = [models.Index(fields=["month", "customer", "amount"], name="customer_month_by_month")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.month:%Y-%m}"


class CustomerYear(models.Model):
    """The same of a year; the year 0 is all of them."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    amount = MoneyField(max_digits=18)
    orders = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "year"], name="one_customer_year")]
        indexes = [models.Index(fields=["year", "-amount", "customer"], name="customer_year_by_amount")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.year or '*'}"
