"""The nightly broom: nothing that only matters for a while grows for ever."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuke.core import clock, faults, planner

from .registry import job, known
from .schedule import last_slot

KEPT = timedelta(days=30)


@job("tidy-up", cron="40 3 * * *", label=gettext_lazy("Tidy up"))
def tidy_up(today: date) -> str:
    """Forget old runs, slots, one-time keys and sessions; keep the database quick."""
    from liuke.core.models.jobs import JobRun

    gone, _rows = JobRun.objects.filter(finished_at__lt=clock.now() - KEPT).delete()
    _forget_slots()
    _forget_keys()
    faults.forget()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    planner.count_anew()
    return _("%(count)s old job runs removed") % {"count": gone}


def _forget_slots() -> None:
    from liuke.core.models.jobs import Slot

    now = clock.now()
    # The newest slot of a yearly job is older than a month and still says: this one has run.
    newest = [Q(name=job.name, due_at=last_slot(line, now)) for job in known() if (line := job.line)]
    old = Slot.objects.filter(due_at__lt=now - KEPT)
    for kept in newest:
        old = old.exclude(kept)
    old.delete()


def _forget_keys() -> None:
    from liuke.core.models.keys import LIFETIME, OneTimeKey

    OneTimeKey.objects.filter(created_at__lt=clock.now() - LIFETIME).delete()
