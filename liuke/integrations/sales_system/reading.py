"""Rows of theirs into values of ours: each checked, each section counted, all of it before anything is written."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.commerce.models.amounts import MOST

from . import into, values
from .mapping import CHANGED, SECTIONS
from .marks import Newest
from .refusing import SalesSystemError
from .values import MUST, Wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .mapping import Section
    from .queries import Queries
    from .source import Source
    from .spool import Spool

SAID = 20  # wrong rows that are named
LONGEST = 100  # characters of a key, as commerce keeps it
KEYS = {"products": ("external_id",), "warehouses": ("external_id",), "stock": ("warehouse", "product", "bin"),
        "orders": ("external_id",)}  # fmt: skip
COUNTED = {"sqlite", "mysql", "mariadb", "postgresql"}  # databases that show one frozen view: there a count must agree


@dataclass
class Read:
    """What one look brought: how many rows of each section, what was wrong, how far the changes go."""

    rows: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    wrong_count: int = 0
    newest: dict[str, Any] = field(default_factory=dict)
    unmarked: list[str] = field(default_factory=list)  # sections whose changes cannot be put in order

    @property
    def total(self) -> int:
        return sum(self.rows.values())

    def note(self, text: str) -> None:
        self.wrong_count += 1
        if len(self.wrong) < SAID:
            self.wrong.append(text)


class Row:
    """How one row of a section is read: `take` gives {our column: value} or raises Wrong that says which and why."""

    def __init__(self, section: Section) -> None:
        self.name = section.name
        self.columns = list(section.columns)
        self.takers = [(name, values.converter(section.name, name, section.words.get(name))) for name in self.columns]
        self.must = MUST[section.name]

    def take(self, row: tuple[Any, ...]) -> dict[str, Any]:
        found = {}
        for (name, taker), value in zip(self.takers, row, strict=True):
            try:
                found[name] = taker(value)
            except ValueError as wrong:
                raise Wrong(_told(self.name, name, value, wrong)) from None
        for name in self.must:
            if found[name] is None or found[name] == "":
                raise Wrong(_("%(section)s: %(column)s is empty in the row %(row)s")
                            % {"section": self.name, "column": name, "row": _short(row)})  # fmt: skip
        if self.name == "order_lines" and into.line_amount(found) > MOST:
            raise Wrong(_("%(section)s: the amount of the row %(row)s is larger than %(most)s")
                        % {"section": self.name, "row": _short(row), "most": f"{MOST:,}"})  # fmt: skip
        return found

    def spoil(self, given: tuple[Any, ...], spool: Spool) -> None:
        """An order of which one line is wrong is wrong as a whole: half of it would be a wrong sum."""
        if self.name == "order_lines":
            place = self.columns.index("order")
            with suppress(ValueError):
                spool.spoil(str(self.takers[place][1](given[place])))


def _told(section: str, column: str, value: Any, wrong: ValueError) -> str:
    reason = _("this is no readable text") if isinstance(wrong, UnicodeDecodeError) else str(wrong)
    words = {"section": section, "column": column, "value": repr(value)[:60], "reason": reason}
    return _("%(section)s: %(column)s = %(value)s: %(reason)s") % words


def _short(row: tuple[Any, ...]) -> str:
    return " | ".join("" if value is None else str(value)[:30] for value in row[:6])


def read(source: Source, queries: Queries, since: dict[str, Any], spool: Spool, told: Callable[[int], None]) -> Read:
    """Read every section into the spool. Raises SalesSystemError when a row is wrong, unless the mapping skips those,
    and when a section brought fewer or more rows than their database counts."""
    found = Read()
    for name in (name for name in SECTIONS if name in queries.sections):
        _section(source, queries, name, since, spool, found, told)
    spool.lines_are_in()
    _leave_out_too_large(spool, found)
    spool.ready()
    if found.wrong_count and not queries.mapping.skip_bad_rows:
        lines = [_("%(count)s rows cannot be taken; nothing was changed.") % {"count": found.wrong_count}, *found.wrong]
        raise SalesSystemError("\n".join(lines), "bad_rows")
    return found


def _leave_out_too_large(spool: Spool, found: Read) -> None:
    """One order that no column holds is wrong by itself, not the reading."""
    for order in spool.above(int(MOST * 100)):
        found.note(_("orders: %(key)s: its lines come to more than %(most)s") % {"key": order, "most": f"{MOST:,}"})
        spool.spoil(order)


def _section(
    source: Source, queries: Queries, name: str, since: dict[str, Any], spool: Spool, found: Read,
    told: Callable[[int], None],
) -> None:  # fmt: skip
    row, asked, seen = Row(queries.mapping.sections[name]), queries.select(name, since), 0
    changed = row.columns.index(CHANGED) if queries.mapping.sections[name].changed else None
    newest = Newest()
    for given in source.rows(asked):
        seen += 1
        _keep(row, given, spool, found)
        if changed is not None:
            newest.see(given[changed])
        if seen % 1000 == 0:
            told(found.total + seen)
    if source.connection.dialect.name in COUNTED and seen != source.count(asked):
        raise SalesSystemError(_("The sales system broke off in %(section)s: not all rows came") % {"section": name})
    found.rows[name] = seen
    if not newest.usable:
        found.unmarked.append(name)
    elif newest.value is not None:
        found.newest[name] = newest.value


def _keep(row: Row, given: tuple[Any, ...], spool: Spool, found: Read) -> None:
    try:
        taken = row.take(given)
    except Wrong as wrong:
        found.note(str(wrong))
        row.spoil(given, spool)
        return
    taken.pop(CHANGED, None)
    if row.name == "order_lines":
        spool.add_line(taken.pop("order"), int(into.line_amount(taken) * 100), packed(taken))
        return
    key = "|".join(str(taken.get(name, "")) for name in KEYS[row.name])
    owner = taken.get("customer_number") or taken.get("customer_name") or ""
    short = key if len(key) <= LONGEST else sha256(key.encode()).hexdigest()
    if spool.add(row.name, short, packed(taken), owner) == "other":
        found.note(_("%(section)s: %(key)s comes twice, with different values") % {"section": row.name, "key": key})
        spool.spoil(key)


def packed(taken: dict[str, Any]) -> Any:
    return {name: str(value) if isinstance(value, (Decimal, date)) else value for name, value in taken.items()}


def first_rows(source: Source, queries: Queries, name: str, limit: int) -> Iterator[tuple[dict[str, Any] | None, str]]:
    """(the row as it would be taken, "") or (None, why it would not), for the eyes of a person."""
    row = Row(queries.mapping.sections[name])
    for given in source.rows(queries.select(name, limit=limit)):
        try:
            yield row.take(given), ""
        except Wrong as wrong:
            yield None, str(wrong)


__all__ = ["Read", "Row", "first_rows", "packed", "read"]
