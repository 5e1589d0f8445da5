"""Files on any record: what it is called, how large it is, who put it there, and which record it belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as lazy

from liuke.core import purging
from liuke.core.models import Record
from liuke.core.refusals import Forbidden
from liuke.core.verbs import hold


class Attachment(Record):
    """One file of one record. Its rights are the record's; its content never changes."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", editable=False)
    object_id = models.BigIntegerField(editable=False)
    record: Any = GenericForeignKey("content_type", "object_id")
    name = models.CharField(lazy("File name"), max_length=255, editable=False)
    size = models.BigIntegerField(lazy("Size"), editable=False)
    path = models.CharField(max_length=100, unique=True, editable=False)  # below the folder of files, random

    class Meta:
        verbose_name = lazy("Attachment")
        verbose_name_plural = lazy("Attachments")
        indexes = [models.Index(fields=["content_type", "object_id", "-id"], name="attachment_of_record")]

    @classmethod
    def of(cls, record: Record) -> models.QuerySet[Attachment]:
        """Every file of a record, those in the recycle bin too."""
        kind = ContentType.objects.get_for_model(record)
        return cls.objects.filter(content_type=kind, object_id=record.pk)

    def guard_create(self, by: Any) -> None:
        """A record that can no longer be changed takes no more files."""
        hold(self.record)
        self.record.must_allow("update", by)

    def guard_delete(self, by: Any) -> None:
        """The same; only that whoever put a file there needs no right to change the record."""
        hold(self.record)
        refused = self.record.refusal("update", by)
        if refused and not (isinstance(refused, Forbidden) and by is not None and self.created_by_id == by.pk):
            raise refused

    guard_restore = guard_delete


@purging.holder
def files_of(record: Record) -> models.QuerySet[Attachment]:
    """A record with files is not deleted for good: they would lie around for ever."""
    return Attachment.of(record).filter(deleted_at=None)
