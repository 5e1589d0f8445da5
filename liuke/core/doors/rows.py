"""The rows of a list, printed: the largest part of every page.

What is the same in each row is worked out once for a shape of table; a row is printed once for its values, for the
newest rows of a list are looked at again and again. Nothing but the shape and the values may show in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from liuke.core import clock
from liuke.core.jinja import icon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from liuke.core.pages import Column
    from liuke.core.resource import Resource, Verb

Row = dict[str, Any]
SHOWN_ON_CARDS = 3  # fields beside name and badge; a phone hides the others
SHAPES, ROWS = 200, 500  # tables and, for each, rows whose print is kept: some 500 KB a table that is in use


@dataclass(frozen=True)
class Button:
    """A row's button for one act: shown where the row carries its mark and the act is possible now."""

    mark: str
    starts: set[str]  # the states it is possible in; empty: all
    tail: str  # the tag behind the row's address

    def html(self, row: Row) -> str:
        possible = row.get(self.mark) and (not self.starts or row.get("status") in self.starts)
        return f'<a href="{row["url"]}{self.tail}' if possible else ""


def printed(
    resource: Resource, columns: list[Column], acts: dict[str, str], rows: Iterable[Row], pick: bool = False
) -> Markup:
    """The lines of the table: with fifty rows a loop in a template costs more than all the rest of a page.

    With `pick` each starts with a box to be ticked.
    """
    some = list(rows)
    if not some:
        return Markup("")
    seen = tuple((one.name, one.label, one.kind, one.lead, one.badge, one.align) for one in columns)
    acted = tuple(acts.items())
    shape = Shape(resource, get_language(), clock.today(), seen, acted, tuple(some[0]), pick)
    line = _printer(shape, columns)
    return Markup("".join([line(*row.values()) for row in some]))


class Shape(NamedTuple):
    """All that the print of a row depends on beside its values."""

    resource: Resource
    language: str | None
    day: date  # of days left
    columns: tuple[tuple[Any, ...], ...]
    acts: tuple[tuple[str, str], ...]
    names: tuple[str, ...]  # of the values, in their order
    pick: bool  # with a box in front


_printers: dict[Shape, Callable[..., str]] = {}


def _printer(shape: Shape, columns: list[Column]) -> Callable[..., str]:
    """Prints a row of values. Columns of one shape print alike, so those that came first serve all the others."""
    if shape not in _printers:
        if len(_printers) >= SHAPES or any(known.day != shape.day for known in _printers):
            _printers.clear()
        _printers[shape] = _new_printer(shape, columns)
    return _printers[shape]


def _new_printer(shape: Shape, columns: list[Column]) -> Callable[..., str]:
    cells, buttons = list(_cells(columns)), list(_buttons(shape.resource, dict(shape.acts)))
    if shape.pick:
        cells.insert(0, ('<td class="ck">', _box(next(column for column in columns if column.lead))))

    @lru_cache(maxsize=ROWS)
    def line(*values: Any) -> str:
        return _printed(dict(zip(shape.names, values, strict=True)), shape.resource.name, cells, buttons)

    return line


def _printed(row: Row, name: str, cells: list[tuple[str, Callable[[Row], Markup]]], buttons: list[Button]) -> str:
    row["url"] = f"/{name}/{row['id']}/"
    shown = () if row.get("deleted_at") else buttons
    parts = [part for opening, html in cells for part in (opening, html(row), "</td>")]
    acts = [button.html(row) for button in shown]
    return "".join([f'<tr id="row-{row["id"]}" data-row>', *parts, '<td class="act">', *acts, "</td></tr>\n"])


def _cells(columns: list[Column]) -> Iterable[tuple[str, Callable[[Row], Markup]]]:
    """For each column the opening tag of its cells, and what prints the value (as Markup, always)."""
    place = 0
    for column in columns:
        place += not column.lead and not column.badge
        extra = "badge" if column.badge else "more" if place > SHOWN_ON_CARDS else ""
        classes = "lead" if column.lead else f"{'num ' if column.align == 'end' else ''}{extra}".strip()
        label = "" if column.lead else f' data-label="{escape(column.label)}"'
        yield f'<td class="{classes}"{label}>', column.html


def _box(lead: Column) -> Callable[[Row], Markup]:
    """The box that chooses a row. It belongs to the form of the batch bar, also where no script runs."""
    label, box = escape(_("Choose")), '<input type="checkbox" class="form-check-input" form="batch" name="ids"'
    return lambda row: Markup(f'{box} value="{row["id"]}" aria-label="{label} {escape(lead.text(row))}">')


def _buttons(resource: Resource, acts: dict[str, str]) -> Iterable[Button]:
    for verb in resource.verbs:
        if verb.listed and verb.name in acts:
            yield Button(acts[verb.name], _starts(resource, verb.name), _verb_tail(verb))
    if "update" in acts:
        edit = f'edit/" data-key="edit">{escape(_("Edit"))}</a>'
        yield Button(acts["update"], _starts(resource, "update"), edit)
    look = escape(_("Quick view"))
    said = f'title="{look}" aria-label="{look}"'
    yield Button("id", set(), f'?quick=1" data-key="quick" data-quick {said}>{icon("eye")}</a>')


def _verb_tail(verb: Verb) -> str:
    return f'{verb.name}/" data-key="{verb.name}" data-dialog>{escape(str(verb.label))}</a>'


def _starts(resource: Resource, name: str) -> set[str]:
    return {status for status, verb in resource.model.MOVES if verb == name}
