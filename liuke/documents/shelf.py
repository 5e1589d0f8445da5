"""The files of one record: who may see, add and remove them, asked inside the transaction that does it."""

from __future__ import annotations

import contextlib
import errno
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from liuke.core import files
from liuke.core.doors.common import find, require
from liuke.core.hallway import saved, still_reaches, with_key
from liuke.core.refusals import Forbidden, Refused

from .kinds import must_be_allowed
from .models import Attachment
from .names import clean_name

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from liuke.core.hallway import Key
    from liuke.core.models import Record
    from liuke.core.resource import Resource

FOLDER = "attachments"
MOST_OF_A_RECORD = 500


class DiskFull(Refused):
    status = 507

    def __init__(self) -> None:
        super().__init__(_("The disk is full, nothing was saved. Tell the administrator"), "disk_full")


@dataclass(frozen=True)
class Shelf:
    """One record as a place for files, for one person."""

    user: Any
    resource: Resource
    record: Record

    @classmethod
    def find(cls, user: Any, resource: Resource, pk: int) -> Shelf:
        """Raises Forbidden, or Http404 for a record out of range or in the recycle bin."""
        require(user, resource, "view")
        record = find(user, resource, pk, ("update",))
        if record.deleted_at:
            raise Http404
        return cls(user, resource, record)

    @property
    def rows(self) -> Any:
        return Attachment.of(self.record).filter(deleted_at=None).select_related("created_by").order_by("-id")

    def file(self, pk: int, deleted: bool = False) -> Attachment:
        """A file of this record and no other. Raises Http404."""
        kept = Attachment.of(self.record).filter(pk=pk).first() if pk < 2**63 else None
        if kept is None or (kept.deleted_at and not deleted):
            raise Http404
        return kept

    @property
    def may_change(self) -> bool:
        return "update" in self.record.allowed

    def refusal(self, file: Attachment | None = None) -> Refused | None:
        """Why no file can be added, or this one not removed; None when it can."""
        refused = self.record.refusal("update", self.user)
        if file is not None and file.created_by_id == self.user.pk:
            return None if isinstance(refused, Forbidden) else refused
        if isinstance(refused, Forbidden) or not self.may_change:
            return refused if isinstance(refused, Forbidden) else Forbidden()
        return refused

    def must_allow(self, file: Attachment | None = None) -> None:
        if refused := self.refusal(file):
            raise refused

    def add(self, sent: list[UploadedFile], key: Key) -> list[Attachment]:
        """All of the files or none. Raises ValidationError, Refused, or Replayed when the key was used before."""
        names = _checked(sent)
        kept: list[Attachment] = []
        try:
            for name, file in zip(names, sent, strict=True):
                kept.append(Attachment(record=self.record, name=name, size=file.size or 0, path=_keep(file)))
            with_key(self.user, key, lambda: self._enter(kept))
        except BaseException:
            for one in kept:
                files.remove(one.path)
            raise
        return kept

    def _enter(self, kept: list[Attachment]) -> Attachment:
        still_reaches(self.record, self.user, "update")
        if self.rows.count() + len(kept) > MOST_OF_A_RECORD:
            raise ValidationError(_("A record takes at most %(most)s attachments") % {"most": MOST_OF_A_RECORD})
        for one in kept:
            one.create(by=self.user)
        return kept[-1]

    def remove(self, file: Attachment) -> None:
        self._turn(file, "delete")

    def restore(self, file: Attachment) -> None:
        self._turn(file, "restore")

    def _turn(self, file: Attachment, verb: str) -> None:
        needed = "view" if file.created_by_id == self.user.pk else "update"

        def work() -> None:
            still_reaches(self.record, self.user, needed)
            getattr(file, verb)(by=self.user)

        saved(work)


def _checked(sent: list[UploadedFile]) -> list[str]:
    """Their names. Raises ValidationError that tells everything that is wrong."""
    names, wrong = [], []
    for file in sent:
        try:
            names.append(clean_name(file.name or ""))
            if not file.size:
                raise ValidationError(_("“%(name)s” is empty") % {"name": names[-1]})
            must_be_allowed(names[-1], file)
        except ValidationError as error:
            wrong += error.messages
    if not sent:
        wrong = [_("Choose a file")]
    if wrong:
        raise ValidationError(wrong)
    return names


def _keep(sent: UploadedFile) -> str:
    path = files.new_path(FOLDER, "bin")
    try:
        with files.create(path) as copy:
            shutil.copyfileobj(sent, copy)
    except OSError as failure:
        with contextlib.suppress(OSError):
            files.remove(path)
        if failure.errno == errno.ENOSPC:
            raise DiskFull from failure
        raise
    return path
