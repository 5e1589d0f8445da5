"""The customer-management report: the analyses joined with comments, sent to those who decide (RPT-06)."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.accounts.models import Grant, User
from liuke.core import clock
from liuke.core.fields import LongTextField, YearField
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import verb


def this_year() -> int:
    return clock.today().year


class ManagementReport(Record):
    """A draft of its author until he submits it; from then on it stays as it was sent, figures and all.

    An analysis that comes later adds its comment here and its part in `parts.py`.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", lazy("Draft")
        SUBMITTED = "submitted", lazy("Submitted")

    TEXT = "title"
    TONES = {"status": {"draft": "grey", "submitted": "green"}}
    MOVES = {
        ("draft", "update"): "draft",
        ("draft", "delete"): "draft",
        ("draft", "submit"): "submitted",
    }

    title = models.CharField(lazy("Title"), max_length=100)
    year = YearField(lazy("Year"), default=this_year, validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    recipients = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=lazy("Recipients"))
    contribution_note = LongTextField(lazy("Comment on contribution"), blank=True)
    composition_note = LongTextField(lazy("Comment on composition"), blank=True)
    service_note = LongTextField(lazy("Comment on service"), blank=True)
    churn_note = LongTextField(lazy("Comment on churn"), blank=True)
    conclusion = LongTextField(lazy("Conclusion"), blank=True)
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.DRAFT,
                              editable=False)  # fmt: skip
    submitted_at = models.DateTimeField(lazy("Submitted at"), null=True, editable=False)

    class Meta:
        verbose_name = lazy("Management report")
        verbose_name_plural = lazy("Management reports")
        indexes = [models.Index(fields=["created_by", "-id"], name="management_of_author")]

    @property
    def is_submitted(self) -> bool:
        return self.status == self.Status.SUBMITTED

    @staticmethod
    def readers() -> models.QuerySet[User]:
        """Whom a report can be sent to: normal users whose role lets them read what they receive."""
        granted = Grant.objects.filter(resource="management-reports", action="view", role__deleted_at=None)
        people = User.objects.alive().filter(status=User.Status.NORMAL, roles__in=granted.values("role"))
        return people.distinct()

    @verb
    def submit(self, *, by: Any) -> None:
        """Send it, with the figures as they are at this moment. Refused where a recipient could not read it."""
        from ..parts import sheets_of

        self._must_have_readers()
        FrozenSheet.objects.bulk_create(
            FrozenSheet(report=self, part=part, place=place, title=title, sheet=sheet.frozen)
            for place, (part, title, sheet) in enumerate(sheets_of(self, by))
        )
        self.move("submit", submitted_at=clock.now())

    def _must_have_readers(self) -> None:
        chosen = list(self.recipients.order_by("name", "pk"))
        if not chosen:
            raise Refused(_("Choose who shall receive the report first"), "no_recipients")
        able = set(self.readers().filter(pk__in=[one.pk for one in chosen]).values_list("pk", flat=True))
        if others := [one.name for one in chosen if one.pk not in able]:
            words = {"who": _(", ").join(others)}
            raise Refused(_("Take those off who may not read reports: %(who)s") % words, "cannot_read")


class FrozenSheet(models.Model):
    """One table of a submitted report, as it was when it was sent."""

    report = models.ForeignKey(ManagementReport, models.CASCADE, related_name="sheets")
    part = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    sheet = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "place"], name="frozen_sheet_once")]
