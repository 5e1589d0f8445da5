"""The pager under a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core.listing import COUNT_CAP, LAST_NUMBERED_PAGE, Listing
from liuke.core.pages import Link, Pager

if TYPE_CHECKING:
    from liuke.core.doors.addresses import Address

SIZES = (20, 50, 100)


def pager_of(listing: Listing, address: Address, number: int, size: int, rows: list[dict[str, Any]]) -> Pager:
    """Numbers up to page 100; behind it only forward, by key."""
    behind = bool(listing.params.get("after"))
    more = len(rows) > size
    last = min(-(-min(listing.count, COUNT_CAP) // size) or 1, LAST_NUMBERED_PAGE)
    return Pager(
        total=_("%(n)s in all") % {"n": listing.count_text},
        pages=[] if behind else [_link(address, page, number) for page in shown_pages(number, last)],
        previous_url=address.but(page=number - 1) if number > 1 and not behind else "",
        next_url=_next_url(listing, address, number, rows[size - 1], behind) if more else "",
        sizes=[Link(str(n), address.but(limit=n), current=n == size) for n in SIZES],
        page=number,
        last=last,
        jump_url=address.but(),
    )


def _next_url(listing: Listing, address: Address, number: int, row: dict[str, Any], behind: bool) -> str:
    if number < LAST_NUMBERED_PAGE and not behind:
        return address.but(page=number + 1)
    return address.but(after=listing.cursor(row))


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
