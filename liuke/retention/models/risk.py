"""The risk of losing a customer, worked out every night, with what speaks for it."""

from __future__ import annotations

from django.db import models

from liuke.core import clock
from liuke.customers.models import Customer


class CustomerRisk(models.Model):
    """The newest score of a customer. `found` is [[signal, points, what it saw], …], the weightiest first."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="risk")
    score = models.PositiveSmallIntegerField()
    found = models.JSONField(default=list)
    changed_at = models.DateTimeField(default=clock.now)
