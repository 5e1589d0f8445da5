"""Errands: what somebody asked for that takes a while, and is done in the background."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liuke.core import clock

KEPT = timedelta(days=7)  # how long a file can be fetched


class Errand(models.Model):
    """One piece of background work of one person: what it is, how far it is, and what came of it.

    Its job may run twice, after a crash: what a kind has done so far it notes in `notes`, in the transaction of the
    work itself.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", pgettext_lazy("job", "Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (State.QUEUED, State.RUNNING)
    TONES = {"state": {"queued": "grey", "running": "blue", "done": "green", "failed": "red", "cancelled": "grey"}}

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="errands")
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # 0: nobody knows yet
    notes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    result = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=200, blank=True)  # where what came of it is shown
    file = models.CharField(max_length=200, blank=True)  # path below the folder of files
    file_name = models.CharField(max_length=200, blank=True)  # as it is called when fetched
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    run = models.ForeignKey("core.JobRun", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("Background task")
        verbose_name_plural = _("Background tasks")
        indexes = [
            models.Index(fields=["user", "-id"], name="errand_of_user"),
            models.Index(fields=["user"], condition=models.Q(ended_at=None), name="errand_open"),
            models.Index(fields=["expires_at"], name="errand_expires"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        if self.state == self.State.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def can_be_fetched(self) -> bool:
        return bool(self.file) and self.state == self.State.DONE and (self.expires_at or clock.now()) > clock.now()

    def end(self, state: str, result: str = "", **values: Any) -> bool:
        """Write down how it ended; False when it had ended before (somebody cancelled it, another worker was first)."""
        now = clock.now()
        values |= {"state": state, "result": result[:500], "ended_at": now, "expires_at": now + KEPT}
        return bool(type(self).objects.filter(pk=self.pk, state__in=self.OPEN).update(**values))

    def cancel(self) -> bool:
        """Stop it: at once when it waits, else as soon as it tells how far it is. What is done stays done."""
        return self.end(self.State.CANCELLED)


class Undone(models.Model):
    """A record that an errand over many left as it was, and why; written in the transaction of the attempt."""

    errand = models.ForeignKey(Errand, models.CASCADE, related_name="undone")
    record = models.BigIntegerField()
    reason = models.CharField(max_length=500)
