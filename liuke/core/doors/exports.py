"""Export of the filtered list as CSV or Excel, within the rows this person may export."""

from __future__ import annotations

import csv
import io
import tempfile
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

from liuke.core import clock
from liuke.core.display import Shown, shown
from liuke.core.doors.columns import field_paths
from liuke.core.doors.common import require
from liuke.core.listing import Listing
from liuke.core.refusals import Forbidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liuke.core.resource import Resource

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CHUNK = 2000


def export_file(request: HttpRequest, resource: Resource, kind: str) -> HttpResponse | StreamingHttpResponse:
    require(request.user, resource, "view")
    require(request.user, resource, "export")
    listing = Listing(resource, request.user, request.GET.dict(), action="export")
    if listing.deleted:
        raise Forbidden  # the recycle bin is looked at, not carried away
    if listing.errors:
        raise ValidationError(listing.errors)
    known = [shown(resource.model, path) for path in _paths(resource)]
    head, body = [str(column.label) for column in known], _rows(listing, known)
    name = f"{resource.name}-{clock.today():%Y%m%d}.{kind}"
    response = _csv(head, body) if kind == "csv" else _xlsx(head, body, known)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _paths(resource: Resource) -> list[str]:
    """The list's columns first, then every other field of the form."""
    single = [name for name in resource.field_names if not shown(resource.model, name).field.many_to_many]
    return list(dict.fromkeys([*field_paths(resource), *single]))


def _rows(listing: Listing, known: list[Shown]) -> Iterator[list[Any]]:
    fetch = [column.fetch for column in known]
    for row in listing.ordered.values_list(*fetch).iterator(chunk_size=CHUNK):
        yield [_cell(column, value) for column, value in zip(known, row, strict=True)]


def _cell(column: Shown, value: Any) -> Any:
    """Numbers and days stay what they are, so that a spreadsheet can count with them."""
    if value is None or value == "":
        return ""
    if column.kind in ("choice", "bool", "datetime", "date"):
        return column.text(value)
    return value


def _csv(head: list[str], body: Iterator[list[Any]]) -> StreamingHttpResponse:
    def lines() -> Iterator[bytes]:
        yield "\ufeff".encode()  # spreadsheets read UTF-8 only with this mark
        for row in _chained(head, body):
            page = io.StringIO()
            csv.writer(page).writerow([_harmless(value) for value in row])
            yield page.getvalue().encode()

    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")


def _chained(head: list[str], body: Iterator[list[Any]]) -> Iterator[list[Any]]:
    yield head
    yield from body


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, also behind white space, gets an apostrophe in front."""
    if isinstance(value, str) and (value.lstrip().startswith(FORMULA_STARTS) or value.startswith(("\t", "\r", "\n"))):
        return f"'{value}"
    return value


def _xlsx(head: list[str], body: Iterator[list[Any]], known: list[Shown]) -> FileResponse:
    import xlsxwriter

    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it when it has been sent
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for place, text in enumerate(head):
        sheet.set_column(place, place, 40 if known[place].kind == "long" else 16)
        sheet.write_string(0, place, text, bold)
    for line, row in enumerate(body, start=1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, place, value)
            else:
                sheet.write_number(line, place, float(value))
    book.close()
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, content_type=kind)
