"""Nothing else may be at work while the whole house is replaced."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from liuke.core.models import JobRun
from liuke.core.refusals import Refused

from . import rows


def must_be_quiet(own: str = "") -> None:
    """Raises Refused that names the jobs which are running, beside the one that asks."""
    running = (
        JobRun.objects.filter(state=JobRun.State.RUNNING)
        .exclude(name__in=(own, "seal-audit"))
        .values_list("name", flat=True)
    )
    if names := "、".join(sorted(set(running))):
        raise Refused(_("Jobs are running: %(names)s. Try again when they have ended") % {"names": names}, "busy")


def hold_everybody() -> None:
    """Writers wait from here to the end of the transaction. On SQLite its beginning has seen to that."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in rows.kept_models())
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
