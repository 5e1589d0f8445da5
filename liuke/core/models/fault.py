"""What went wrong or took long in a request, so that an administrator finds it by its number (BI-04)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from liuke.core import clock


class Fault(models.Model):
    """One request that failed through our fault, or took longer than people wait. No value that was sent is kept."""

    class Kind(models.TextChoices):
        ERROR = "error", _("Error")
        UNAVAILABLE = "unavailable", _("Not available")
        SLOW = "slow", _("Slow")

    TONES = {"kind": {"error": "red", "unavailable": "orange", "slow": "grey"}}

    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("Reference number"), max_length=20, blank=True)  # what the person was told
    at = models.DateTimeField(_("Time"), default=clock.now)
    method = models.CharField(_("Method"), max_length=10)
    path = models.CharField(_("Address"), max_length=300)  # without its query, which holds what people look for
    milliseconds = models.PositiveIntegerField(_("Milliseconds"), null=True)
    what = models.CharField(_("What happened"), max_length=300, blank=True)  # kind of the error and where, no values
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("User")
    )

    class Meta:
        verbose_name = _("Fault")
        verbose_name_plural = _("Faults")
        indexes = [
            models.Index(fields=["kind", "-id"], name="fault_newest"),
            models.Index(fields=["number"], name="fault_number"),
            models.Index(fields=["at"], name="fault_at"),
        ]

    def __str__(self) -> str:
        return self.number or self.path
