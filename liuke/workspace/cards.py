"""The register of home cards: modules sign theirs in, the home page shows those that concern the person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from liuke.core.field_rights import reading_out

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Figure:
    """A number that is a link to the list that proves it."""

    label: str
    value: str
    url: str
    tone: str = ""
    hint: str = ""
    change: str = ""  # against an earlier time
    change_tone: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a card: what, where it leads, and a word at its end."""

    text: str
    url: str
    note: str = ""
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Card:
    """One card, filled for one person. `chart` is what the chart draws; the same data stands in `table`."""

    key: str
    title: str
    url: str = ""
    figures: list[Figure] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    chart: dict[str, Any] | None = None
    table: list[list[Any]] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    empty: str = ""
    wide: bool = False
    full: bool = False  # as wide as the page
    sub: str = ""  # a few words beside the title
    standing: str = ""  # where its figures come from and since when, if from elsewhere


_makers: list[tuple[int, str, Callable[[Any], Card | None]]] = []


def card(order: int, key: str) -> Callable[[Callable[[Any], Card | None]], Callable[[Any], Card | None]]:
    """Sign a function in: it gets the person and returns a card, or None when it does not concern him."""

    def sign_in(maker: Callable[[Any], Card | None]) -> Callable[[Any], Card | None]:
        _makers.append((order, key, maker))
        return maker

    return sign_in


def cards_for(user: Any) -> list[Card]:
    with reading_out(user):
        made = [maker(user) for _order, _key, maker in sorted(_makers, key=lambda row: row[0])]
    return [card for card in made if card]
