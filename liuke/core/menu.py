"""The menu: groups and entries that modules sign in, and the lists of the register. Only what is permitted shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from django.utils.translation import get_language

from liuke.core import clock
from liuke.core.pages import Link, MenuGroup, MenuItem
from liuke.core.register import resources
from liuke.core.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    list: str = ""  # the Resource it opens, where it is one


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
    return remembered(("waiting", user.known_as, clock.today()), lambda: _waiting_for(user))


def _waiting_for(user: Any) -> dict[str, tuple[Any, Q]]:
    places = ((one, one.menu) for one in resources())
    return {
        one.name: (one.model, place.waiting(user))
        for one, place in places
        if place and place.waiting and one.may(user, place.needs)
    }


def menu_of(user: Any, path: str, counts: dict[str, int] | None = None) -> list[MenuGroup]:
    """The groups with the entries this person may open, and how much waits there; empty groups are left out."""
    here, waiting = entry_at(user, path), counts or {}
    rows = [
        (one.group, MenuItem(str(one.label), one.url, one.icon, one.url == here, waiting.get(one.list, 0)))
        for one in _entries_of(user)
    ]
    groups = (_group(group, rows) for group in sorted(_groups.values(), key=lambda group: group.order))
    return [group for group in groups if group.entries]


def _entries_of(user: Any) -> list[Entry]:
    return remembered(("menu entries", user.known_as, get_language()), lambda: _permitted(user))


def has_part_in(group: str, user: Any, but: str = "") -> bool:
    """Whether this person finds anything in a group of the menu beside the entry of this address."""
    own = (entry for entry in _entries if entry.group == group and entry.url != but)
    return any(entry.shown_to(user) for entry in own) or any(
        one.menu and one.menu.group == group and one.menu.listed and one.may(user, one.menu.needs)
        for one in resources()
    )


def entries_in(group: str, user: Any) -> list[Entry]:
    """What this person finds in one group of the menu."""
    return [entry for entry in _entries_of(user) if entry.group == group]


def _permitted(user: Any) -> list[Entry]:
    entries = [entry for entry in _entries if entry.shown_to(user)]
    for resource in resources():
        if (place := resource.menu) and place.listed and resource.may(user, place.needs):
            label = str(place.label or resource.label_plural)
            url = f"/{resource.name}/" + (f"?scene={place.scene}" if place.scene else "")
            entries.append(Entry(place.group, place.order, label, url, resource.icon, bool, resource.name))
    return sorted(entries, key=lambda entry: entry.order)


def _group(group: Group, rows: list[tuple[str, MenuItem]]) -> MenuGroup:
    entries = tuple(item for key, item in rows if key == group.key)
    return MenuGroup(group.key, str(group.label), group.icon, entries)


def entry_at(user: Any, path: str) -> str:
    """The address of the entry one is at."""
    known = remembered(("menu addresses", user.known_as), lambda: tuple(entry.url for entry in _entries_of(user)))
    return _nearest(known, path)


def _nearest(urls: Sequence[str], path: str) -> str:
    """The longest address the path begins with. Of those that open tabs of one list the one whose tab is open, else the
    list itself."""
    at = urlsplit(path)
    above = [(short, url) for short, url in _split(tuple(urls)) if _leads_to(short, at.path)]
    longest = max((len(short) for short, _url in above), default=0)
    nearest = [url for short, url in above if len(short) == longest]
    asked = set(parse_qsl(at.query))
    return max(nearest, key=lambda url: _fits(set(parse_qsl(urlsplit(url).query)), asked), default="")


@lru_cache(maxsize=1000)
def _split(urls: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(urlsplit(url).path, url) for url in urls]


def _leads_to(short: str, path: str) -> bool:
    return path == short or (short != "/" and path.startswith(short))


def _fits(tab: set[tuple[str, str]], asked: set[tuple[str, str]]) -> int:
    return len(tab) if tab <= asked else -1


def new_links(user: Any) -> tuple[Link, ...]:
    """Everything this person may enter from the ＋ of the top bar."""
    return remembered(("new", user.known_as, get_language()), lambda: _new_links(user))


def _new_links(user: Any) -> tuple[Link, ...]:
    entered = [
        resource
        for resource in resources()
        if resource.menu and resource.menu.group != "admin" and resource.may(user, "create")
    ]
    entered.sort(key=lambda resource: resource.menu.entered_last)
    return tuple(Link(resource.label, f"/{resource.name}/new/", key=resource.icon) for resource in entered)


def lists_of(user: Any) -> dict[str, str]:
    """Addresses of the lists this person may open, by name: for shortcuts and the phone's bottom bar."""
    return remembered(("lists", user.known_as), lambda: _lists_of(user))


def _lists_of(user: Any) -> dict[str, str]:
    return {one.name: f"/{one.name}/" for one in resources() if one.menu and one.may(user, one.menu.needs)}
