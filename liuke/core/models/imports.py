"""Imports: a file on its way into a Resource, step by step, and what came of each of its rows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from liuke.core import clock

from .errands import Errand


class Import(models.Model):
    """One file of one person. Each step of the wizard writes down here what was chosen."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    class Rule(models.TextChoices):
        SKIP = "skip", _("Skip them")
        UPDATE = "update", _("Overwrite the existing ones")
        NEW = "new", _("Enter them as new ones")

    BUSY = (State.CHECKING, State.IMPORTING, State.UNDOING)
    OVER = (State.DONE, State.UNDONE)
    TONES = {
        "state": {"uploaded": "grey", "checking": "blue", "checked": "amber", "importing": "blue", "done": "green",
                  "undoing": "blue", "undone": "grey"}
    }  # fmt: skip

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports")
    resource = models.CharField(max_length=50)
    file = models.CharField(max_length=200)  # path below the folder of files
    file_name = models.CharField(max_length=200)
    options = models.JSONField(default=dict)  # sheet, encoding, delimiter
    header = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True)  # of resource and header: the same file next month
    columns = models.JSONField(default=list)  # for each column of the file the name of its field, or ""
    constants = models.JSONField(default=dict)  # {field: text for every row}
    empties = models.JSONField(default=dict)  # {field: text where the cell is empty}
    words = models.JSONField(default=dict)  # {field: {text of the file: text we understand}}
    rule = models.CharField(max_length=6, choices=Rule.choices, default=Rule.SKIP)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    report = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # what the check found
    position = models.PositiveIntegerField(default=0)  # lines of the file that are done
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    errand = models.ForeignKey(Errand, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        indexes = [
            models.Index(fields=["user", "resource", "-id"], name="import_of_user"),
            models.Index(fields=["user", "fingerprint", "-id"], name="import_of_same_file"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def url(self) -> str:
        return f"/{self.resource}/import/{self.pk}/"

    @property
    def is_broken_off(self) -> bool:
        """The work behind a busy state has ended without an end: failed or cancelled."""
        return self.state in self.BUSY and (self.errand is None or not self.errand.is_open)

    def step(self, state: str, *, out_of: tuple[str, ...], **values: Any) -> bool:
        """Take the next step if the import is where the person saw it; two clicks make one step."""
        changed = type(self).objects.filter(pk=self.pk, state__in=out_of).update(state=state, **values)
        if changed:
            for name, value in {"state": state, **values}.items():
                setattr(self, name, value)
        return bool(changed)


class ImportedRow(models.Model):
    """What became of one line of the file. Lines that were skipped are counted only."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("New")
        UPDATED = "updated", _("Updated")
        FAILED = "failed", _("Failed")
        KEPT = "kept", _("Not undone")

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    object_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=0)  # of the record after the import
    old = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # what was changed, as it was before
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "line"], name="one_outcome_a_line")]
        indexes = [models.Index(fields=["of", "outcome", "line"], name="imported_row_outcome")]

    def __str__(self) -> str:
        return f"{self.line}: {self.outcome}"
