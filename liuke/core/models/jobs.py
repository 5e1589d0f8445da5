"""What runs in the background: the queue, which is also the list of what has run, and the slots of the schedule."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liuke.core import clock


class JobRun(models.Model):
    """One run of a job, from the moment it is asked for until it has ended. The row is its place in the queue."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", pgettext_lazy("job", "Done")
        FAILED = "failed", _("Failed")

    class Origin(models.TextChoices):
        SCHEDULE = "schedule", pgettext_lazy("job", "Schedule")
        QUEUE = "queue", _("Queue")
        HAND = "hand", _("By hand")

    TONES = {"state": {"queued": "grey", "running": "blue", "done": "green", "failed": "red"}}
    TEXT = "name"

    name = models.CharField(pgettext_lazy("job", "Job"), max_length=60)
    payload = models.JSONField(_("Payload"), default=dict)
    origin = models.CharField(_("Started by"), max_length=10, choices=Origin.choices, default=Origin.QUEUE)
    day = models.DateField(_("Run for the day"), null=True)  # empty: the day on which it runs
    due_at = models.DateTimeField(_("Due at"), default=clock.now)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    started_at = models.DateTimeField(_("Started at"), null=True)
    heartbeat_at = models.DateTimeField(_("Last sign of life"), null=True)
    finished_at = models.DateTimeField(_("Finished at"), null=True)
    worker = models.CharField(_("Worker"), max_length=100, blank=True)
    result = models.CharField(_("Result"), max_length=500, blank=True)
    error = models.CharField(_("Error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("Job run")
        verbose_name_plural = _("Job runs")
        indexes = [
            # The worker asks every second, and out of ten thousands of rows only a handful is open.
            models.Index(fields=["due_at", "id"], condition=models.Q(state="queued"), name="job_run_queued"),
            models.Index(fields=["id"], condition=models.Q(state="running"), name="job_run_running"),
            models.Index(fields=["name", "-id"], name="job_run_of_job"),
            models.Index(fields=["finished_at"], name="job_run_finished"),
        ]

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """A time at which the schedule wanted a job to run. Whoever writes the row has the slot; nobody else gets it."""

    name = models.CharField(max_length=60)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "due_at"], name="one_run_a_slot")]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M}"


class WorkerSign(models.Model):
    """When a worker last looked at the schedule: it does so every minute, unless it is deep in a run."""

    name = models.CharField(_("Worker"), max_length=100, unique=True)
    at = models.DateTimeField(_("Last sign of life"))

    def __str__(self) -> str:
        return self.name
