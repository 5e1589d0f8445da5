"""Which entries of the index match what was typed: by its grams, and by traces where grams alone may mislead."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, OuterRef, Q

from liuke.core.models.search_entry import SearchEntry, SearchWords
from liuke.core.search.index import start_of
from liuke.core.search.lookups import Wanted
from liuke.core.search.parts import parts_of
from liuke.core.subqueries import InTurn

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.core.search.grams import Entry
    from liuke.core.search.parts import Meaning


def ids(kind: int, asked: str, *more: Any) -> QuerySet:
    """The ids of the records that match, by the full-text index, and meet some more conditions on their entries."""
    first, *others = [
        one.annotate(record=F("pk") - start_of(kind)).values_list("record") for one in _matching(kind, asked, more)
    ]
    return first.union(*others, all=True) if others else first


def _matching(kind: int, asked: str, more: Any) -> list[QuerySet]:
    """The entries that match, each once; where grams alone may mislead, their traces prove it: last of all, for to read
    one takes longer than whatever else is asked."""
    parts = parts_of(kind, asked)
    plain = tuple(tuple(filter(is_plain, part)) for part in parts)
    if connection.vendor != "sqlite":
        proof = Q() if plain == parts else exactly(kind, asked)
        return [SearchEntry.objects.filter(proof, grams__finds=Wanted(parts)).filter(*more)]
    found = SearchWords.objects.filter(*more)
    sure = found.filter(grams__finds=Wanted(plain))
    if plain == parts:
        return [sure]
    proven = InTurn(SearchEntry.objects.filter(exactly(kind, asked), pk=OuterRef("pk")))  # reads a row for each
    if not all(plain):
        return [found.filter(proven, grams__finds=Wanted(parts))]
    return [sure, found.filter(proven, grams__finds=Wanted(parts, but=plain))]


def is_plain(meaning: Meaning) -> bool:
    return len(meaning.groups) == 1


@lru_cache(maxsize=1000)
def exactly(kind: int, asked: str) -> Q:
    """The same, by a look into an entry."""
    found = Q()
    for part in parts_of(kind, asked):
        ways = Q()
        for meaning in part:
            ways |= _proof(meaning)
        found &= ways
    return found


def matches(kind: int, asked: str, entry: Entry) -> bool:
    """The same of an entry that stands in no index."""
    return all(any(_is_in(entry, meaning) for meaning in part) for part in parts_of(kind, asked))


def _is_in(entry: Entry, meaning: Meaning) -> bool:
    if meaning.trace:
        return meaning.trace in entry.trace
    return all(any(f" {gram} " in entry.grams for gram in group) for group in meaning.groups)


def _proof(meaning: Meaning) -> Q:
    if meaning.trace:
        return Q(trace__holds=meaning.trace)
    found = Q()
    for group in meaning.groups:
        some = Q()
        for gram in group:
            some |= Q(grams__holds=f" {gram} ")
        found &= some
    return found
