"""The rows of a list, printed: the largest part of every page. What is the same in each row is worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from liuke.core.pages import Column
    from liuke.core.resource import Resource, Verb

Row = dict[str, Any]
SHOWN_ON_CARDS = 3  # fields beside name and badge; a phone hides the others


@dataclass(frozen=True)
class Button:
    """A row's button for one act: shown where the row carries its mark and the act is possible now."""

    mark: str
    starts: set[str]  # the states it is possible in; empty: all
    tail: str  # the tag behind the row's address

    def html(self, row: Row) -> str:
        possible = row.get(self.mark) and (not self.starts or row.get("status") in self.starts)
        return f'<a href="{row["url"]}{self.tail}' if possible else ""


def printed(resource: Resource, columns: list[Column], acts: dict[str, str], rows: Iterable[Row]) -> Markup:
    """The lines of the table: with fifty rows a loop in a template costs more than all the rest of a page."""
    cells, buttons = list(_cells(columns)), list(_buttons(resource, acts))
    return Markup("".join([_printed(row, f"/{resource.name}/{row['id']}/", cells, buttons) for row in rows]))


def _printed(row: Row, url: str, cells: list[tuple[str, Callable[[Row], Markup]]], buttons: list[Button]) -> str:
    row["url"] = url
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


def _buttons(resource: Resource, acts: dict[str, str]) -> Iterable[Button]:
    for verb in resource.verbs:
        if verb.listed and verb.name in acts:
            yield Button(acts[verb.name], _starts(resource, verb.name), _verb_tail(verb))
    if "update" in acts:
        edit = f'edit/" data-key="edit">{escape(_("Edit"))}</a>'
        yield Button(acts["update"], _starts(resource, "update"), edit)


def _verb_tail(verb: Verb) -> str:
    return f'{verb.name}/" data-key="{verb.name}" data-dialog>{escape(str(verb.label))}</a>'


def _starts(resource: Resource, name: str) -> set[str]:
    return {status for status, verb in resource.model.MOVES if verb == name}
