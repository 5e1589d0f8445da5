"""What happened: each verb and each save writes one event. History, notices and audit are readings of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models

from liuke.core import statements
from liuke.core.fields import DerivedField


class Event(models.Model):
    """Who did which verb to which record, and what changed from what to what."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=30)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    object_text = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)  # {field: [old, new]}; references as the text they had
    note = models.TextField(blank=True)

    among_many = False  # told to listeners: one row of a batch, whose readers are not told of each

    class Meta:
        indexes = [
            models.Index(fields=["content_type", "object_id", "-id"], name="event_of_record"),
            models.Index(fields=["actor", "-id"], name="event_of_actor"),
        ]

    @classmethod
    def of(cls, record: models.Model) -> models.QuerySet[Event]:
        kind = ContentType.objects.get_for_model(record)
        return cls.objects.filter(content_type=kind, object_id=record.pk).select_related("actor").order_by("-id")

    @classmethod
    def newest(cls, record: models.Model, most: int) -> list[Event]:
        return statements.records(_newest, ContentType.objects.get_for_model(record).pk, most, here=record.pk)


def _newest(kind: int, most: int) -> models.QuerySet[Event]:
    events = Event.objects.filter(content_type=kind, object_id=statements.HERE)
    return events.select_related("actor").order_by("-id")[:most]


def snapshot(record: models.Model) -> dict[str, Any]:
    """The stored values of a record, by field name (references as ids)."""
    return {f.name: getattr(record, f.attname) for f in record._meta.concrete_fields if is_told(f)}


def difference(record: models.Model, before: dict[str, Any]) -> dict[str, list[Any]]:
    """{field: [old, new]} between a snapshot and the record as it is now, in words people can read."""
    changes = {}
    for field in record._meta.concrete_fields:
        new = getattr(record, field.attname)
        old = before.get(field.name)
        if not is_told(field) or old == new or (not before and new in (None, "")):
            continue
        changes[field.name] = [plain(field, old), _text(record, field, new)]
    return changes


UNTOLD = {"id", "version", "created_at", "updated_at", "password", "last_login", "token_hash"}


def is_told(field: Any) -> bool:
    """Whether a field's changes are part of a record's history."""
    return field.name not in UNTOLD and not isinstance(field, DerivedField)


def _text(record: models.Model, field: Any, value: Any) -> Any:
    """The new value; a reference that is loaded already need not be asked for again."""
    if field.is_relation and value is not None and field.is_cached(record):
        return str(getattr(record, field.name))
    return plain(field, value)


def plain(field: models.Field, value: Any) -> Any:
    """The value as an event keeps it; a reference as the text it has."""
    if value is not None and field.is_relation:
        other = field.related_model._base_manager.filter(pk=value).first()
        return str(other) if other else str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
