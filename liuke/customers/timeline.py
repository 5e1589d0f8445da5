"""One timeline for the whole life of a customer (CUST-25): modules sign in what they know.

A kind's function gets the customer, the reader, a moment and a number: it returns that many entries, the newest first
of those not later than the moment, and only such as the reader may see.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from liuke.core.field_rights import reading_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.accounts.models import User
    from liuke.core.pages import Change

    from .models import Customer

    Entries = Callable[[Customer, User, datetime, int], list["Entry"]]

PAGE = 30
GROUPS = {"follow": _("Follow-ups"), "sales": _("Sales"), "orders": _("Orders"), "service": _("Service")}


@dataclass(frozen=True)
class Entry:
    """Something that happened to a customer, ready to print."""

    at: datetime
    pk: int
    who: str
    what: str
    icon: str
    tone: str = ""
    about: str = ""  # whom or what it was with, behind the kind
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()  # (text, address)
    tags: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    acts: tuple[tuple[str, str], ...] = ()  # (text, address of a dialog)


@dataclass(frozen=True)
class Kind:
    """Where entries come from; those of the group "system" can be hidden."""

    key: str
    group: str
    entries: Entries


@dataclass(frozen=True)
class Page:
    entries: list[Entry] = field(default_factory=list)
    older: str = ""  # where to go on


_kinds: dict[str, Kind] = {}


def sign(key: str, group: str) -> Callable[[Entries], Entries]:
    """Sign a function in under a key of its own and one of the groups, or "system"."""

    def sign_in(entries: Entries) -> Entries:
        _kinds[key] = Kind(key, group, entries)
        return entries

    return sign_in


def groups() -> list[tuple[str, str]]:
    """(key, label) of the groups anything is signed into."""
    used = {kind.group for kind in _kinds.values()}
    return [(key, str(label)) for key, label in GROUPS.items() if key in used]


def page_of(
    customer: Customer, user: Any, now: datetime, group: str = "", system: bool = True, after: str = ""
) -> Page:
    """The newest entries, or those behind a cursor. Each kind is asked once, for no more than a page can show."""
    before, skip = _place(after) if after else (now, 0)
    found = []
    for order, kind in enumerate(_kinds.values()):
        if kind.group == group or (not group and (system or kind.group != "system")):
            with reading_out(user):
                entries = kind.entries(customer, user, before, PAGE + skip + 1)
            found += [((e.at, order, e.pk), e) for e in entries if e.at]  # without a moment he may know it has no place
    ordered = [entry for _key, entry in sorted(found, key=lambda one: one[0], reverse=True)][skip:]
    shown = ordered[:PAGE]
    if len(ordered) <= PAGE:
        return Page(shown)
    last = shown[-1].at
    passed = sum(entry.at == last for entry in shown) + (skip if last == before else 0)
    return Page(shown, f"{last.isoformat()}~{passed}")


def _place(cursor: str) -> tuple[datetime, int]:
    """A moment, and how many entries of that very moment have been shown. Raises ValueError."""
    moment, _sep, passed = cursor.partition("~")
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None or not passed.isdecimal() or len(passed) > 4 or not 1900 < at.year < 9000:
        raise ValueError(cursor)
    return at, int(passed)
