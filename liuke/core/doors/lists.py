"""The list of a Resource: rows read as values, not as objects, in a page that is printed once for all who ask alike."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liuke.core import options
from liuke.core.context import is_part
from liuke.core.doors.addresses import Address, asked
from liuke.core.doors.around import around, empty
from liuke.core.doors.batch import batch_acts
from liuke.core.doors.column_settings import names_of
from liuke.core.doors.column_widths import widths_of
from liuke.core.doors.columns import chosen, columns, headed, reader
from liuke.core.doors.common import require, screen_of, whole
from liuke.core.doors.filterbar import Offered, chips, follows, offered_anew
from liuke.core.doors.pages import Place, pager_of
from liuke.core.doors.rows import printed
from liuke.core.doors.sums import money_of
from liuke.core.doors.views import opened, view_tabs
from liuke.core.gaps import gap
from liuke.core.listing import LAST_NUMBERED_PAGE, Listing, Reader
from liuke.core.models.list_settings import settings_of
from liuke.core.remembered import remembered
from liuke.core.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Hashable

    from django.http import HttpRequest, HttpResponse

    from liuke.core.doors.columns import Columns
    from liuke.core.pages import Action, Column, Pager

LARGEST_PAGE = 200


def list_page(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "view")
    asked_for = ListPage(request, resource)
    gaps = {"rows": asked_for.printed_rows, "count": asked_for.count_text}
    template = resource.templates.get("list", "core/list.html")
    return screen_of(request, template, asked_for.words, gaps, asked_for.key)


def count_part(request: HttpRequest, resource: Resource) -> HttpResponse:
    """How many rows a list has, and the pages they make: asked for once its page is there, where they are many."""
    require(request.user, resource, "view")
    view, params = opened(settings_of(request.user, resource.name), asked(request.GET))
    listing = Listing(resource, request.user, params)
    address = Address(resource, params, view.pk if view else 0)
    number, size = _page_number(listing), page_size(params)
    place = Place(number, size, more=listing.count > number * size)

    def make() -> dict[str, Any]:
        pager = pager_of(listing, address, place, listing.count)
        return {
            "pager": pager,
            "total": pager.total,
            "listing_count": gap("count"),
            "batch": batch_acts(resource, request.user),
            "chips": chips(resource, listing, address),
        }

    return screen_of(request, "core/_count.html", make, {"count": listing.count_text}, None)


class ListPage:
    """One page of a list, as an address asks for it."""

    def __init__(self, request: HttpRequest, resource: Resource) -> None:
        self.resource, self.user, self.is_part = resource, request.user, is_part(request)
        self.kept = settings_of(self.user, resource.name)
        self.view, self.params = opened(self.kept, asked(request.GET))
        self.listing = Listing(resource, self.user, self.params)
        self.address = Address(resource, self.params, self.view.pk if self.view else 0)
        self.number, self.size = _page_number(self.listing), page_size(self.params)
        self.table = table_of(resource, self.user, names_of(self.params, self.kept))
        self.rows = _rows(self.listing, self.table.read, self.number, self.size)
        self.more = len(self.rows) > self.size
        resource.tell(self.user, self.rows)

    @property
    def printed_rows(self) -> str:
        table = self.table
        return printed(self.resource, table.columns, table.acts, self.rows[: self.size], pick=bool(table.batch))

    @cached_property
    def count(self) -> int | None:
        """How many rows there are; None where they are many: these are counted once the page is there."""
        if self.is_deep or not (self.more or self.rows):
            return self.listing.count
        return self.listing.at_once if self.more else (self.number - 1) * self.size + len(self.rows)

    @property
    def count_text(self) -> str:
        return f"{self.number * self.size:,}+" if self.count is None else self.listing.text_of(self.count)

    @property
    def is_deep(self) -> bool:
        return "after" in self.params or self.number == LAST_NUMBERED_PAGE

    @cached_property
    def pager(self) -> Pager:
        row = self.rows[self.size - 1] if self.more else None
        return pager_of(self.listing, self.address, Place(self.number, self.size, self.more, row), self.count)

    @cached_property
    def offered(self) -> Offered:
        return offered_anew(self.resource, self.user)

    @property
    def key(self) -> Hashable:
        """All that the page around the rows follows from, beside the rights of the person; None where it is more."""
        listing, resource = self.listing, self.resource
        told = self.is_part or type(resource).around is Resource.around
        if listing.errors or self.is_deep or not told or not follows(resource, listing):
            return None
        offered = tuple((path, tuple(choices)) for path, choices in self.offered.items())
        pager = self.pager.last, self.pager.next_url, self.pager.count_url
        return (
            *self.params.items(),
            self.address.view,
            bool(self.rows),
            pager,
            offered,
            resource.standing(),
            resource.closed(),
        )

    def words(self) -> dict[str, Any]:
        """What the template is given, with gaps for the rows and their number."""
        resource, listing, address, table = self.resource, self.listing, self.address, self.table
        found = around(resource, self.user, listing, address, self.offered)
        found |= {
            "columns": headed(resource, listing, address, table.columns),
            "rows": gap("rows") if self.rows else "",
            "batch": table.batch,
            "widths": widths_of(self.kept.widths, [column.name for column in table.columns], bool(table.batch)),
            "pager": self.pager,
            "empty": None if self.rows else empty(resource, self.user, address),
            "sums_url": f"/{resource.name}/sums/?{address.whole}" if table.has_money else "",
            "views": view_tabs(resource, self.kept, address),
            "own_view": self.view.pk if self.view and self.view.user_id == self.user.pk else 0,
            "errors": [*self._wrong_view(), *found["errors"]],
        }
        return found if self.is_part else found | resource.around(self.user, "list")

    def _wrong_view(self) -> list[str]:
        if "view" in self.params and not self.view:
            return [_("There is no such view, or it is no longer shared")]
        if self.view and self.listing.errors:
            return [_("Some conditions of this view are no longer valid")]
        return []


class Table(NamedTuple):
    """What a person's table is made of, whatever rows stand in it."""

    columns: list[Column]
    read: Reader
    acts: dict[str, str]  # of a row: each with the mark of rows that carry it
    batch: list[Action]
    has_money: bool


def table_of(resource: Resource, user: Any, names: str) -> Table:
    key = "table", resource.name, user.known_as, get_language(), names
    return remembered(key, lambda: _table_of(resource, user, chosen(resource, names)), weight=5)


def _table_of(resource: Resource, user: Any, cells: Columns) -> Table:
    read, acts = reader(resource, user, cells)
    money = bool(money_of(resource, cells))
    return Table(columns(resource, cells), read, acts, batch_acts(resource, user), money)


def _rows(listing: Listing, read: Reader, number: int, size: int) -> list[dict[str, Any]]:
    """The rows of the page and one more, which tells whether there is a next page."""
    if cursor := listing.params.get("after"):
        try:
            return listing.page_after(cursor, size + 1, read)
        except ValidationError as wrong:
            listing.errors |= wrong.message_dict
    start = (number - 1) * size
    return listing.page(start, start + size + 1, read)


def _page_number(listing: Listing) -> int:
    number = whole(listing.params.get("page"), 1)
    return min(max(number, 1), LAST_NUMBERED_PAGE)


def page_size(params: Any) -> int:
    return min(max(whole(params.get("limit"), options.get("page_size")), 1), LARGEST_PAGE)
