"""Names and conditions as the mapping writes them: a little SQL that is read word by word and never passed on.

customer.code · "Order Details".qty · [订单 明细].数量 · left join customer as c on c.id = so.customer_id
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

PART = r'(?:"[^"]+"|\[[^\]]+\]|`[^`]+`|[^\s.,=<>!()\'"`\[\]]+)'
DOTTED = rf"{PART}(?:\.{PART}){{0,2}}"
JOIN = re.compile(
    rf"\s*(?:(?P<kind>left|inner)\s+)?(?:outer\s+)?join\s+(?P<table>{DOTTED})(?:\s+(?:as\s+)?(?P<alias>(?!on\b){PART}))?"
    rf"\s+on\s+(?P<on>.+)",
    re.IGNORECASE,
)
EQUAL = re.compile(rf"\s*({DOTTED})\s*=\s*({DOTTED})\s*")
TABLE = re.compile(rf"\s*(?P<table>{DOTTED})(?:\s+(?:as\s+)?(?P<alias>{PART}))?\s*", re.IGNORECASE)
LITERAL = r"(?:'[^']*'|-?\d+(?:\.\d+)?)"
WHERE = re.compile(
    rf"\s*(?P<column>{DOTTED})\s*(?:(?P<null>is\s+(?:not\s+)?null)|(?P<sign><>|!=|<=|>=|=|<|>)\s*(?P<value>{LITERAL})"
    rf"|(?P<in>(?:not\s+)?in)\s*\((?P<values>\s*{LITERAL}(?:\s*,\s*{LITERAL})*)\s*\))\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Name:
    """A column of theirs. `table` is "" where the mapping leaves it out: then it is the section's own."""

    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}" if self.table else self.column


@dataclass(frozen=True)
class Table:
    name: str
    schema: str = ""
    alias: str = ""

    @property
    def called(self) -> str:
        return self.alias or self.name

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True)
class Join:
    table: Table
    on: tuple[tuple[Name, Name], ...]
    outer: bool


@dataclass(frozen=True)
class Condition:
    """`sign` is = != < <= > >= in, not in, null, not null."""

    column: Name
    sign: str
    value: Any = None


def read_name(text: str) -> Name:
    """Raises ValueError in words."""
    if not re.fullmatch(rf"\s*{DOTTED}\s*", text):
        raise ValueError(_("“%(text)s” is no column name") % {"text": text})
    *table, column = _parts(text)
    return Name(table[-1] if table else "", column)


def read_table(text: str) -> Table:
    found = TABLE.fullmatch(text)
    if not found:
        raise ValueError(_("“%(text)s” is no table name") % {"text": text})
    return _table(found)


def read_join(text: str) -> Join:
    found = JOIN.fullmatch(text)
    pairs = (
        [EQUAL.fullmatch(part) for part in re.split(r"\s+and\s+", found["on"], flags=re.IGNORECASE)] if found else []
    )
    if not found or not all(pairs):
        raise ValueError(
            _("“%(text)s” is no join; write it like: left join customer as c on c.id = so.customer_id") % {"text": text}
        )
    on = tuple((read_name(pair[1]), read_name(pair[2])) for pair in pairs if pair)
    return Join(_table(found), on, (found["kind"] or "").lower() == "left")


def read_condition(text: str) -> Condition:
    found = WHERE.fullmatch(text)
    if not found:
        raise ValueError(
            _("“%(text)s” is no condition; write it like: so.deleted = 0 or so.kind in ('A', 'B')") % {"text": text}
        )
    column = read_name(found["column"])
    if found["null"]:
        return Condition(column, "not null" if "not" in found["null"].lower() else "null")
    if found["in"]:
        values = [_literal(one) for one in re.findall(LITERAL, found["values"])]
        return Condition(column, "not in" if "not" in found["in"].lower() else "in", values)
    return Condition(column, {"<>": "!="}.get(found["sign"], found["sign"]), _literal(found["value"]))


def _table(found: re.Match[str]) -> Table:
    *schema, name = _parts(found["table"])
    return Table(name, ".".join(schema), _parts(found["alias"])[0] if found["alias"] else "")


def _parts(text: str) -> list[str]:
    return [part[1:-1] if part[0] in '"[`' else part for part in re.findall(PART, text)]


def _literal(text: str) -> Any:
    if text.startswith("'"):
        return text[1:-1]
    return float(text) if "." in text else int(text)
