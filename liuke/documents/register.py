"""Which records take files. Upper modules sign theirs in: a tab, the addresses behind it, and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from liuke.core.doors.common import once
from liuke.core.register import resource_of, sign_tab
from liuke.core.resource import Tab

from .kinds import allowed, icon_of, labels, most_bytes
from .models import Attachment
from .shelf import Shelf
from .uploads import MOST_AT_ONCE

if TYPE_CHECKING:
    from liuke.core.models import Record
    from liuke.core.resource import Resource

TAB = "attachments"
_models: list[type[Record]] = []


def attachable(*models: type[Record]) -> None:
    """Let the records of these models take files."""
    for model in models:
        _models.append(model)
        sign_tab(model, Tab(TAB, _("Attachments"), "documents/_attachments.html", _tab, count=_rows))


def places() -> list[Resource]:
    return [resource_of(model) for model in _models]


def _rows(record: Record, user: Any) -> Any:
    return Attachment.of(record).filter(deleted_at=None)


def _tab(record: Record, user: Any) -> dict[str, Any]:
    shelf = Shelf(user, resource_of(type(record)), record)
    kept = list(shelf.rows)
    refused = shelf.refusal()
    return {
        "files": kept,
        "icons": {one.pk: icon_of(one.name) for one in kept},
        "removable": {one.pk for one in kept if not record.deleted_at and not shelf.refusal(one)},
        "may_add": not record.deleted_at and refused is None,
        "why_not": refused.message if refused and refused.status == 409 else "",
        "upload_once": once(),
        "accept": ",".join(f".{end}" for end in sorted(allowed())),
        "kinds": "、".join(labels()),
        "most_mb": most_bytes() // 1024 // 1024,
        "most_at_once": MOST_AT_ONCE,
        "upload_errors": [],
    }
