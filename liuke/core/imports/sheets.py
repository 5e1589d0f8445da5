"""Reading a file of rows: Excel or CSV, whatever its encoding, as plain cells in order."""

from __future__ import annotations

import codecs
import csv
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from liuke.core import files
from liuke.core.imports.safety import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS, must_be_safe
from liuke.core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = list[Any]

QUOTED = re.compile(r"'+\s*[=+\-@＝＋－＠\t\r\n]")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
ENCODINGS = ("utf-8", "gb18030", "utf-16")
SAMPLE = 64 * 1024
OLD_EXCEL, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


@dataclass
class Serial:
    """A bare number of an Excel cell that may count days since the file's first day."""

    number: float
    first_day: date = field(default=date(1899, 12, 30))

    def moment(self) -> datetime:
        return datetime.combine(self.first_day, time()) + timedelta(days=self.number)


def examine(file: Any, name: str) -> dict[str, Any]:
    """Which kind of file this is, and how it is to be read. Raises Refused with what to do about it."""
    if file.size > LARGEST_FILE:
        raise Refused(_("The file is larger than %(size)s MB, split it") % {"size": LARGEST_FILE >> 20}, "too_large")
    start = file.read(8)
    file.seek(0)
    if not start:
        raise Refused(_("The file is empty"), "empty")
    if start == OLD_EXCEL or name.lower().endswith(".xls"):
        raise Refused(_("This is an old Excel file (.xls): save it as .xlsx, then upload it again"), "old_excel")
    if start.startswith(ZIP):
        must_be_safe(file)
        return {"kind": "xlsx"}
    return {"kind": "csv", **_csv_options(file)}


def _csv_options(file: Any) -> dict[str, Any]:
    encoding = _encoding(file)
    text = codecs.getincrementaldecoder(_codec(encoding))().decode(file.read(SAMPLE))
    file.seek(0)
    if "\x00" in text:
        raise Refused(_("This is neither an Excel file (.xlsx) nor a text file (.csv)"), "unknown_kind")
    return {"encoding": encoding, "delimiter": _delimiter(text)}


def _encoding(file: Any) -> str:
    start = file.read(2)
    file.seek(0)
    wide = start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for name in ("utf-16",) if wide else ("utf-8", "gb18030"):
        if _reads(file, name):
            return name
    raise Refused(_("The text cannot be read: save the file as UTF-8 or GB18030"), "encoding")


def _reads(file: Any, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while part := file.read(SAMPLE):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _codec(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _delimiter(text: str) -> str:
    """The sign that the first line has most of, outside of quotes."""
    line = re.sub(r'"[^"]*"', "", text).lstrip("\ufeff").split("\n", 1)[0]
    return max(DELIMITERS, key=lambda name: line.count(DELIMITERS[name]))


# the rows


@dataclass
class Source:
    """An uploaded file with the way to read it."""

    path: str
    options: dict[str, Any]

    @property
    def is_excel(self) -> bool:
        return self.options["kind"] == "xlsx"

    def sheets(self) -> list[str]:
        """Names of the sheets that hold cells; a CSV file has none."""
        if not self.is_excel:
            return []
        book = self._book
        kinds = {one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet}
        return [name for name in book.sheet_names if name in kinds]

    @cached_property
    def _book(self) -> CalamineWorkbook:
        return _book(self.path)

    @cached_property
    def _sheet(self) -> Any:
        try:
            return self._book.get_sheet_by_name(self.options.get("sheet") or self.sheets()[0])
        except (CalamineError, IndexError, KeyError):
            raise Refused(_("This sheet is not in the file, choose another"), "no_sheet") from None

    def estimate(self) -> int:
        """About how many rows there are, for a progress bar."""
        if self.is_excel:
            return max(self._sheet.total_height - 1, 0)
        with (files.root() / self.path).open("rb") as file:
            return sum(part.count(b"\n") for part in iter(lambda: file.read(SAMPLE), b""))

    def header(self) -> Row:
        """The first line with something in it. Raises Refused when there is none."""
        for _line, row in self.lines():
            return [_text(cell) for cell in row]
        raise Refused(_("There is nothing on this sheet"), "empty")

    def rows(self) -> Iterator[tuple[int, Row]]:
        """(line of the file, cells) of everything under the header, empty lines left out."""
        return islice(self.lines(), 1, None)

    def lines(self) -> Iterator[tuple[int, Row]]:
        found = _excel_lines(self.path, self._sheet) if self.is_excel else _csv_lines(self.path, self.options)
        for count, (number, row) in enumerate(line for line in found if any(_text(cell) for cell in line[1])):
            if count > MOST_ROWS:
                raise Refused(_("More than %(rows)s rows: split the file") % {"rows": f"{MOST_ROWS:,}"}, "too_large")
            yield number, row


def _text(cell: Any) -> str:
    return str(cell).strip() if cell is not None else ""


def _book(path: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(files.root() / path))
    except (CalamineError, OSError):
        raise Refused(_("The file is damaged: open it in Excel and save it again"), "damaged") from None


def _excel_lines(path: str, sheet: Any) -> Iterator[tuple[int, Row]]:
    first_day, merged = _first_day(path), _Merged(sheet)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [_excel_cell(cell, first_day) for cell in merged.filled(number - 1, row)]


def _excel_cell(cell: Any, first_day: date) -> Any:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return Serial(cell, first_day)
    return cell


def _first_day(path: str) -> date:
    """Excel on old Macs counts days from 1904; the file says so."""
    with suppress(KeyError, zipfile.BadZipFile), zipfile.ZipFile(files.root() / path) as book:
        head = book.open("xl/workbook.xml").read(SAMPLE)
        if re.search(rb"""date1904\s*=\s*["'](1|true)""", head):
            return date(1904, 1, 1)
    return date(1899, 12, 30)


class _Merged:
    """Joined cells: each has the value that stands in the first of them."""

    def __init__(self, sheet: Any) -> None:
        ranges = sheet.merged_cell_ranges or []
        self.column = (sheet.start or (0, 0))[1]
        self.by_row: dict[int, list[tuple[int, int, tuple[int, int]]]] = {}
        for (top, left), (bottom, right) in ranges[:10_000]:
            for row in range(top, min(bottom, top + 10_000) + 1):
                self.by_row.setdefault(row, []).append((left, right, (top, left)))
        self.values: dict[tuple[int, int], Any] = {}

    def filled(self, number: int, row: Row) -> Row:
        for left, right, first in self.by_row.get(number, ()):
            for place in range(left - self.column, min(right, MOST_COLUMNS) - self.column + 1):
                if 0 <= place < len(row):
                    self._fill(row, place, first, (number, place + self.column))
        return row

    def _fill(self, row: Row, place: int, first: tuple[int, int], here: tuple[int, int]) -> None:
        if here == first:
            self.values[first] = row[place]
        elif row[place] in ("", None):
            row[place] = self.values.get(first)


def _csv_lines(path: str, options: dict[str, Any]) -> Iterator[tuple[int, Row]]:
    delimiter = DELIMITERS.get(options.get("delimiter", ""), ",")
    with (files.root() / path).open(encoding=_codec(options["encoding"]), newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for number, row in enumerate(reader, start=1):
                if len(row) > MOST_COLUMNS:
                    raise Refused(_("More than %(n)s columns") % {"n": MOST_COLUMNS}, "too_large")
                yield number, [_bare(cell) for cell in row]
        except UnicodeDecodeError:
            raise Refused(_("The text is not in this encoding, choose another"), "encoding") from None
        except csv.Error:
            raise Refused(_("Line %(n)s cannot be read") % {"n": reader.line_num}, "damaged") from None


def _bare(cell: str) -> str:
    """Without the apostrophe that our own CSV files put before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and QUOTED.match(cell) else cell
