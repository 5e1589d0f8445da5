"""Pages of a long report, numbered as those of a list are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from liuke.core.doors.common import whole
from liuke.core.doors.lists import page_size
from liuke.core.doors.pages import SIZES, shown_pages
from liuke.core.listing import COUNT_CAP, LAST_NUMBERED_PAGE
from liuke.core.pages import Link, Pager

if TYPE_CHECKING:
    from .report import Asked


def place_of(asked: Asked) -> tuple[int, int]:
    """(number of the page, lines of a page)"""
    return min(max(whole(asked.get("page"), 1), 1), LAST_NUMBERED_PAGE), page_size(asked.params)


def pager(asked: Asked, count: int) -> Pager:
    """`count` is that of all lines, COUNT_CAP + 1 where there are more."""
    number, size = place_of(asked)
    last = min(-(-min(count, COUNT_CAP) // size) or 1, LAST_NUMBERED_PAGE)
    address = asked.address
    links = [
        None if page is None else Link(str(page), address.but(page=page), page == number)
        for page in shown_pages(number, last)
    ]
    return Pager(
        total=_("%(n)s in all") % {"n": f"{COUNT_CAP:,}+" if count > COUNT_CAP else f"{count:,}"},
        pages=links,
        previous_url=address.but(page=number - 1) if number > 1 else "",
        next_url=address.but(page=number + 1) if number < last else "",
        sizes=[Link(str(n), address.but(limit=n), current=n == size) for n in SIZES],
        page=number,
        last=last,
        jump_url=address.but(),
    )
