"""What is typed into the box over everything, asked of every kind of record a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Q

from liuke.core.display import shown
from liuke.core.doors.columns import lead_of
from liuke.core.field_rights import seen_by
from liuke.core.listing import Listing, Reader
from liuke.core.menu import place_of
from liuke.core.models.search_entry import SearchEntry
from liuke.core.register import resources
from liuke.core.search.found import hides_texts
from liuke.core.search.grams import digits_of
from liuke.core.search.index import kind_of, start_of
from liuke.core.search.spelling import clean
from liuke.core.subqueries import InTurn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liuke.core.resource import Resource

ABOUT = 3  # columns told beside a name
COUNTED = 100  # hits of a kind; the list that its count leads to counts further


@dataclass(frozen=True)
class Hit:
    key: str
    name: str
    about: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Kind:
    """The first hits among the records of one kind, how many there are, and where all of them stand."""

    name: str
    label: str
    icon: str
    hits: list[Hit]
    count: str = ""
    url: str = ""


def kinds_of(user: Any) -> list[Resource]:
    """What a person may look through: the everyday lists first, what administrators keep behind them."""
    found = [one for one in resources() if (one.search or one.sought) and one.menu and one.may(user, "view")]
    return [seen_by(one, user) for one in sorted(found, key=lambda one: place_of(one.menu))]


def found(user: Any, asked: str, most: int, exact: bool = False) -> Iterator[Kind]:
    """Kind by kind, those without a hit left out."""
    for resource in kinds_of(user):
        listing = Listing(resource, user, {"search": asked}, most=COUNTED)
        if exact:
            listing.conditions["exact"] = exactly(resource, asked)
        if listing.count:
            url = "" if exact else f"/{resource.name}/?{urlencode({'search': asked})}"
            hits = _hits(resource, listing.page(0, most, _reader(resource)))
            yield Kind(resource.name, resource.label_plural, resource.icon, hits, listing.count_text, url)


def suggested(user: Any, asked: str, most: int, each: int = 4) -> list[Kind]:
    """A few of each everyday kind while somebody types: nothing is counted."""
    kinds: list[Kind] = []
    for resource in kinds_of(user):
        left = min(each, most - sum(len(kind.hits) for kind in kinds))
        if resource.menu.group == "admin" or left <= 0:
            break
        rows = Listing(resource, user, {"search": asked}).first(left, _reader(resource))
        if rows:
            kinds.append(Kind(resource.name, resource.label_plural, resource.icon, _hits(resource, rows)))
    return kinds


def exactly(resource: Resource, asked: str) -> Q:
    """The records of which a whole searched text is this: a name, a number, a phone whatever its gaps."""
    if resource.sought:
        return Q.create([(path, asked.strip()) for path in resource.sought if "__" not in path], connector=Q.OR)
    if hides_texts(resource):  # the index holds more than he sees
        return Q.create([(f"{path}__iexact", asked.strip()) for path in resource.search], connector=Q.OR)
    whole = " ".join(clean(asked).split())
    entry = SearchEntry.objects.filter(pk=OuterRef("pk") + start_of(kind_of(resource.model)))
    lines = Q()
    for line in (whole, *digits_of(whole)):
        lines |= Q(trace__holds=f"\n{line}\n")
    return Q(InTurn(entry.filter(lines)))


# a row as a hit


def _paths(resource: Resource) -> list[str]:
    """The column that names the record, and some that tell it from others."""
    lead = lead_of(resource)
    others = [path for path in resource.columns if isinstance(path, str) and path != lead]
    return [lead, *others[:ABOUT]]


def _reader(resource: Resource) -> Reader:
    return Reader(frozenset({"id", *(shown(resource.model, path).fetch for path in _paths(resource))}))


def _hits(resource: Resource, rows: list[dict[str, Any]]) -> list[Hit]:
    lead, *others = [shown(resource.model, path) for path in _paths(resource)]
    return [
        Hit(
            f"{resource.name}-{row['id']}",
            lead.text(row[lead.fetch]),
            tuple(text for known in others if (text := known.text(row[known.fetch])) not in ("", "--")),
            f"/{resource.name}/{row['id']}/",
        )
        for row in rows
    ]
