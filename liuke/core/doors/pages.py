"""The pager under a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from liuke.core.gaps import gap
from liuke.core.listing import COUNT_CAP, LAST_NUMBERED_PAGE, Listing
from liuke.core.pages import Link, Pager

if TYPE_CHECKING:
    from liuke.core.doors.addresses import Address

SIZES = (20, 50, 100)


def pager_of(listing: Listing, address: Address, place: Place, count: int | None) -> Pager:
    """Numbers up to page 100; behind it only forward, by key. As long as the rows are not counted, up to the next."""
    number, size = place.number, place.size
    behind = bool(listing.params.get("after"))
    last = number + place.more if count is None else _last(count, size)
    return Pager(
        total=_("%(n)s in all") % {"n": gap("count")},
        pages=[] if behind else [_link(address, page, number) for page in shown_pages(number, last)],
        previous_url=address.but(page=number - 1) if number > 1 and not behind else "",
        next_url=_next_url(listing, address, place, behind) if place.more else "",
        sizes=[Link(str(n), address.but(limit=n), current=n == size) for n in SIZES],
        page=number,
        last=last,
        jump_url=address.but(),
        count_url=f"{address.home}count/?{address.query()}" if count is None else "",
    )


def _last(count: int, size: int) -> int:
    return min(-(-min(count, COUNT_CAP) // size) or 1, LAST_NUMBERED_PAGE)


class Place(NamedTuple):
    """A page of a list; whether there is one behind it, and the row that one begins after."""

    number: int
    size: int
    more: bool
    row: dict[str, Any] | None = None


def _next_url(listing: Listing, address: Address, place: Place, behind: bool) -> str:
    if place.number < LAST_NUMBERED_PAGE and not behind:
        return address.but(page=place.number + 1)
    return address.but(after=listing.cursor(place.row)) if place.row else ""


def shown_pages(number: int, last: int) -> list[int | None]:
    near = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    shown: list[int | None] = []
    for page in near:
        if shown and isinstance(shown[-1], int) and page - shown[-1] > 1:
            shown.append(None)
        shown.append(page)
    return shown


def _link(address: Address, page: int | None, current: int) -> Link | None:
    return None if page is None else Link(str(page), address.but(page=page), current=page == current)
