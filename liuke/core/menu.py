"""The menu: groups and entries that modules sign in, and the lists of the register. Only what is permitted shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from liuke.core.pages import MenuGroup, MenuItem
from liuke.core.register import resources

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Q


@dataclass(frozen=True)
class Group:
    key: str
    label: Any
    icon: str
    order: int


@dataclass(frozen=True)
class Entry:
    group: str
    order: int
    label: Any
    url: str
    icon: str
    shown_to: Callable[[Any], bool]
    count: int = 0


_groups: dict[str, Group] = {}
_entries: list[Entry] = []


def declare_group(key: str, label: Any, icon: str, order: int) -> None:
    _groups[key] = Group(key, label, icon, order)


def place_of(menu: Any) -> tuple[int, int]:
    """Where a `Menu` stands: the order of its group, then its own."""
    return _groups[menu.group].order, menu.order


def declare_entry(group: str, order: int, label: Any, url: str, icon: str, shown_to: Callable[[Any], bool]) -> None:
    _entries.append(Entry(group, order, label, url, icon, shown_to))


def waiting_for(user: Any) -> dict[str, tuple[Any, Q]]:
    """By list: the model and the rows that wait for this person there."""
    places = ((one, one.menu) for one in resources())
    return {
        one.name: (one.model, place.waiting(user))
        for one, place in places
        if place and place.waiting and one.may(user, place.needs)
    }


def menu_of(user: Any, path: str, counts: dict[str, int] | None = None) -> list[MenuGroup]:
    """The groups with the entries this person may open, and how much waits there; empty groups are left out."""
    entries = [entry for entry in _entries if entry.shown_to(user)]
    for resource in resources():
        if (place := resource.menu) and place.listed and resource.may(user, place.needs):
            label = str(place.label or resource.label_plural)
            url = f"/{resource.name}/" + (f"?scene={place.scene}" if place.scene else "")
            waiting = (counts or {}).get(resource.name, 0)
            entries.append(Entry(place.group, place.order, label, url, resource.icon, bool, waiting))
    entries.sort(key=lambda entry: entry.order)
    here = _nearest([entry.url for entry in entries], path)
    rows = [
        (one.group, one.order, MenuItem(str(one.label), one.url, one.icon, one.url == here, one.count))
        for one in entries
    ]
    groups = (_group(group, rows) for group in sorted(_groups.values(), key=lambda group: group.order))
    return [group for group in groups if group.entries]


def _group(group: Group, rows: list[tuple[str, int, MenuItem]]) -> MenuGroup:
    entries = tuple(item for key, _order, item in rows if key == group.key)
    return MenuGroup(group.key, str(group.label), group.icon, entries)


def _nearest(urls: list[str], path: str) -> str:
    """The entry one is at: the longest address the path begins with. Of those that open tabs of one list the one whose
    tab is open, else the list itself."""
    at = urlsplit(path)
    above = [(urlsplit(url).path, url) for url in urls]
    above = [(short, url) for short, url in above if at.path == short or (short != "/" and at.path.startswith(short))]
    longest = max((len(short) for short, _url in above), default=0)
    nearest = [url for short, url in above if len(short) == longest]
    asked = set(parse_qsl(at.query))
    return max(nearest, key=lambda url: _fits(set(parse_qsl(urlsplit(url).query)), asked), default="")


def _fits(tab: set[tuple[str, str]], asked: set[tuple[str, str]]) -> int:
    return len(tab) if tab <= asked else -1


def new_links(user: Any) -> list[tuple[str, str, str]]:
    """(label, address, icon) of everything this person may enter from the ＋ of the top bar."""
    entered = [
        resource
        for resource in resources()
        if resource.menu and resource.menu.group != "admin" and resource.may(user, "create")
    ]
    entered.sort(key=lambda resource: resource.menu.entered_last)
    return [(resource.label, f"/{resource.name}/new/", resource.icon) for resource in entered]
