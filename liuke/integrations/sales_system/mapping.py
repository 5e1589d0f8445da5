"""The mapping file: what the company's sales system calls the things Liuke reads. TOML, written by a person.

Every mistake is found at once and told with its place, so that the file is right after one or two rounds.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from . import names
from .refusing import MappingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .names import Condition, Join, Name, Table

CHANGED = "changed_at"
# section: (columns it must have, columns it may have)
SECTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "products": (("external_id", "name"), ("model", "batch", "unit", "price", "notes", CHANGED)),
    "warehouses": (("external_id", "name"), ("address", CHANGED)),
    "stock": (("product", "warehouse", "quantity"), ("bin", "notes", CHANGED)),
    "orders": (
        ("external_id", "order_date"),
        ("customer_number", "customer_name", "fulfilment", "status", "delivery_address", "notes", "amount", CHANGED),
    ),
    "order_lines": (("order", "quantity", "unit_price"), ("product", "product_name", "unit", "amount", CHANGED)),
}  # fmt: skip
NEEDS = {"stock": ("products", "warehouses"), "order_lines": ("orders",)}
WORDS: dict[str, tuple[Any, ...]] = {"fulfilment": (1, 2, 3, 4, 5, 6), "status": ("invalid", "valid", "completed")}
MATCHES = ("external_number", "name", "normalised_name")
OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Constant:
    """The same value in every row: `unit = { value = "件" }`."""

    value: Any


@dataclass(frozen=True)
class Section:
    name: str
    table: Table
    columns: dict[str, Name | Constant]
    joins: tuple[Join, ...] = ()
    where: tuple[Condition, ...] = ()
    words: dict[str, dict[str, Any]] = field(default_factory=dict)  # column: {their word: ours}

    @property
    def changed(self) -> Name | None:
        found = self.columns.get(CHANGED)
        return found if isinstance(found, names.Name) else None


@dataclass(frozen=True)
class Mapping:
    sections: dict[str, Section]
    match: tuple[str, ...] = MATCHES
    key: str = ""  # the order column that tells one of their customers from another
    timeout: int = 30  # seconds without an answer
    overlap: int = 90  # minutes read again before the watermark: what was being saved then, an hour that comes twice
    skip_bad_rows: bool = False
    url: str = field(default="", repr=False)


def read(text: str) -> Mapping:
    """Raises MappingError that lists everything that is wrong."""
    try:
        told = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as wrong:
        raise MappingError([_("The mapping is no valid TOML: %(error)s") % {"error": wrong}]) from None
    reader = _Reader()
    found = reader.mapping(told)
    if reader.problems:
        raise MappingError(reader.problems)
    return found


class _Reader:
    def __init__(self) -> None:
        self.problems: list[str] = []

    def mapping(self, told: dict[str, Any]) -> Mapping:
        self._known("", told, ("source", "customers", *SECTIONS))
        source, customers = self._part(told, "source"), self._part(told, "customers")
        self._known("source", source, ("url", "timeout_seconds", "overlap_minutes", "bad_rows"))
        self._known("customers", customers, ("key", "match"))
        sections = {name: self._section(name, self._part(told, name)) for name in SECTIONS if name in told}
        if not sections and not self.problems:
            self._wrong(
                "", _("There is no section; at least one of %(names)s is needed") % {"names": "、".join(SECTIONS)}
            )
        for name, needed in NEEDS.items():
            for other in needed:
                if name in sections and other not in sections:
                    self._wrong(name, _("The section %(name)s is needed, too") % {"name": other})
        match = customers.get("match", list(MATCHES))
        if not isinstance(match, list) or not match or any(one not in MATCHES for one in match):
            self._wrong("customers.match", _("A list of %(words)s is expected") % {"words": "、".join(MATCHES)})
            match = []
        return Mapping(
            sections={name: one for name, one in sections.items() if one},
            match=tuple(match),
            key=self._key(customers, sections.get("orders")),
            timeout=self._whole("source.timeout_seconds", source.get("timeout_seconds", 30), 1, 600),
            overlap=self._whole("source.overlap_minutes", source.get("overlap_minutes", 90), 0, 7 * 24 * 60),
            skip_bad_rows=self._one_of("source.bad_rows", source.get("bad_rows", "stop"), ("stop", "skip")) == "skip",
            url=str(source.get("url", "")),
        )

    def _section(self, name: str, told: dict[str, Any]) -> Section | None:
        worded = [word for word in WORDS if word in (*SECTIONS[name][0], *SECTIONS[name][1])]
        self._known(name, told, ("table", "joins", "where", "columns", *worded))
        table = self._read(f"{name}.table", told.get("table", ""), names.read_table)
        columns = self._columns(name, self._part(told, "columns", name))
        words = {word: self._words(f"{name}.{word}", told[word], WORDS[word]) for word in worded if word in told}
        joins = self._list(f"{name}.joins", told.get("joins", []), names.read_join)
        where = self._list(f"{name}.where", told.get("where", []), names.read_condition)
        return Section(name, table, columns, joins, where, words) if table else None

    def _columns(self, section: str, told: dict[str, Any]) -> dict[str, Name | Constant]:
        needed, possible = SECTIONS[section]
        place = f"{section}.columns"
        self._known(place, told, (*needed, *possible))
        for name in needed:
            if name not in told:
                self._wrong(place, _("“%(name)s” is missing") % {"name": name})
        if section == "orders" and not {"customer_number", "customer_name"} & told.keys():
            self._wrong(place, _("“customer_number” or “customer_name” is needed to know whose order it is"))
        found = {name: self._column(f"{place}.{name}", value) for name, value in told.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _column(self, place: str, told: Any) -> Name | Constant | None:
        if isinstance(told, dict) and set(told) == {"value"}:
            return Constant(told["value"])
        return self._read(place, told, names.read_name)

    def _words(self, place: str, told: Any, ours: tuple[Any, ...]) -> dict[str, Any]:
        if not isinstance(told, dict):
            self._wrong(place, _("A table of their words and ours is expected"))
            return {}
        for word, value in told.items():
            if value not in ours:
                known = "、".join(map(str, ours))
                self._wrong(f"{place}.{word}", _("“%(value)s” is none of %(known)s") % {"value": value, "known": known})
        return dict(told)

    def _key(self, told: dict[str, Any], orders: Section | None) -> str:
        mapped = [name for name in ("customer_number", "customer_name") if orders and name in orders.columns]
        chosen = str(told.get("key", mapped[0] if mapped else ""))
        if orders and mapped and chosen not in mapped:
            self._wrong("customers.key", _("“%(value)s” is none of %(known)s")
                        % {"value": chosen, "known": "、".join(mapped)})  # fmt: skip
        return chosen

    # the small ones

    def _part(self, told: dict[str, Any], name: str, place: str = "") -> dict[str, Any]:
        found = told.get(name, {})
        if isinstance(found, dict):
            return found
        self._wrong(f"{place}.{name}" if place else name, _("A section is expected"))
        return {}

    def _known(self, place: str, told: dict[str, Any], known: tuple[str, ...]) -> None:
        for name in told.keys() - set(known):
            near = get_close_matches(name, known, 1)
            hint = _("“%(name)s” is not known; is “%(near)s” meant?") if near else _("“%(name)s” is not known")
            self._wrong(place, hint % {"name": name, "near": near[0] if near else ""})

    def _list(self, place: str, told: Any, one: Callable[[str], Any]) -> tuple[Any, ...]:
        if not isinstance(told, list):
            self._wrong(place, _("A list is expected"))
            return ()
        found = [self._read(place, text, one) for text in told]
        return tuple(one for one in found if one is not None)

    def _read(self, place: str, told: Any, read: Callable[[str], Any]) -> Any:
        if not isinstance(told, str) or not told.strip():
            self._wrong(place, _("A text is expected"))
            return None
        try:
            return read(told)
        except ValueError as wrong:
            self._wrong(place, str(wrong))
            return None

    def _whole(self, place: str, told: Any, least: int, most: int) -> int:
        if isinstance(told, int) and not isinstance(told, bool) and least <= told <= most:
            return told
        self._wrong(place, _("A whole number from %(least)s to %(most)s is expected") % {"least": least, "most": most})
        return least

    def _one_of(self, place: str, told: Any, known: tuple[str, ...]) -> Any:
        if told not in known:
            self._wrong(place, _("“%(value)s” is none of %(known)s") % {"value": told, "known": "、".join(known)})
        return told

    def _wrong(self, place: str, text: str) -> None:
        self.problems.append(f"[{place}] {text}" if place else text)
