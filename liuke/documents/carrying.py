"""Files that go along when one record is made of another: each its own, removed from one it stays with the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liuke.core import files

from .models import Attachment
from .shelf import FOLDER

if TYPE_CHECKING:
    from liuke.core.models import Record


def carry(source: Record, target: Record, by: Any) -> list[Attachment]:
    """Attach the files of `source` to `target` as well, except what it has, or had, already. For use inside a verb:
    what it leaves on the disk when the transaction fails is swept away with all that no record knows."""
    had = set(Attachment.of(target).values_list("name", "size"))
    kept = Attachment.of(source).filter(deleted_at=None).order_by("id")
    return [
        Attachment(record=target, name=one.name, size=one.size, path=path).create(by=by)
        for one in kept
        if (one.name, one.size) not in had and (path := files.double(one.path, FOLDER))
    ]
