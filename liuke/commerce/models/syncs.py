"""Readings of the sales system: written by whoever reads it, shown wherever its data are shown (R31)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock


class SalesSync(models.Model):
    """One reading, from its start to its end; a failed one has `ok` False and says why."""

    started_at = models.DateTimeField(lazy("Started at"), default=clock.now)
    finished_at = models.DateTimeField(lazy("Finished at"), null=True)
    ok = models.BooleanField(lazy("Succeeded"), null=True)
    # whether orders were asked for at all: stock alone says nothing of who ordered
    orders = models.BooleanField(lazy("Orders included"), default=True)
    rows = models.PositiveIntegerField(lazy("Rows"), default=0)
    message = models.CharField(lazy("Message"), max_length=500, blank=True)

    class Meta:
        verbose_name = lazy("Sales system reading")
        verbose_name_plural = lazy("Sales system readings")
        indexes = [models.Index(fields=["-finished_at"], name="sales_sync_done", condition=models.Q(ok=True))]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
