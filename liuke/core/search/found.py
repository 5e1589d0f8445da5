"""What was typed into a search box as a condition on records, equal for equal questions as `statements` wants it."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet

from liuke.core import extras, statements
from liuke.core.access import NOBODY
from liuke.core.conditions import one_of, readable
from liuke.core.models.search_entry import SearchEntry, SearchWords
from liuke.core.search.grams import entry
from liuke.core.search.index import kind_of, start_of, texts_of
from liuke.core.search.lookups import Wanted
from liuke.core.search.matching import exactly, ids, is_plain, matches
from liuke.core.search.parts import LONGEST, MOST_PARTS, parts_of
from liuke.core.search.spelling import clean
from liuke.core.subqueries import Among, Chosen, InTurn, narrow_index

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from django.db.models import Model

    from liuke.core.resource import Resource

MINUTES = 10
SOME = 500  # fewer matches are gathered without asking how many records there are to look through
RARE = 5_000  # so many matches are quicker gathered than looked for row by row
NEAR = 1_000  # of a common word so many of the newest are tried before all others
MANY = 10_000  # of more than these it is weighed which way is shorter
HEARD = 500  # matches of somebody who does not see all searched texts
FEW_SEEN = 1_000  # so many records are looked through
ENOUGH = 10_000  # nobody counts further
WORD = 50  # signs of a word
# In microseconds: a match found, from it to its record, and from a record into its entry. PostgreSQL gathers all first.
COSTS = {"sqlite": (0.0, 2.0, 8.0), "postgresql": (0.08, 2.0, 5.0)}
NARROW = 0.6  # the second of these on SQLite, where an index by id holds what scopes ask for


class Seen(NamedTuple):
    """How many records somebody may see, counted to `most` and one more. For equal scopes it is told alike."""

    scope: Hashable
    count: Callable[[int], int]


EVERYTHING = Seen(None, lambda most: most + 1)


def searched(resource: Resource, asked: str, seen: Seen = EVERYTHING) -> Q:
    """The records in which every part of the text is found; all of them when nothing was typed.

    For somebody who sees few records at all, these are looked through.
    """
    if not asked:
        return Q()
    if not readable(asked):
        return NOBODY
    if resource.sought:
        return _sought(resource, asked)
    if not resource.search:
        return NOBODY
    if hides_texts(resource):
        return _in_sight(resource, asked, seen)
    kind = kind_of(resource.model)
    if not parts_of(kind, asked):
        return Q()
    found = _commonness.get(kind, asked)
    if found > SOME and seen.count(FEW_SEEN) <= FEW_SEEN:
        return Q(Looked(kind, asked))
    if found <= RARE:
        return _gathered(kind, asked)
    return Q(Looked(kind, asked, leads=found <= MANY or leads(resource.model, kind, asked, seen)))


def hides_texts(resource: Resource) -> bool:
    """Whether the index finds records by texts that this person does not see."""
    whole = getattr(resource, "whole", resource)
    return resource.search != whole.search or any(map(extras.is_path, resource.secret))


def _in_sight(resource: Resource, asked: str, seen: Seen) -> Q:
    """Of what the index finds, the records in which he sees what was typed.

    A part of a text is looked for in the columns themselves. How a text sounds only the index knows: of the newest
    records that are left, what he sees of them is put into the shape of an entry, and held against the question.
    """
    found, literal = searched(resource.whole, asked, seen), Q()
    for part in clean(asked[:LONGEST]).split()[:MOST_PARTS]:
        literal &= one_of(resource.search, part)
    rows = resource.model._base_manager.filter(found, seen.scope or Q()).exclude(literal)
    pks = list(rows.order_by("-pk").values_list("pk", flat=True)[:HEARD])
    kind = kind_of(resource.model)
    heard = [pk for pk, texts in texts_of(resource, pks).items() if matches(kind, asked, entry(kind, texts))]
    return found & (literal | Q(pk__in=tuple(sorted(heard))))


def is_indexed(word: str) -> bool:
    """Whether every text that holds the word is found by it: Chinese in one piece. Numbers are written in many ways."""
    return 2 <= len(word) <= WORD and all("\u4e00" <= sign <= "\u9fff" for sign in word)


def _sought(resource: Resource, asked: str) -> Q:
    """Rows of a table too large for an entry each: found by a whole text of theirs, or by what they belong to."""
    found, whole = NOBODY, asked.strip()
    for path in resource.sought:
        reference, sep, _name = path.partition("__")
        field: Any = resource.model._meta.get_field(reference)
        if not sep:
            found = found | Q(**{f"{path}__in": (whole, whole.upper())})
        elif parts_of(kind := kind_of(field.related_model), asked):
            found = found | _belonging(field.attname, kind, asked)
    return found


def _belonging(reference: str, kind: int, asked: str) -> Q:
    """Those of the records that match: gathered first, unless a word is so common that half a house would be."""
    if _commonness.get(kind, asked) > MANY:
        return Q(LookedUp(reference, kind, asked))
    return Q(Among(F(reference), Gathered(kind, asked)))


class Gathered(Chosen):
    """The ids of all records that match, gathered once."""

    def __init__(self, kind: int, asked: str) -> None:
        super().__init__(ids(kind, asked))
        self.kind, self.asked = kind, asked

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Gathered) and (self.kind, self.asked) == (other.kind, other.asked)

    def __hash__(self) -> int:
        return hash((self.kind, self.asked))


@lru_cache(maxsize=1000)
def _gathered(kind: int, asked: str) -> Q:
    return Q(Among(F("pk"), Gathered(kind, asked)))


class Looked(InTurn):
    """Whether the record in question matches."""

    def __init__(self, kind: int, asked: str, leads: bool = False) -> None:
        entry = SearchEntry.objects.filter(pk=OuterRef("pk") + start_of(kind))
        super().__init__(entry.filter(exactly(kind, asked)))
        self.kind, self.asked, self.leads = kind, asked, leads
        self.told = kind, asked, leads

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Looked) and self.told == other.told

    def __hash__(self) -> int:
        return hash(self.told)

    @property
    def newest(self) -> Q | None:
        """The matches with the highest ids: SQLite reads its index from the end."""
        return _newest(self.kind, self.asked, NEAR) if connection.vendor == "sqlite" else None

    def leading(self, records: QuerySet) -> QuerySet:
        """The ids of those `records` that match, starting from the index."""
        these = records.order_by().filter(pk=OuterRef("pk") - start_of(self.kind))
        return ids(self.kind, self.asked, InTurn(these))


class LookedUp(InTurn):
    """Whether what the record in question belongs to matches."""

    def __init__(self, reference: str, kind: int, asked: str) -> None:
        entry = SearchEntry.objects.filter(pk=OuterRef(reference) + start_of(kind))
        super().__init__(entry.filter(exactly(kind, asked)))
        self.told = reference, kind, asked

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LookedUp) and self.told == other.told

    def __hash__(self) -> int:
        return hash(self.told)


@lru_cache(maxsize=1000)
def _newest(kind: int, asked: str, near: int) -> Q:
    return Q(Among(F("pk"), Newest(kind, asked, near)))


class Newest(Chosen):
    """The ids of the last `near` records that match."""

    def __init__(self, kind: int, asked: str, near: int) -> None:
        parts = parts_of(kind, asked)
        found = SearchWords.objects.filter(grams__finds=Wanted(parts))
        if not all(map(is_plain, chain.from_iterable(parts))):
            found = found.filter(InTurn(SearchEntry.objects.filter(exactly(kind, asked), pk=OuterRef("pk"))))
        super().__init__(found.order_by("-pk").annotate(record=F("pk") - start_of(kind)).values("record")[:near])
        self.told = kind, asked, near

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Newest) and self.told == other.told

    def __hash__(self) -> int:
        return hash(self.told)


class Commonness:
    """How many records match, as far as that matters: advice for the database, which may be minutes old."""

    def __init__(self) -> None:
        self._known: dict[Any, tuple[float, int]] = {}

    def get(self, kind: int, asked: str) -> int:
        return self.kept((kind, asked), lambda: statements.count(_some, kind, asked, MANY + 1))

    def kept(self, key: Any, count: Callable[[], int]) -> int:
        until, found = self._known.get(key, (0.0, 0))
        if until < monotonic():
            found = count()
            if len(self._known) > 1000:
                self._known.clear()
            self._known[key] = monotonic() + MINUTES * 60, found
        return found


_commonness = Commonness()


def leads(model: type[Model], kind: int, asked: str, seen: Seen) -> bool:
    """Whether a common word is counted sooner from the index than by a look into each record that is seen."""
    whole = _commonness.kept(model, lambda: statements.count(_all, model))
    most = max(5 * ENOUGH, whole // 4)
    matches = _commonness.kept((kind, asked, most), lambda: _matches(kind, asked, most))
    rows = _commonness.kept((model, seen.scope, most), lambda: seen.count(most))
    matches, rows = (one if one <= most else whole for one in (matches, rows))
    gather, step, look = COSTS[connection.vendor]
    narrow = connection.vendor == "sqlite" and narrow_index(model)
    return is_shorter(matches, rows, whole, gather, NARROW if narrow else step, look)


def is_shorter(matches: int, rows: int, whole: int, gather: float, step: float, look: float) -> bool:
    """All matches are gathered, and some gone through until ten thousand of them are seen; or a long look is taken at
    each of the rows that are seen until ten thousand of them match."""
    steps = min(matches, ENOUGH * whole / max(1, rows))
    looks = min(rows, ENOUGH * whole / max(1, matches))
    return matches * gather + steps * step <= looks * look


def _matches(kind: int, asked: str, most: int) -> int:
    """How many have the grams, whatever their traces say."""
    if connection.vendor == "sqlite":
        return statements.count(_alike, kind, asked, most + 1)
    return statements.guessed(_with_grams, kind, asked)


def _all(model: type[Model]) -> Any:
    return model._base_manager.values_list("pk")


def _alike(kind: int, asked: str, most: int) -> Any:
    return SearchWords.objects.filter(grams__finds=Wanted(parts_of(kind, asked))).values_list("pk")[:most]


def _with_grams(kind: int, asked: str) -> Any:
    return SearchEntry.objects.filter(grams__finds=Wanted(parts_of(kind, asked))).values_list("pk")


def _some(kind: int, asked: str, most: int) -> Any:
    return ids(kind, asked)[:most]
