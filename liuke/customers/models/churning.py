"""A customer that is lost is closed, and may come back (CHURN-05, CHURN-06, S-07)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from markupsafe import Markup

from liuke.core.models import Record
from liuke.core.models.event import UNTOLD
from liuke.core.verbs import verb

UNTOLD.add("churn_risk")  # worked out anew every night


class RiskField(models.PositiveSmallIntegerField):
    """From 0 to 100, shown with its tone: from HIGH on red, from SOME on amber."""

    HIGH, SOME = 60, 30

    @classmethod
    def tone(cls, value: int) -> str:
        return "red" if value >= cls.HIGH else "amber" if value >= cls.SOME else ""

    def html_of(self, value: int) -> Markup:
        tone = self.tone(value)
        return Markup('<span class="bdg {}">{}</span>').format(tone, value) if tone else Markup(f"{value:d}")


class Churning(Record):
    """The verbs of losing a customer; `retention` decides when it is lost, and how great the risk of it is."""

    # written downward by retention every night; none for those that are lost
    churn_risk = RiskField(lazy("Churn risk"), null=True, editable=False)

    class Meta:
        abstract = True

    @verb
    def churn(self, reason: str, *, by: Any) -> None:
        """Close it: from now on it is read-only. Asked for by a confirmed alert and nothing else."""
        self.move("churn", churn_risk=None)

    @verb
    def reactivate(self, reason: str, *, by: Any) -> None:
        """Open it again (S-07). Raises ValidationError without a reason."""
        if not reason.strip():
            raise ValidationError({"reason": [_("Please fill in: %(what)s") % {"what": _("Reason")}]})
        self.move("reactivate")
