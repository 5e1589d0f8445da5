"""Backups by night and by hand, and the two acts that replace or empty the house (SYS-04)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import options
from liuke.core.backups import clearing, folder, restoring
from liuke.core.jobs import job
from liuke.core.options import Option
from liuke.core.refusals import Refused

options.declare(
    Option("backup_cron", "30 1 * * *", "cron", lazy("When a backup is made"), lazy("By the company's clock"))
)
options.declare(Option("backup_keep", 14, "int", lazy("Nightly backups that stay"), most=1000))


@job("backup", cron="30 1 * * *", label=lazy("Back up the house"), setting="backup_cron")
def backup(today: date, by: int = 0) -> str:
    """A backup of this moment: by night, or asked for by `by`."""
    made = folder.make("liuke" if by else "daily", _person(by))
    gone = 0 if by else folder.thin_out(options.get("backup_keep"))
    told = _("%(file)s was made") % {"file": made.name}
    return f"{told}, " + _("%(count)s old ones went") % {"count": gone} if gone else told


@job(restoring.RESTORE, label=lazy("Restore a backup"), asked_back=True)
def restore_backup(today: date, file: str, by: int, asked: str) -> str:
    """A second run, after a crash, finds by the event since `asked` that the first one got through."""
    try:
        before = restoring.restore(folder.find(file), _person(by), datetime.fromisoformat(asked))
    except Http404:
        raise Refused(_("There is no file %(file)s") % {"file": file}, "missing") from None
    if before is None:
        return _("%(file)s was restored") % {"file": file}
    return _("%(file)s was restored; what was there before is in %(before)s") % {"file": file, "before": before.name}


@job(clearing.CLEAR, label=lazy("Clear business data"), asked_back=True)
def clear_house(today: date, by: int, asked: str) -> str:
    before = clearing.clear(_person(by), datetime.fromisoformat(asked))
    if before is None:
        return _("Business data were cleared")
    return _("Business data were cleared; what was there before is in %(before)s") % {"before": before.name}


def _person(pk: int) -> Any:
    return get_user_model().objects.filter(pk=pk).first() if pk else None
