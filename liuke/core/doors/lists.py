"""The list of a Resource: scenes, search, filters, sort, pages. Rows are read as values, not as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core import options
from liuke.core.context import is_part
from liuke.core.doors.addresses import Address, asked
from liuke.core.doors.batch import batch_acts
from liuke.core.doors.column_settings import names_of
from liuke.core.doors.column_widths import widths_of
from liuke.core.doors.columns import chosen, columns, reader
from liuke.core.doors.common import commands, crumbs, list_url, page_title, require, screen, whole
from liuke.core.doors.filterbar import at_once, chips, filter_boxes
from liuke.core.doors.pages import pager_of
from liuke.core.doors.rows import printed
from liuke.core.doors.sums import money_of
from liuke.core.doors.views import opened, view_tabs
from liuke.core.listing import LAST_NUMBERED_PAGE, Listing, Reader
from liuke.core.models.list_settings import settings_of
from liuke.core.pages import Action, Link
from liuke.core.search.letters import LETTERS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.resource import Resource

LARGEST_PAGE = 200


def list_page(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "view")
    kept = settings_of(request.user, resource.name)
    view, params = opened(kept, asked(request.GET))
    listing = Listing(resource, request.user, params)
    address = Address(resource, params, view.pk if view else 0)
    number, size = _page_number(listing), page_size(listing.params)
    cells = chosen(resource, names_of(params, kept))
    read, acts = reader(resource, request.user, cells)
    rows = _rows(listing, read, number, size)
    resource.tell(request.user, rows)
    table = columns(resource, listing, address, cells)
    batch = batch_acts(resource, request.user)
    context = _around(resource, request.user, listing, address) | {
        "columns": table,
        "rows": printed(resource, table, acts, rows[:size], pick=bool(batch)),
        "batch": batch,
        "widths": widths_of(kept.widths, [column.name for column in table], bool(batch)),
        "pager": pager_of(listing, address, number, size, rows),
        "empty": None if rows else _empty(resource, request.user, address),
        "sums_url": f"/{resource.name}/sums/?{address.whole}" if money_of(resource, cells) else "",
        "views": view_tabs(resource, kept, address),
        "own_view": view.pk if view and view.user_id == request.user.pk else 0,
    }
    if view and listing.errors:
        context["errors"] = [_("Some conditions of this view are no longer valid"), *context["errors"]]
    if "view" in params and not view:
        context["errors"] = [_("There is no such view, or it is no longer shared"), *context["errors"]]
    if not is_part(request):
        context |= resource.around(request.user, "list")
    return screen(request, resource.templates.get("list", "core/list.html"), context)


def _around(resource: Resource, user: Any, listing: Listing, address: Address) -> dict[str, Any]:
    """Everything on the page that is not the table."""
    boxes = filter_boxes(resource, user, listing)
    return {
        "resource": resource,
        "page_title": page_title(resource.label_plural),
        "title": resource.label_plural,
        "standing": resource.standing(),
        "total": _("%(n)s in all") % {"n": listing.count_text},
        "listing_count": listing.count_text,
        "crumbs": crumbs(resource),
        "commands": commands(resource, user),
        "actions": _actions(resource, user),
        "scenes": scene_links(resource, user, address),
        "letters": _letters(resource, address),
        "search": listing.params.get("search", ""),
        "search_hint": _search_hint(resource),
        "filters": boxes,
        "filters_at_once": at_once(boxes),
        "chips": chips(resource, listing, address),
        "clear_url": address.only("scene", "columns"),
        "question": address.whole,
        "stats_url": f"/{resource.name}/stats/?{address.whole}" if resource.stats else "",
        "import_url": f"/{resource.name}/import/" if _may_import(resource, user) else "",
        "exports": _exports(resource, user, address),
        "export_url": f"/{resource.name}/export/?{address.whole}",
        "hidden": _carried(address.params),
        "list_url": list_url(resource),
        "errors": [_error(name, text) for name, texts in listing.errors.items() for text in texts],
    }


def _may_import(resource: Resource, user: Any) -> bool:
    return bool(resource.fields) and resource.may(user, "import") and not resource.closed()


def _error(name: str, text: str) -> str:
    return text if name in ("where", "scene") else f"{name}：{text}"


def _carried(params: dict[str, Any]) -> list[tuple[str, str]]:
    """What the filter bar sends along, beside its own boxes."""
    names = ("scene", "ordering", "limit", "columns", "any")
    single = [(name, value) for name, value in params.items() if name in names]
    return [*single, *(("where", line) for line in params.get("where", ()))]


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
    closed = resource.closed()
    return [Action("new", label, f"/{resource.name}/new/", "plus", "" if closed else "primary", reason=closed)]


def scene_links(resource: Resource, user: Any, address: Any) -> list[Link]:
    """The scenes this person has, one of them on."""
    scenes = resource.scenes_of(user)
    asked = address.params.get("scene")
    current = "" if address.view else asked if asked in {one.key for one in scenes} else resource.scenes[0].key
    return [Link(str(one.label), address.but(scene=one.key), one.key == current, key=one.key) for one in scenes]


def _letters(resource: Resource, address: Address) -> list[Link]:
    """All, A to Z and #, where names are looked up by their letter."""
    if not resource.letters:
        return []
    current = address.params.get(resource.letters, "")
    choices = [("", _("All")), *((letter, letter) for letter in LETTERS)]
    return [Link(label, address.but(**{resource.letters: key}), key == current, key=key) for key, label in choices]


def _search_hint(resource: Resource) -> str:
    from liuke.core.display import shown

    return "、".join(str(shown(resource.model, path).label) for path in (*resource.search, *resource.sought))


def _exports(resource: Resource, user: Any, address: Address) -> list[Link]:
    if not resource.may(user, "export"):
        return []
    query = address.whole
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
