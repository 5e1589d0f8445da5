"""Looks into an Excel file before anything opens it: a small file may unpack to gigabytes, or span a billion cells."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_FILE = 50 * 1024 * 1024
LARGEST_UNPACKED = 250 * 1024 * 1024
MOST_ENTRIES = 500
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 300, 5_000_000
STEP = 1024 * 1024
CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,4})(\d{1,9})["']""")
BARE = re.compile(rb"<c[\s/>]")


def must_be_safe(file: Any) -> None:
    """Raises Refused, in the words a person needs, for an Excel file that is broken or meant to harm."""
    try:
        with zipfile.ZipFile(file) as book:
            entries = book.infolist()
            if len(entries) > MOST_ENTRIES:
                raise _too_large()
            left = LARGEST_UNPACKED
            for entry in entries:
                left = _scan(file, entry, left)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, ValueError):
        raise Refused(_("The file is damaged: open it in Excel and save it again"), "damaged") from None
    finally:
        file.seek(0)


def _scan(file: Any, entry: zipfile.ZipInfo, left: int) -> int:
    """Unpack one part bit by bit, and let go of it; what the file says about its own size is not believed."""
    sheet = _Sheet() if "worksheets/" in entry.filename else None
    for n, part in enumerate(_unpacked(file, entry)):
        left -= len(part)
        if left < 0:
            raise _too_large()
        if n == 0 and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
            raise Refused(_("The file is damaged: open it in Excel and save it again"), "damaged")
        if sheet:
            sheet.look(part)
    return left


def _unpacked(file: Any, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(entry.header_offset)
    name, extra = struct.unpack("<HH", file.read(30)[26:30])
    file.seek(entry.header_offset + 30 + name + extra)
    waiting = entry.compress_size
    unpack = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    if unpack is None and entry.compress_type != zipfile.ZIP_STORED:
        raise NotImplementedError
    while waiting > 0 and (packed := file.read(min(waiting, 64 * 1024))):
        waiting -= len(packed)
        if unpack is None:
            yield packed
            continue
        while packed and not unpack.eof:
            yield unpack.decompress(packed, STEP)
            packed = unpack.unconsumed_tail


class _Sheet:
    """How far the cells of a sheet reach. A reader lays out every cell of that rectangle, empty ones too."""

    def __init__(self) -> None:
        self.columns = self.rows = self.cells = 0
        self.rest = b""

    def look(self, part: bytes) -> None:
        text = self.rest + part
        self.cells += len(BARE.findall(text)) - len(BARE.findall(self.rest))
        for letters, row in set(CELL.findall(text)):
            self.columns = max(self.columns, _column(letters))
            self.rows = max(self.rows, int(row))
        self.rest = text[-64:]
        if (
            self.rows > MOST_ROWS + 1
            or self.columns > MOST_COLUMNS
            or max(self.rows * self.columns, self.cells) > MOST_CELLS
        ):
            raise _too_large()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large() -> Refused:
    limits = {"rows": f"{MOST_ROWS:,}", "columns": MOST_COLUMNS}
    return Refused(
        _("The file is too large: at most %(rows)s rows and %(columns)s columns. Split it") % limits, "too_large"
    )
