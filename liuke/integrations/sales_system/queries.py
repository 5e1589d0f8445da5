"""The questions put to their database, built from the mapping. Nothing of the mapping reaches it as SQL."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from django.utils.translation import gettext as _

from .mapping import CHANGED, Constant
from .refusing import MappingError

if TYPE_CHECKING:
    from .mapping import Mapping, Section
    from .names import Condition, Name, Table
    from .source import Source

SHOWN = 12  # columns named in a message


class Queries:
    """One mapping against one database whose tables and columns have been looked up."""

    def __init__(self, mapping: Mapping, source: Source) -> None:
        """Raises MappingError naming every table and column that is not there."""
        self.mapping = mapping
        looked = _Lookup(source)
        self.sections = {name: _Built(section, looked) for name, section in mapping.sections.items()}
        if looked.problems:
            raise MappingError(looked.problems)

    def columns(self, name: str) -> list[str]:
        """Ours, in the order in which `select` brings them."""
        return list(self.mapping.sections[name].columns)

    def select(self, name: str, since: dict[str, Any] | None = None, limit: int = 0) -> Any:
        """Rows of a section; those changed `since` its watermark where one is given. Lines come with their orders."""
        built = self.sections[name]
        asked = built.select()
        since = since or {}
        if name in ("orders", "order_lines"):
            asked = self._changed_orders(asked, name, since)
        elif since.get(name) is not None and built.changed is not None:
            asked = asked.where(built.changed_since(since[name]))
        return asked.limit(limit) if limit else asked

    def left_out(self, since: dict[str, Any]) -> Any:
        """Numbers of all orders changed since then, whatever the conditions of the mapping say of them; None without
        conditions. Who is deleted by a mark on the row is among them, and not among those that `select` brings."""
        orders = self.sections.get("orders")
        if orders is None or since.get("orders") is None or orders.changed is None or not orders.where:
            return None
        return orders.ids("external_id", every=True).where(orders.changed_since(since["orders"]))

    def _changed_orders(self, asked: Any, name: str, since: dict[str, Any]) -> Any:
        """Orders changed themselves or in a line; of them all lines."""
        orders, lines = self.sections["orders"], self.sections.get("order_lines")
        if since.get("orders") is None or orders.changed is None:
            return asked
        own = orders.changed_since(since["orders"])
        ids = orders.ids("external_id").where(own)
        also = None
        if lines is not None and lines.changed is not None and since.get("order_lines") is not None:
            also = lines.ids("order").where(
                lines.changed >= sa.literal(since["order_lines"])
            )  # no time: as its order says
        if name == "orders":
            return asked.where(own if also is None else own | orders.column("external_id").in_(also))
        assert lines is not None
        order = lines.column("order")
        return asked.where(order.in_(ids) if also is None else order.in_(ids) | order.in_(also))


class _Lookup:
    """Which tables and columns there are; what is asked for and is not there is noted with its place."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[str] = []
        self.known: dict[tuple[str, str], list[str] | None] = {}

    def columns(self, table: Table, place: str) -> list[str]:
        key = (table.schema, table.name)
        if key not in self.known:
            try:
                rows = self.source.ask(lambda known: known.get_columns(table.name, schema=table.schema or None))
                self.known[key] = [row["name"] for row in rows]
            except (sa.exc.NoSuchTableError, sa.exc.UnreflectableTableError):
                self.known[key] = None
        found = self.known[key]
        if not found:
            self._missing_table(table, place)
            return []
        return found

    def _missing_table(self, table: Table, place: str) -> None:
        where = {"schema": table.schema or None}
        names = self.source.ask(lambda known: [*known.get_table_names(**where), *known.get_view_names(**where)])
        self._wrong(place, _("There is no table “%(name)s”") % {"name": table}, table.name, names)

    def missing_column(self, name: Name, table: Table, columns: list[str], place: str) -> None:
        text = _("The table %(table)s has no column “%(name)s”") % {"table": table, "name": name.column}
        self._wrong(place, text, name.column, columns)

    def missing_source(self, name: str, known: list[str], place: str) -> None:
        text = _("“%(name)s” is neither the table of this section nor joined") % {"name": name}
        self._wrong(place, text, name, known)

    def _wrong(self, place: str, text: str, name: str, known: list[str]) -> None:
        near = get_close_matches(name, known, 3, 0.5)
        shown = near or sorted(known)[:SHOWN]
        there = _("near: %(names)s") if near else _("there are: %(names)s")
        self.note(place, f"{text}; {there % {'names': '、'.join(shown)}}" if shown else text)

    def note(self, place: str, text: str) -> None:
        if (line := f"[{place}] {text}") not in self.problems:
            self.problems.append(line)


class _Built:
    """A section as SQLAlchemy knows it."""

    def __init__(self, section: Section, looked: _Lookup) -> None:
        self.section, self.looked = section, looked
        self.tables: dict[str, tuple[Table, list[str], Any]] = {}
        self._add(section.table, f"{section.name}.table")
        for join in section.joins:
            self._add(join.table, f"{section.name}.joins")
        self.parts = {name: self._part(name, value) for name, value in section.columns.items()}
        self.origin = self._joined()
        self.where = [self._condition(one) for one in section.where]

    @property
    def changed(self) -> Any:
        return self.parts[CHANGED] if self.section.changed else None

    def changed_since(self, mark: Any) -> Any:
        """Rows without a time of change, too: some systems set it from the second saving on."""
        return (self.changed >= sa.literal(mark)) | self.changed.is_(None)

    def column(self, name: str) -> Any:
        return self.parts[name]

    def select(self) -> Any:
        parts = [part.label(f"c{place}") for place, part in enumerate(self.parts.values())]
        return sa.select(*parts).select_from(self.origin).where(*self.where)

    def ids(self, name: str, every: bool = False) -> Any:
        return sa.select(self.parts[name]).select_from(self.origin).where(*(() if every else self.where))

    def _add(self, table: Table, place: str) -> None:
        columns = self.looked.columns(table, place)
        built: Any = sa.table(table.name, *map(sa.column, columns), schema=table.schema or None)
        self.tables[table.called] = (table, columns, built.alias(table.alias) if table.alias else built)

    def _part(self, name: str, value: Name | Constant) -> Any:
        if isinstance(value, Constant):
            return sa.literal(value.value)
        return self._found(value, f"{self.section.name}.columns.{name}")

    def _found(self, name: Name, place: str) -> Any:
        called = name.table or self.section.table.called
        if called not in self.tables:
            self.looked.missing_source(called, list(self.tables), place)
            return sa.null()
        table, columns, built = self.tables[called]
        if (exact := _spelled(name.column, columns)) is not None:
            return built.c[exact]
        if columns:  # else its table has been named as missing already
            self.looked.missing_column(name, table, columns, place)
        return sa.null()

    def _joined(self) -> Any:
        origin = self.tables[self.section.table.called][2]
        for join in self.section.joins:
            place = f"{self.section.name}.joins"
            on = [self._found(left, place) == self._found(right, place) for left, right in join.on]
            origin = origin.join(self.tables[join.table.called][2], sa.and_(*on), isouter=join.outer)
        return origin

    def _condition(self, condition: Condition) -> Any:
        column = self._found(condition.column, f"{self.section.name}.where")
        value = condition.value
        return {
            "null": lambda: column.is_(None), "not null": lambda: column.is_not(None),
            "in": lambda: column.in_(value), "not in": lambda: column.not_in(value),
            "=": lambda: column == value, "!=": lambda: column != value,
            "<": lambda: column < value, "<=": lambda: column <= value,
            ">": lambda: column > value, ">=": lambda: column >= value,
        }[condition.sign]()  # fmt: skip


def _spelled(name: str, columns: list[str]) -> str | None:
    """The column as their database spells it; most do not tell capitals from small letters."""
    if name in columns:
        return name
    same = [one for one in columns if one.casefold() == name.casefold()]
    return same[0] if len(same) == 1 else None
