"""What a person keeps at hand: records marked with a star, and those opened last."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AtHand(models.Model):
    """A record by the name of its Resource and its id: it may be gone, or out of sight, when it is shown."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    resource = models.CharField(max_length=40)
    record = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Favourite(AtHand):
    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "resource", "record"], name="favourite_once")]


class Visit(AtHand):
    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "resource", "record"], name="visit_once")]
