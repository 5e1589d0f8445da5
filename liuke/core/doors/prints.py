"""A list on paper: its columns, filters and order, up to 2,000 rows. It needs the right to export: paper leaves too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from markupsafe import Markup

from liuke.core import audit
from liuke.core.doors.addresses import Address, asked
from liuke.core.doors.column_settings import names_of
from liuke.core.doors.columns import chosen, columns, reader
from liuke.core.doors.common import page_title, require, screen
from liuke.core.doors.filterbar import chips
from liuke.core.listing import Listing
from liuke.core.models.list_settings import settings_of
from liuke.core.refusals import Forbidden

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.pages import Column
    from liuke.core.resource import Resource

MOST = 2000


def print_page(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "view")
    require(request.user, resource, "export")
    params = asked(request.GET)
    listing, address = Listing(resource, request.user, params, action="export"), Address(resource, params)
    if listing.deleted:
        raise Forbidden  # the recycle bin is looked at, not carried away
    if listing.errors:
        raise ValidationError(listing.errors)
    cells = chosen(resource, names_of(params, settings_of(request.user, resource.name)))
    table = columns(resource, cells)
    rows = listing.page(0, MOST + 1, reader(resource, request.user, cells)[0])
    resource.tell(request.user, rows)
    context = {
        "page_title": page_title(resource.label_plural),
        "title": resource.label_plural,
        "chips": [chip.label for chip in chips(resource, listing, address)],
        "columns": table,
        "rows": _printed(table, rows[:MOST]),
        "total": _("%(n)s in all") % {"n": f"{min(len(rows), MOST):,}"},
        "cut": _("The first %(n)s rows") % {"n": f"{MOST:,}"} if len(rows) > MOST else "",
        "back_url": address.but(ids=None),
    }
    audit.note("print", by=request.user, kind=resource.model._meta.label, text=resource.label_plural,
               details={"rows": min(len(rows), MOST), "asked": params})  # fmt: skip
    return screen(request, "core/print.html", context)


def _printed(table: list[Column], rows: list[dict[str, Any]]) -> Markup:
    """Links and buttons have no place on paper; what a cell prints is the same as on the screen."""
    opening = ['<td class="num">' if column.align == "end" else "<td>" for column in table]
    cells = [(start, column.plain) for start, column in zip(opening, table, strict=True)]
    return Markup("".join(["<tr>" + "".join([f"{a}{html(row)}</td>" for a, html in cells]) + "</tr>" for row in rows]))
