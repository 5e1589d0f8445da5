"""Reading the sales system by the clock, and because a person asked for it."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.commerce.source import is_external
from liuke.core.errands import Outcome, Progress, errand
from liuke.core.jobs import job

from .models import SyncState
from .refusing import SalesSystemError, Unreachable
from .sync import Run

PAUSES = (2, 15)  # seconds before another try, when it did not answer
PATIENCE = 3  # failures in a row after which a run tries once and no more


@job("sales-sync", cron="20 * * * *", label=lazy("Read the sales system"))
def sales_sync(today: date) -> str:
    """What has changed there since the last time (INTG-01). Fails, and is seen to, when it cannot be read."""
    return _read()


@job("sales-sync-full", cron="40 22 * * 5", label=lazy("Read the whole sales system"))
def sales_sync_full(today: date) -> str:
    """Everything, before the churn check of the night: what was deleted there, and changes no time of change told."""
    return _read(full=True)


def _read(full: bool = False) -> str:
    """Raises SalesSystemError when it cannot be read; another reading under way is none of our business."""
    if not is_external():
        return _("Nothing to read: products and orders are kept in Liuke")
    try:
        return _tried(full)
    except SalesSystemError as error:
        if error.code != "busy":
            raise
        return error.message


def _tried(full: bool) -> str:
    """A few times when it does not answer."""
    pauses = PAUSES if SyncState.the_one().failures < PATIENCE else ()
    for pause in pauses:
        try:
            return str(Run(full=full).run())
        except Unreachable:
            time.sleep(pause)
    return str(Run(full=full).run())


@errand("sales-sync")
def sync_asked(errand: Any, progress: Progress) -> Outcome:
    full, accept = bool(errand.params.get("full")), bool(errand.params.get("accept_gone"))
    done = Run(full=full, accept_gone=accept, told=progress).run()
    return Outcome(str(done), url="/sales-system/")
