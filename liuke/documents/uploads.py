"""Files on their way in: what is too large is never kept, not even for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext as _

from liuke.core.refusals import Refused

from .kinds import most_bytes

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

MOST_AT_ONCE = 20
AROUND = 1024 * 1024  # boundaries and the small fields of a form


class TooLarge(Refused):
    """More than a file, or a request, may hold (413)."""

    status = 413

    def __init__(self, message: str) -> None:
        super().__init__(message, "too_large")


class Scales(FileUploadHandler):
    """Stands before Django's own handlers and lets a file pass up to its limit; the rest of it is read past."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.most = most_bytes()
        self.count = 0
        self.too_large: list[str] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1
        if self.count > MOST_AT_ONCE:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.most:
            self.too_large.append(str(self.file_name))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def weigh(request: HttpRequest) -> Scales:
    """Put the scales in before anything reads the body. Raises TooLarge when it need not be read at all."""
    scales = Scales(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > scales.most * MOST_AT_ONCE + AROUND:
        raise TooLarge(_too_large(scales.most))
    request.upload_handlers.insert(0, scales)
    return scales


def received(request: HttpRequest, scales: Scales) -> list[UploadedFile]:
    """The files that were sent. Raises TooLarge."""
    sent = list(request.FILES.getlist("files"))
    if scales.too_large:
        raise TooLarge(" ".join(_too_large(scales.most, name) for name in scales.too_large[:5]))
    if scales.count > MOST_AT_ONCE:
        raise TooLarge(_("At most %(most)s files at once") % {"most": MOST_AT_ONCE})
    return sent


def _too_large(most: int, name: str = "") -> str:
    limit = {"most": most // 1024 // 1024, "name": name}
    if name:
        return _("“%(name)s” is larger than %(most)s MB") % limit
    return _("One file may have at most %(most)s MB") % limit
