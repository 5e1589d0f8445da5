"""The log by the clock: sealed each minute, looked through each night, and what is too old taken out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock
from liuke.core.jobs.registry import job
from liuke.core.models.jobs import JobRun, Slot

from . import chain, keeping

SEAL = "seal-audit"
TRACES = timedelta(hours=1)  # as long the runs of the job of each minute are remembered


class Tampered(Exception):
    """The log is not what was written."""


@job(SEAL, cron="* * * * *", label=lazy("Seal the audit log"), quiet=True)
def seal(today: date) -> str:
    count = chain.seal()
    old: dict[str, Any] = {"name": SEAL}
    JobRun.objects.filter(**old, state=JobRun.State.DONE, finished_at__lt=clock.now() - TRACES).delete()
    Slot.objects.filter(**old, due_at__lt=clock.now() - TRACES).delete()
    return _("%(count)s entries sealed") % {"count": f"{count:,}"}


@job("verify-audit", cron="15 4 * * *", label=lazy("Look through the audit log"))
def verify(today: date) -> str:
    """A log that was tampered with makes the job fail, which administrators see on their home page."""
    chain.seal()
    verdict = chain.verify()
    if not verdict.is_whole:
        raise Tampered(verdict.words)
    return verdict.words


@job("remove-old-audit", cron="35 4 * * *", label=lazy("Remove old audit entries"))
def remove_old(today: date) -> str:
    return _("%(count)s entries removed") % {"count": f"{keeping.remove_old():,}"}
