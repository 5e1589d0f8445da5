"""What a page template is given: plain values, ready to print. Views fill them, templates ask nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.display import Shown


@dataclass(frozen=True)
class Action:
    """A button. With a `reason` it stays in its place, greyed, and the reason is its tooltip."""

    key: str
    label: str
    url: str = ""
    icon: str = ""
    style: str = ""  # "primary", "danger" or "" (quiet)
    dialog: bool = False  # opens in a dialog where script runs, as a page of its own where it does not
    reason: str = ""
    access_key: str = ""


@dataclass(frozen=True)
class MenuItem:
    label: str
    url: str
    icon: str = ""
    current: bool = False
    count: int = 0


@dataclass(frozen=True)
class MenuGroup:
    key: str
    label: str
    icon: str
    entries: tuple[MenuItem, ...]

    @property
    def current(self) -> bool:
        return any(item.current for item in self.entries)


@dataclass(frozen=True)
class Link:
    """A scene tab, a page number, a crumb, a chip: a text with an address, one of which may be the current."""

    label: str
    url: str
    current: bool = False
    count: str = ""
    key: str = ""


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    html: Callable[[dict[str, Any]], Markup]  # one row's value, ready to print
    align: str = "start"
    sort_url: str = ""
    sort: str = ""  # "", "asc" or "desc"
    lead: bool = False  # the column that carries the link to the record
    badge: bool = False  # shown beside the name on a phone's card
    kind: str = "text"  # of its values
    text: Callable[[dict[str, Any]], str] = str  # the same in plain words, for the column of the name
    plain: Callable[[dict[str, Any]], Markup] = escape  # the same without the link to the record, for paper
    shown: Shown | None = None  # the field it shows, where it is one


@dataclass(frozen=True)
class FilterBox:
    """One declared filter: `choice` prints a select, `range` two date boxes, `text` one box."""

    name: str
    label: str
    kind: str
    value: str = ""
    until: str = ""  # second box of a range
    choices: list[tuple[str, str]] = field(default_factory=list)  # (value, label)
    date: bool = False  # a range of days: typed loosely, with a calendar

    @property
    def is_on(self) -> bool:
        return bool(self.value or self.until)

    @property
    def options(self) -> Markup:
        """A list has hundreds of them; a loop in a template takes five times as long."""
        empty = [("", _("All"))] if not self.choices or self.choices[0][0] else []
        return Markup("".join([option(value, label, value == self.value) for value, label in empty + self.choices]))


@lru_cache(maxsize=10_000)
def option(value: str, label: str, selected: bool) -> str:
    """A choice of a select, printed once."""
    return f'<option value="{escape(value)}"{" selected" if selected else ""}>{escape(label)}</option>'


@dataclass(frozen=True)
class Pager:
    total: str  # "共 26 条", "10,000+"
    pages: list[Link | None]  # None stands for a gap
    previous_url: str = ""
    next_url: str = ""
    sizes: list[Link] = field(default_factory=list)
    page: int = 1
    last: int = 1
    jump_url: str = ""  # the list's address without `page`; the template adds the box
    count_url: str = ""  # what tells how many rows there are, where the page comes before they are counted


@dataclass(frozen=True)
class Stat:
    label: str
    count: str
    url: str
    tone: str = ""
    total: str = ""  # a sum of money, where the Resource declares one


@dataclass(frozen=True)
class Fact:
    """A field and its value on a detail page; `wide` ones take the whole row."""

    label: str
    value: Markup | str
    wide: bool = False


@dataclass(frozen=True)
class FactGroup:
    title: str
    facts: list[Fact]


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryEntry:
    who: str
    what: str
    at: Any
    changes: list[Change]
    icon: str = "history"
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class ConflictLine:
    """A field two people changed at once: `name` is the form field, `mine` and `theirs` are shown side by side."""

    name: str
    label: str
    mine: str
    theirs: str
    differs: bool = True
    mine_value: str = ""  # as the form posts it
    theirs_value: str = ""
    theirs_first: bool = False  # what is saved unless somebody says otherwise
