"""A house without business data: people, their rights and what they choose from stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from liuke.core import files
from liuke.core.models import Event
from liuke.core.search import rebuild

from . import folder, rows
from .quiet import must_be_quiet
from .told import tell

if TYPE_CHECKING:
    from pathlib import Path

CLEAR = "clear-house"  # the job that does it
_staying = {"auth", "core.ListSetting"}


def keep(*labels: str) -> None:
    """Sign in models whose rows belong to how the house is set up, "app.Model" each, or "app" for all of an app."""
    _staying.update(labels)


def stays(model: type[Any]) -> bool:
    return not {model._meta.label, model._meta.app_label}.isdisjoint(_staying)


def clear(by: Any = None) -> Path:
    """Take all business data out; returns the backup that was made before. Raises Refused, with the house as it was."""
    must_be_quiet(CLEAR)
    before = folder.make("before-clear", by)
    with transaction.atomic():
        going = [model for model in rows.kept_models() if not stays(model)]
        with connection.cursor() as cursor:
            for model in going:
                if model is not Event:
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        staying = [kind.pk for kind in ContentType.objects.all() if (one := kind.model_class()) and stays(one)]
        Event.objects.exclude(content_type__in=staying).delete()
        connection.check_constraints()
        tell("cleared", before.name, by)
    for path in files.root().glob("*/*"):
        path.unlink(missing_ok=True)
    rebuild.rebuild()
    return before
