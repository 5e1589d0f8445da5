"""The audit log (AUD-01): one row for each act, and seals over batches of rows. Rows are added, and never touched."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AddedOnly(Exception):
    """Somebody tried to change or delete rows of the audit log."""


class AddedQuerySet(models.QuerySet):
    """The same on the side of Python that triggers do in the database: no row is changed or taken away."""

    def update(self, **values: Any) -> int:
        raise AddedOnly

    def delete(self) -> Any:
        raise AddedOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AddedOnly


class Added(models.Model):
    objects: ClassVar[Any] = AddedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AddedOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AddedOnly


class AuditEntry(Added):
    """Who did what, when, from where, through which door, to which object, and what changed.

    Names stand in it as they were then. No foreign keys: whatever becomes of people and records, the row stays.
    """

    class Outcome(models.TextChoices):
        DONE = "done", pgettext_lazy("audit", "Done")
        REFUSED = "refused", pgettext_lazy("audit", "Refused")
        FAILED = "failed", pgettext_lazy("audit", "Failed")

    class Door(models.TextChoices):
        PAGE = "page", pgettext_lazy("audit", "Page")
        API = "api", "API"
        COMMAND = "command", pgettext_lazy("audit", "Command line")
        JOB = "job", pgettext_lazy("audit", "Job")

    TONES = {"outcome": {"done": "green", "refused": "amber", "failed": "red"}}

    at = models.DateTimeField(_("Time"))
    act = models.CharField(_("Act"), max_length=40)
    outcome = models.CharField(_("Outcome"), max_length=8, choices=Outcome.choices)
    who = models.BigIntegerField(null=True)
    name = models.CharField(pgettext_lazy("audit", "Person"), max_length=120)
    door = models.CharField(_("Door"), max_length=8, choices=Door.choices)
    address = models.CharField(_("From"), max_length=45)
    kind = models.CharField(pgettext_lazy("audit", "Kind"), max_length=60)  # label of the model
    object_id = models.BigIntegerField(null=True)
    number = models.CharField(_("Number"), max_length=40)
    text = models.CharField(_("Object"), max_length=200)
    details = models.TextField(_("Details"))  # JSON as text: a database must not write it in its own way

    class Meta:
        verbose_name = _("Audit entry")
        verbose_name_plural = _("Audit log")
        indexes = [
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["who", "-id"], name="audit_by_person"),
            models.Index(fields=["kind", "object_id", "-id"], name="audit_by_object"),
        ]

    def line(self) -> bytes:
        """The row in one way of writing that is the same on every database; what seals are made of."""
        values = [
            self.pk, _moment(self.at), self.act, self.outcome, self.who, self.name, self.door, self.address, self.kind,
            self.object_id, self.number, self.text, self.details,
        ]  # fmt: skip
        return json.dumps(values, separators=(",", ":")).encode() + b"\n"


class AuditBatch(Added):
    """A seal over some entries, and over the seal before: a chain. `hash` covers every other column."""

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    top = models.BigIntegerField()  # the highest id that this seal, or one before, has dealt with
    ranges = models.JSONField()  # [[first, last]] of the ids it covers, in their order
    awaited = models.JSONField()  # [[first, last, since]] of ids below that nobody has seen yet: others still write
    count = models.PositiveIntegerField()
    prints = models.TextField()  # of each entry, sixteen hexadecimal digits: they tell which row is not what it was
    content = models.CharField(max_length=64)  # SHA-256 of all lines
    previous = models.CharField(max_length=64)  # hash of the batch before
    hash = models.CharField(max_length=64)

    def whole(self) -> str:
        values = [
            self.number, _moment(self.sealed_at), self.top, self.ranges, self.awaited, self.count, self.prints,
            self.content, self.previous,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(values, separators=(",", ":")).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
