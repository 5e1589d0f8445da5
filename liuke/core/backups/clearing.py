"""A house without business data: people, their rights and what they choose from stay."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from liuke.core import files
from liuke.core.models import Event
from liuke.core.search import rebuild

from . import folder, rows
from .quiet import hold_everybody, must_be_quiet
from .told import tell, was_told

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

CLEAR = "clear-house"  # the job that does it
FRESH = 3600  # seconds: a file this new may belong to what is just being saved; the nightly sweep looks at it
# Numbers are never given out twice, and what was done is not forgotten.
_staying = {"auth", "core.ListSetting", "core.NumberSequence", "core.AuditEntry", "core.AuditBatch"}


def keep(*labels: str) -> None:
    """Sign in models whose rows belong to how the house is set up, "app.Model" each, or "app" for all of an app."""
    _staying.update(labels)


def stays(model: type[Any]) -> bool:
    return not {model._meta.label, model._meta.app_label}.isdisjoint(_staying)


def clear(by: Any = None, asked: datetime | None = None) -> Path | None:
    """Take all business data out; returns the backup that was made before.

    None: it was done already since it was `asked` for. Raises Refused, with the house as it was.
    """
    with transaction.atomic():
        hold_everybody()
        if asked and was_told("cleared", "", asked):
            return None
        must_be_quiet(CLEAR)
        before = folder.make("before-clear", by)
        _take_out()
        tell("cleared", before.name, by)
    for path in files.root().glob("*/*"):
        if time.time() - path.stat().st_mtime > FRESH:
            path.unlink(missing_ok=True)
    rebuild.rebuild()
    return before


def _take_out() -> None:
    """Last ones first: a row that nothing refers to any more goes without a look through other tables."""
    going = [model for model in rows.kept_models() if not stays(model) and model is not Event]
    staying = [kind.pk for kind in ContentType.objects.all() if (one := kind.model_class()) and stays(one)]
    with connection.cursor() as cursor:
        for model in reversed(going):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
    Event.objects.exclude(content_type__in=staying)._raw_delete(connection.alias)
    connection.check_constraints()
