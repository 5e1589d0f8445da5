"""How far the sales system has been read, and who reads it now."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from liuke.core import clock

SILENCE = timedelta(minutes=15)  # a run without a sign of life for so long has died with its process


class SyncState(models.Model):
    """One row. `marks` are the watermarks of the sections, moved by a run that has ended well and by nothing else."""

    marks = models.JSONField(default=dict)
    plan = models.CharField(max_length=64, blank=True)  # of mapping and address: with another one all is read anew
    failures = models.PositiveIntegerField(default=0)  # one after another
    failed_at = models.DateTimeField(null=True)
    wrong = models.JSONField(default=list)  # rows that the last good run left out
    claim = models.CharField(max_length=32, blank=True)
    beat_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.plan

    @classmethod
    def the_one(cls) -> SyncState:
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def take(cls) -> str:
        """The claim to be the one who reads; "" while another has it."""
        cls.the_one()
        claim, now = secrets.token_hex(8), clock.now()
        free = cls.objects.filter(Q(claim="") | Q(beat_at__lt=now - SILENCE), pk=1)
        return claim if free.update(claim=claim, beat_at=now) else ""

    @classmethod
    def beat(cls, claim: str) -> bool:
        """False when another has taken over, who believes this one dead."""
        return bool(cls.objects.filter(pk=1, claim=claim).update(beat_at=clock.now()))

    @classmethod
    def forget(cls) -> None:
        """Let the next run read everything."""
        cls.the_one()
        cls.objects.filter(pk=1).update(plan="")

    @classmethod
    def leave(cls, claim: str, **values: Any) -> None:
        cls.objects.filter(pk=1, claim=claim).update(claim="", **values)
