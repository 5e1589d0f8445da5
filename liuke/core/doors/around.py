"""What stands around the table of a list: its head, scenes, filters, and what can be done with all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core.display import shown
from liuke.core.doors.common import commands, crumbs, list_url, page_title
from liuke.core.doors.filterbar import at_once, chips, filter_boxes
from liuke.core.gaps import gap
from liuke.core.pages import Action, Link
from liuke.core.search.letters import LETTERS

if TYPE_CHECKING:
    from liuke.core.doors.addresses import Address
    from liuke.core.doors.filterbar import Offered
    from liuke.core.listing import Listing
    from liuke.core.resource import Resource


def around(resource: Resource, user: Any, listing: Listing, address: Address, offered: Offered) -> dict[str, Any]:
    """Everything on the page that is not the table, with gaps for the number of rows."""
    boxes = filter_boxes(resource, user, listing, offered)
    return {
        "resource": resource,
        "page_title": page_title(resource.label_plural),
        "title": resource.label_plural,
        "standing": resource.standing(),
        "total": _("%(n)s in all") % {"n": gap("count")},
        "listing_count": gap("count"),
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
    return "、".join(str(shown(resource.model, path).label) for path in (*resource.search, *resource.sought))


def _exports(resource: Resource, user: Any, address: Address) -> list[Link]:
    if not resource.may(user, "export"):
        return []
    query = address.whole
    return [
        Link(label, f"/{resource.name}/export.{kind}?{query}", key=kind)
        for kind, label in (("xlsx", "Excel"), ("csv", "CSV"))
    ]


def empty(resource: Resource, user: Any, address: Address) -> dict[str, Any]:
    if address.is_filtered:
        clear = Action("clear", _("Clear filters"), address.only("scene"), "x")
        return {"title": _("Nothing matches"), "text": _("Change the filters or clear them"), "action": clear}
    actions = _actions(resource, user)
    return {
        "title": _("Nothing here yet"),
        "text": _("What you enter will be listed here"),
        "action": actions[0] if actions else None,
    }
