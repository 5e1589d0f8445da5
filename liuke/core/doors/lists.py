"""The list of a Resource: scenes, search, filters, sort, pages. Rows are read as values, not as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core import options
from liuke.core.doors.addresses import Address
from liuke.core.doors.columns import columns, reader
from liuke.core.doors.common import commands, crumbs, list_url, page_title, require, screen, whole
from liuke.core.doors.filterbar import chips, filter_boxes
from liuke.core.doors.pages import pager_of
from liuke.core.doors.rows import printed
from liuke.core.listing import LAST_NUMBERED_PAGE, Listing, Reader
from liuke.core.pages import Action, Link

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.resource import Resource

LARGEST_PAGE = 200


def list_page(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "view")
    listing = Listing(resource, request.user, request.GET.dict())
    address = Address(resource, request.GET.dict())
    number, size = _page_number(listing), page_size(listing.params)
    read, acts = reader(resource, request.user)
    rows = _rows(listing, read, number, size)
    table = columns(resource, listing, address)
    context = _around(resource, request.user, listing, address) | {
        "columns": table,
        "rows": printed(resource, table, acts, rows[:size]),
        "pager": pager_of(listing, address, number, size, rows),
        "empty": None if rows else _empty(resource, request.user, address),
    }
    return screen(request, resource.templates.get("list", "core/list.html"), context)


def _around(resource: Resource, user: Any, listing: Listing, address: Address) -> dict[str, Any]:
    """Everything on the page that is not the table."""
    return {
        "resource": resource,
        "page_title": page_title(resource.label_plural),
        "title": resource.label_plural,
        "total": _("%(n)s in all") % {"n": listing.count_text},
        "crumbs": crumbs(resource),
        "commands": commands(resource, user),
        "actions": _actions(resource, user),
        "scenes": _scenes(resource, user, address),
        "search": listing.params.get("search", ""),
        "search_hint": _search_hint(resource),
        "filters": filter_boxes(resource, user, listing),
        "chips": chips(resource, listing, address),
        "clear_url": address.only("scene"),
        "stats_url": f"/{resource.name}/stats/?{address.query()}" if resource.stats else "",
        "exports": _exports(resource, user, address),
        "hidden": [(name, value) for name, value in address.params.items() if name in ("scene", "ordering", "limit")],
        "list_url": list_url(resource),
        "errors": [f"{name}：{text}" for name, texts in listing.errors.items() for text in texts],
    }


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


def _actions(resource: Resource, user: Any) -> list[Action]:
    if not resource.may(user, "create"):
        return []
    label = _("New %(what)s") % {"what": resource.label.lower()}
    return [Action("new", label, f"/{resource.name}/new/", "plus", "primary")]


def _scenes(resource: Resource, user: Any, address: Address) -> list[Link]:
    current = address.params.get("scene") or resource.scenes[0].key
    return [
        Link(str(scene.label), address.but(scene=scene.key), current=scene.key == current, key=scene.key)
        for scene in resource.scenes
    ]


def _search_hint(resource: Resource) -> str:
    from liuke.core.display import shown

    return "、".join(str(shown(resource.model, path).label) for path in resource.search)


def _exports(resource: Resource, user: Any, address: Address) -> list[Link]:
    if not resource.may(user, "export"):
        return []
    query = address.query(page=None, after=None)
    return [
        Link(label, f"/{resource.name}/export.{kind}?{query}", key=kind)
        for kind, label in (("xlsx", "Excel"), ("csv", "CSV"))
    ]


def _empty(resource: Resource, user: Any, address: Address) -> dict[str, Any]:
    if address.is_filtered:
        clear = Action("clear", _("Clear filters"), address.only("scene"), "x")
        return {"title": _("Nothing matches"), "text": _("Change the filters or clear them"), "action": clear}
    actions = _actions(resource, user)
    return {
        "title": _("Nothing here yet"),
        "text": _("What you enter will be listed here"),
        "action": actions[0] if actions else None,
    }
