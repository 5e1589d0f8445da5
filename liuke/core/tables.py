"""Files we write: templates, error files and exports. No cell of theirs is ever run by a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import IO

    Row = Sequence[Any]

FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}  # spreadsheets read UTF-8 only with its mark
WIDTH, WIDE = 16, 40


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, also behind white space, gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def write_csv(file: IO[bytes], head: Row, rows: Iterable[Row], encoding: str = "utf-8", delimiter: str = ",") -> None:
    text = io.TextIOWrapper(file, ENCODINGS.get(encoding, encoding), errors="replace", newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([harmless(value) for value in head])
    for row in rows:
        writer.writerow([harmless(value) for value in row])
    text.flush()
    text.detach()


def write_xlsx(file: IO[bytes], head: Row, rows: Iterable[Row], wide: Sequence[int] = (), notes: Any = ()) -> None:
    """One sheet, row by row in constant memory; `notes` are (title, rows) of a second one."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for place, text in enumerate(head):
        sheet.set_column(place, place, WIDE if place in wide else WIDTH)
        sheet.write_string(0, place, str(text), bold)
    _fill(sheet, rows)
    for title, lines in notes:
        more = book.add_worksheet(title)
        more.set_column(0, 2, WIDE)
        _fill(more, lines, start=0)
    book.close()


def _fill(sheet: Any, rows: Iterable[Row], start: int = 1) -> None:
    for line, row in enumerate(rows, start=start):
        for place, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    sheet.write_string(line, place, value)
            elif isinstance(value, bool):
                sheet.write_boolean(line, place, value)
            elif value is not None:
                sheet.write_number(line, place, float(value))
