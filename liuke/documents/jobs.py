from __future__ import annotations

from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuke.core import clock, files
from liuke.core.jobs import job

from .models import Attachment
from .register import places
from .shelf import FOLDER

SETTLED = timedelta(days=1)  # a file younger than this may belong to an upload that is just being saved


@job("sweep-attachments", cron="50 3 * * *", label=gettext_lazy("Sweep lost files"))
def sweep_attachments(today: date) -> str:
    """Remove files no record knows: those of records deleted for good, and what is left of broken uploads."""
    for resource in places():
        kind = ContentType.objects.get_for_model(resource.model)
        there = resource.model._base_manager.values("pk")
        Attachment.objects.filter(content_type=kind).exclude(object_id__in=there).delete()
    before = (clock.now() - SETTLED).timestamp()
    folder = files.root() / FOLDER
    old = [f"{FOLDER}/{one.name}" for one in folder.glob("*") if one.is_file() and one.stat().st_mtime < before]
    lost = 0
    for start in range(0, len(old), 500):
        batch = old[start : start + 500]
        known = set(Attachment.objects.filter(path__in=batch).values_list("path", flat=True))
        for path in set(batch) - known:
            files.remove(path)
            lost += 1
    return _("%(count)s lost files removed") % {"count": lost}
