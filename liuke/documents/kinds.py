"""What may be attached: a list of kinds, each known by its extension and by what such a file contains."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import options
from liuke.core.options import Option

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.files import File

    Looks = Callable[[bytes, bytes], bool]  # (first bytes, last bytes)

HEAD = TAIL = 64 * 1024
TEXT_CONTROLS = set(b"\t\n\r\f\x1b")


@dataclass(frozen=True)
class Kind:
    """A group of extensions that the settings allow or refuse together."""

    label: Any
    icon: str
    looks: dict[str, Looks]


def starts(*marks: bytes, at: int = 0) -> Looks:
    return lambda head, _tail: head[at:].startswith(marks)


def _office_zip(part: bytes) -> Looks:
    """The directory of a zip stands at its end; there an office file lists its parts."""
    zipped = starts(b"PK\x03\x04")
    return lambda head, tail: zipped(head, tail) and b"[Content_Types].xml" in head + tail and part in head + tail


def _text(head: bytes, _tail: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(head, "utf-16")
    if any(byte < 32 and byte not in TEXT_CONTROLS for byte in head):
        return False
    return _decodes(head, "utf-8") or _decodes(head, "gb18030")


def _decodes(head: bytes, encoding: str) -> bool:
    """A character may be cut where the look ends."""
    cut = 4 if len(head) >= HEAD else 1
    for less in range(cut):
        try:
            head[: len(head) - less].decode(encoding)
            return True
        except UnicodeDecodeError:
            continue
    return False


_OLE = starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_ODF = starts(b"mimetypeapplication/vnd.oasis.opendocument.", at=30)
_RIFF = starts(b"RIFF")
_BOXES = starts(b"ftyp", at=4)

KINDS: dict[str, Kind] = {
    "word": Kind(lazy("Text documents (Word, WPS)"), "file-text", {
        "doc": _OLE, "wps": _OLE, "docx": _office_zip(b"word/"), "odt": _ODF,
    }),
    "sheet": Kind(lazy("Spreadsheets (Excel, WPS)"), "file-spreadsheet", {
        "xls": _OLE, "et": _OLE, "xlsx": _office_zip(b"xl/"), "ods": _ODF,
    }),
    "slides": Kind(lazy("Presentations (PowerPoint, WPS)"), "presentation", {
        "ppt": _OLE, "dps": _OLE, "pptx": _office_zip(b"ppt/"), "odp": _ODF,
    }),
    "pdf": Kind(lazy("PDF"), "file-type-pdf", {"pdf": starts(b"%PDF-")}),
    "image": Kind(lazy("Images"), "photo", {
        "jpg": starts(b"\xff\xd8\xff"), "jpeg": starts(b"\xff\xd8\xff"), "png": starts(b"\x89PNG\r\n\x1a\n"),
        "gif": starts(b"GIF87a", b"GIF89a"), "bmp": starts(b"BM"), "tif": starts(b"II*\0", b"MM\0*"),
        "webp": lambda head, tail: _RIFF(head, tail) and head[8:12] == b"WEBP", "heic": _BOXES,
    }),
    "text": Kind(lazy("Plain text and CSV"), "file-description", {"txt": _text, "csv": _text}),
    "archive": Kind(lazy("Archives"), "file-zip", {
        "zip": starts(b"PK\x03\x04", b"PK\x05\x06"), "7z": starts(b"7z\xbc\xaf\x27\x1c"),
        "rar": starts(b"Rar!\x1a\x07"),
    }),
    "audio": Kind(lazy("Sound"), "file-music", {
        "mp3": starts(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"), "m4a": _BOXES, "amr": starts(b"#!AMR"),
        "ogg": starts(b"OggS"), "wav": lambda head, tail: _RIFF(head, tail) and head[8:12] == b"WAVE",
    }),
}  # fmt: skip


def declare_options() -> None:
    choices = tuple((key, kind.label) for key, kind in KINDS.items())
    options.declare(
        Option("attachments.kinds", list(KINDS), "choices", lazy("Files that may be attached"), choices=choices)
    )
    options.declare(Option("attachments.most_mb", 20, "int", lazy("Largest attachment, in MB")))


def most_bytes() -> int:
    return int(options.get("attachments.most_mb")) * 1024 * 1024


def labels() -> list[str]:
    """What may be attached now, in words."""
    chosen = options.get("attachments.kinds")
    return [str(kind.label) for key, kind in KINDS.items() if key in chosen]


def allowed() -> dict[str, Looks]:
    """Extensions that may be attached now, each with how such a file looks inside."""
    chosen = options.get("attachments.kinds")
    return {end: looks for key, kind in KINDS.items() if key in chosen for end, looks in kind.looks.items()}


def icon_of(name: str) -> str:
    end = extension(name)
    return next((kind.icon for kind in KINDS.values() if end in kind.looks), "paperclip")


def extension(name: str) -> str:
    return name.rpartition(".")[2].lower()


def must_be_allowed(name: str, file: File[bytes]) -> None:
    """Extension and content must agree, and be on the list. Raises ValidationError that names the file."""
    looks = allowed().get(extension(name))
    if looks is None:
        raise ValidationError(_("“%(name)s”: files of this kind cannot be attached") % {"name": name})
    if not looks(*_ends(file)):
        raise ValidationError(_("“%(name)s”: the content does not fit the extension") % {"name": name})


def _ends(file: File[bytes]) -> tuple[bytes, bytes]:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(max(0, (file.size or 0) - TAIL), os.SEEK_SET)
    tail = file.read(TAIL)
    file.seek(0)
    return head, tail
