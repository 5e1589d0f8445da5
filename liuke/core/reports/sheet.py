"""What a report answers: columns, lines of cells, a total, and what the chart draws of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from liuke.core import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from liuke.core.pages import Pager

NUMBERS = ("number", "money", "share")


def _share(value: Any) -> str:
    return formats.NOTHING if value is None else f"{value}%"


WORDS: dict[str, Callable[[Any], str]] = {
    "number": formats.number,
    "money": formats.money,
    "share": _share,
    "date": formats.day,
    "datetime": formats.moment,
}


@dataclass(frozen=True)
class Column:
    """One column; its `kind` is text, long, number, money, share (in %, one digit), date or datetime."""

    name: str
    label: Any
    kind: str = "number"

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS

    def text(self, value: Any) -> str:
        """A value of this column as people read it."""
        if value is None or value == "":
            return formats.NOTHING
        return WORDS.get(self.kind, str)(value)


@dataclass(frozen=True)
class Cell:
    """A value, and the list that proves it."""

    value: Any
    url: str = ""
    words: str = ""  # that the page shows in place of the value
    dialog: bool = False  # whether the address opens as one


@dataclass(frozen=True)
class Line:
    """The cells of one line; `more` is what the API tells beside them, such as ids."""

    cells: tuple[Cell, ...]
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> list[Any]:
        return [cell.value for cell in self.cells]


@dataclass(frozen=True)
class Sheet:
    """The answer to one question. `total` may be missing; `note` says what the figures leave out."""

    columns: tuple[Column, ...]
    lines: list[Line]
    total: Line | None = None
    chart: dict[str, Any] | None = None
    note: str = ""
    pager: Pager | None = None
    count: int | None = None  # of all lines, where the sheet holds one page of them

    @property
    def rows(self) -> list[list[tuple[Column, Cell, str]]]:
        """For templates: column, cell and the words for it."""
        return [self.row(line) for line in self.lines]

    @property
    def is_wide(self) -> bool:
        """Whether the table needs all the width, with its chart above it."""
        return not self.chart or len(self.columns) > 6 or any(column.kind == "long" for column in self.columns)

    @property
    def frozen(self) -> dict[str, Any]:
        """The sheet as it is kept: without links, whose lists go on changing."""
        chart = {**self.chart, "urls": []} if self.chart else None
        return {
            "columns": [[column.name, str(column.label), column.kind] for column in self.columns],
            "lines": [self._kept(one) for one in self.lines],
            "total": self._kept(self.total) if self.total else None,
            "chart": chart,
            "note": str(self.note),
        }

    def _kept(self, one: Line) -> list[Any]:
        return [for_json(column, value) for column, value in zip(self.columns, one.values, strict=True)]

    @classmethod
    def thawed(cls, kept: dict[str, Any]) -> Sheet:
        columns = tuple(Column(*one) for one in kept["columns"])
        lines = [_thawed(columns, values) for values in kept["lines"]]
        total = _thawed(columns, kept["total"]) if kept["total"] else None
        return cls(columns, lines, total, kept["chart"], kept["note"])

    def row(self, line: Line) -> list[tuple[Column, Cell, str]]:
        return [
            (column, cell, cell.words or column.text(cell.value))
            for column, cell in zip(self.columns, line.cells, strict=True)
        ]


def _thawed(columns: Sequence[Column], values: Sequence[Any]) -> Line:
    read: dict[str, Callable[[Any], Any]] = {
        "money": Decimal, "share": Decimal, "date": date.fromisoformat, "datetime": datetime.fromisoformat,
    }  # fmt: skip
    pairs = zip(columns, values, strict=True)
    return line(*(value if value is None else read.get(column.kind, _as_it_is)(value) for column, value in pairs))


def _as_it_is(value: Any) -> Any:
    return value


def line(*values: Any, more: dict[str, Any] | None = None) -> Line:
    """A line of bare values and cells."""
    cells = tuple(one if isinstance(one, Cell) else Cell(one) for one in values)
    return Line(cells, more or {})


def share(part: Any, whole: Any) -> Decimal | None:
    """Per cent with one digit; None where there is no whole."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def for_file(columns: Iterable[Column], values: Iterable[Any]) -> list[Any]:
    """Numbers stay numbers, so that a spreadsheet can count with them; the rest is written as people read it."""
    return [
        "" if value is None else column.text(value) if column.kind in ("date", "datetime", "share") else value
        for column, value in zip(columns, values, strict=True)
    ]


def for_json(column: Column, value: Any) -> Any:
    """Money and shares as text, as records tell them."""
    if column.kind == "money" and value is not None:
        return str(Decimal(str(value)).quantize(Decimal("0.01")))
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
