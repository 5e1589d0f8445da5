"""The menu: groups and entries that modules sign in, and the lists of the register. Only what is permitted shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from liuke.core.pages import MenuGroup, MenuItem
from liuke.core.register import resources

if TYPE_CHECKING:
    from collections.abc import Callable


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


_groups: dict[str, Group] = {}
_entries: list[Entry] = []


def declare_group(key: str, label: Any, icon: str, order: int) -> None:
    _groups[key] = Group(key, label, icon, order)


def declare_entry(group: str, order: int, label: Any, url: str, icon: str, shown_to: Callable[[Any], bool]) -> None:
    _entries.append(Entry(group, order, label, url, icon, shown_to))


def menu_of(user: Any, path: str) -> list[MenuGroup]:
    """The groups with the entries this person may open; empty groups are left out."""
    rows: list[tuple[str, int, MenuItem]] = [
        (entry.group, entry.order, _item(str(entry.label), entry.url, entry.icon, path))
        for entry in _entries
        if entry.shown_to(user)
    ]
    for resource in resources():
        if resource.menu and resource.may(user, resource.menu.needs):
            item = _item(resource.label_plural, f"/{resource.name}/", resource.icon, path)
            rows.append((resource.menu.group, resource.menu.order, item))
    rows.sort(key=lambda row: row[1])
    groups = (
        MenuGroup(group.key, str(group.label), group.icon, [item for key, _order, item in rows if key == group.key])
        for group in sorted(_groups.values(), key=lambda group: group.order)
    )
    return [group for group in groups if group.items]


def _item(label: str, url: str, icon: str, path: str) -> MenuItem:
    return MenuItem(label, url, icon, current=path == url or (url != "/" and path.startswith(url)))


def new_links(user: Any) -> list[tuple[str, str, str]]:
    """(label, address, icon) of everything this person may enter from the ＋ of the top bar."""
    return [
        (resource.label, f"/{resource.name}/new/", resource.icon)
        for resource in resources()
        if resource.menu and resource.menu.group != "admin" and resource.may(user, "create")
    ]
