"""One-time keys: whatever is sent twice is done once (NFR-04)."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from liuke.core import clock
from liuke.core.refusals import Replayed

LIFETIME = timedelta(hours=24)


class OneTimeKey(models.Model):
    """A key that has been used, by whom and where, and the record that came of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_index=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path", "key"], name="one_use_of_a_key")]

    @classmethod
    def claim(cls, user: Any, path: str, key: str, body: Any) -> OneTimeKey:
        """Use the key inside the caller's transaction.

        Raises Replayed when it was used before with the same body, ValidationError when with another one.
        """
        fingerprint = _fingerprint(body)
        mine = {"user": user, "path": path, "key": key}
        cls.objects.filter(**mine, created_at__lt=clock.now() - LIFETIME).delete()
        try:
            with transaction.atomic():
                return cls.objects.create(**mine, fingerprint=fingerprint, created_at=clock.now())
        except IntegrityError:
            used = cls.objects.get(**mine)
        used._replay(fingerprint)
        raise AssertionError("a used key is always replayed")

    @classmethod
    def seen(cls, user: Any, path: str, key: str, body: Any) -> None:
        """Raise Replayed when the key was used before; a plain read, nothing is recorded."""
        since = clock.now() - LIFETIME
        if key and (used := cls.objects.filter(user=user, path=path, key=key, created_at__gte=since).first()):
            used._replay(_fingerprint(body))

    def _replay(self, fingerprint: str) -> None:
        if self.fingerprint != fingerprint:
            raise ValidationError({"Idempotency-Key": [_("This key was used for another request")]})
        raise Replayed(self.record())

    def settle(self, record: models.Model) -> None:
        self.content_type = ContentType.objects.get_for_model(record)
        self.object_id = record.pk
        self.save(update_fields=["content_type", "object_id"])

    def record(self) -> Any:
        model = self.content_type.model_class() if self.content_type else None
        return model._base_manager.filter(pk=self.object_id).first() if model else None


def _fingerprint(body: Any) -> str:
    text = json.dumps(body, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
