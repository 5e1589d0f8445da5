"""Days written as 10/20/2016 or 20.10.2016: which of the two numbers is the month, the column itself tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WRITTEN = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)(.*)", re.DOTALL)
MONTH_FIRST, DAY_FIRST = "month", "day"


def orders(rows: Iterable[tuple[int, Sequence[Any]]], places: Sequence[int]) -> dict[int, str]:
    """For each column of days what stands first in it. One that never says, or says both, is left out: no guessing."""
    beyond: dict[int, set[str]] = {place: set() for place in places}
    for _line, row in rows:
        for place in places:
            if place < len(row) and isinstance(row[place], str) and (found := WRITTEN.match(row[place])):
                if int(found[1]) > 12:
                    beyond[place].add(DAY_FIRST)
                if int(found[2]) > 12:
                    beyond[place].add(MONTH_FIRST)
    return {place: next(iter(said)) for place, said in beyond.items() if len(said) == 1}


def with_year_first(cell: Any, order: str) -> Any:
    """The cell as it is read everywhere else."""
    found = WRITTEN.match(cell) if isinstance(cell, str) else None
    if not found:
        return cell
    first, second, year, rest = found.groups()
    month, day = (first, second) if order == MONTH_FIRST else (second, first)
    return f"{year}-{month}-{day}{rest}"
