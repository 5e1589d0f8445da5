"""Imports are kept for a month: until then one can be looked at, its errors fetched, and all of it undone."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, files
from liuke.core.jobs.registry import job
from liuke.core.models import Import

KEPT = timedelta(days=30)


@job("forget-imports", cron="55 3 * * *", label=lazy("Remove old imports"))
def forget_imports(today: date) -> str:
    old = Import.objects.filter(started_at__lt=clock.now() - KEPT)
    count = 0
    for one in old:
        with suppress(OSError):
            files.remove(one.file)
        one.delete()
        count += 1
    return _("%(count)s imports removed") % {"count": count}
