"""Which records tell of the same thing as a text: those that share its rare words, wherever they stand in it.

A search finds what holds every part of what was typed; a report of a fault is never worded twice alike. Here a record
is the nearer, the more of the text it shares, and the rarer that is. How rare a pair of signs is tells a sample of the
index, kept for some minutes. The index is asked for the rarest pairs of the text alone; what it finds is looked at sign
by sign in Python, a few hundred records at most.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import Max, Min

from liuke.core.models.search_entry import SearchEntry
from liuke.core.search.grams import LITERAL, sign
from liuke.core.search.index import kind_of, start_of
from liuke.core.search.spelling import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

LONGEST = 600  # signs of a text that are looked at
SAMPLE = 1_000  # entries that tell how common a pair is
MINUTES = 10
ASKED = 60  # pairs the index is asked for at most, and
KNOWN = 5  # of those that are not rare at least so many, further ones as long as they
ENTRIES = 8_000  # are found in so few records together
EACH = 2_500  # entries taken of one pair
CANDIDATES = 400
FEW = 300  # somebody who sees no more than these has all of them looked at
LEAST = 0.1  # of the text's weight a record must share
RAREST = 0.005  # what stands in fewer of the records is no rarer for that: most of it is chance
SPREAD = 0.3  # how much it takes away that one of two texts is longer
SINGLE = 0.25  # what one sign weighs beside a pair
PIECE = re.compile(r"[a-z0-9][a-z0-9.\-/]*[a-z0-9]|[a-z0-9]|[^\W\d_a-z]+")
PLAIN = re.compile(r"[a-z0-9]")


class Text(NamedTuple):
    """What is compared of a text: its pairs, and its signs one by one."""

    pairs: frozenset[str]
    signs: frozenset[str]


@dataclass(frozen=True)
class Alike:
    """A record that is like the text: its row as it was asked for, how much of the text it shares, and which words."""

    row: tuple[Any, ...]
    share: float
    words: tuple[str, ...]


def alike(rows: QuerySet, texts: Sequence[str], asked: str, most: int) -> list[Alike]:
    """The records among `rows` that are most like a text, the nearest first.

    `rows` is what the person may see; of it `texts` are compared, and come back with the id as `row`.
    """
    text = text_of(asked)
    if not text.pairs:
        return []
    rarity = rarity_of(kind_of(rows.model))
    compared = (_compared(rarity, text, row, asked) for row in _near(rows, texts, rarity, text))
    found = [one for one in compared if one.words and one.share >= LEAST]
    return sorted(found, key=lambda one: (-one.share, -one.row[0]))[:most]


def _near(rows: QuerySet, texts: Sequence[str], rarity: Rarity, text: Text) -> list[tuple[Any, ...]]:
    """All of the rows where they are few, else those the index finds first."""
    told = rows.order_by("-pk").values_list("pk", *texts)
    few = list(told[: FEW + 1])
    if len(few) <= FEW:
        return few
    return list(told.filter(pk__listed=_candidates(rarity, text)))


def text_of(text: str) -> Text:
    pairs, signs = set(), set()
    for piece in PIECE.findall(clean(text[:LONGEST])):
        if PLAIN.match(piece):
            pairs |= {piece[n : n + 3] for n in range(len(piece) - 2)} or ({piece} if len(piece) == 2 else set())
        else:
            pairs |= {one + two for one, two in pairwise(piece)}
            signs |= set(piece)
    return Text(frozenset(pairs), frozenset(signs))


# how near


def _compared(rarity: Rarity, text: Text, row: tuple[Any, ...], asked: str) -> Alike:
    """How much of both is the same: of the shorter one all the more, for a few words may be the whole of a report."""
    other = text_of("\n".join(str(one or "") for one in row[1:]))
    shared = _weight(rarity, text.pairs & other.pairs, text.signs & other.signs)
    short, long = sorted((_weight(rarity, text.pairs, text.signs), _weight(rarity, other.pairs, other.signs)))
    share = shared / (short * (long / short) ** SPREAD) if short else 0.0
    return Alike(row, share, words_of(asked, text.pairs & other.pairs))


def _weight(rarity: Rarity, pairs: Iterable[str], signs: Iterable[str]) -> float:
    return sum(map(rarity.weight, pairs)) + SINGLE * sum(map(rarity.weight, signs))


def words_of(asked: str, shared: frozenset[str], most: int = 4) -> tuple[str, ...]:
    """The longest stretches of the text that lie in shared pairs: why it is thought to be alike."""
    found: list[str] = []
    for piece in PIECE.findall(clean(asked[:LONGEST])):
        size, run = (3, "") if PLAIN.match(piece) and len(piece) > 2 else (2, "")
        for n in range(len(piece) - size + 1):
            gram = piece[n : n + size]
            if gram in shared:
                run = run + gram[-1] if run else gram
            elif run:
                found.append(run)
                run = ""
        found += [run] if run else []
    longest = sorted(dict.fromkeys(found), key=lambda one: -len(one))
    return tuple(one for n, one in enumerate(longest) if not any(one in other for other in longest[:n]))[:most]


# how rare


class Rarity:
    """How common pairs and signs are among the records of one kind, by a sample of them."""

    def __init__(self, kind: int, of: int, counts: dict[str, int], records: int) -> None:
        self.kind, self.of, self.counts, self.records = kind, of, counts, records

    def share(self, gram: str) -> float:
        return (self.counts.get(gram, 0) + 0.5) / (self.of + 1)

    def weight(self, gram: str) -> float:
        return max(0.05, math.log(1 / max(RAREST, self.share(gram)))) if self.of > 1 else 1.0

    def about(self, gram: str) -> float:
        """How many records have it."""
        return self.share(gram) * self.records


_known: dict[int, tuple[float, Rarity]] = {}


def rarity_of(kind: int) -> Rarity:
    until, known = _known.get(kind, (0.0, None))
    if known is None or until < monotonic():
        known = _sampled(kind)
        if known.of >= SAMPLE // 2:  # a small house is quickly read, and changes quickly
            _known[kind] = monotonic() + MINUTES * 60, known
    return known


def _sampled(kind: int) -> Rarity:
    start = start_of(kind)
    entries = SearchEntry.objects.filter(pk__gte=start, pk__lt=start_of(kind + 1))
    ends = entries.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return Rarity(kind, 0, {}, 0)
    span = range(ends["first"], ends["last"] + 1)
    chosen = random.Random(0).sample(span, min(len(span), SAMPLE))  # noqa: S311
    grams = list(entries.filter(pk__listed=chosen).values_list("grams", flat=True))
    counts: Counter[str] = Counter()
    mark = sign(kind, LITERAL)
    for one in grams:
        counts.update([word[1:] for word in one.split() if word.startswith(mark)])
    return Rarity(kind, len(grams), dict(counts), round(len(span) * len(grams) / len(chosen)))


# what the index finds


def _candidates(rarity: Rarity, text: Text) -> list[int]:
    """Ids of the records with the most, and the rarest, of the pairs."""
    pairs = _asked(rarity, text)
    values: list[Any] = []
    for pair in pairs:
        values += [rarity.weight(pair), _worded(rarity.kind, pair), EACH]
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, len(pairs)), [*values, CANDIDATES])
        return [pk - start_of(rarity.kind) for pk, _weight in cursor.fetchall()]


def _asked(rarity: Rarity, text: Text) -> list[str]:
    """The rarest. Those the sample does not know cost next to nothing: most of them are nowhere."""
    pairs = sorted(text.pairs, key=lambda one: (rarity.share(one), one))[:ASKED]
    known, entries = 0, 0.0
    for place, pair in enumerate(pairs):
        known += pair in rarity.counts
        entries += min(EACH, rarity.about(pair)) if pair in rarity.counts else 0
        if known > KNOWN and entries > ENTRIES:
            return pairs[:place]
    return pairs


def _worded(kind: int, pair: str) -> str:
    """A gram as each database's full-text index takes it; there is no sign in it that either would read otherwise."""
    gram = sign(kind, LITERAL) + pair
    return f'"{gram}"' if connection.vendor == "sqlite" else f"'{gram}'"


@lru_cache(maxsize=50)
def _statement(vendor: str, pairs: int) -> str:
    if vendor == "sqlite":
        found = "SELECT rowid AS id FROM core_searchwords WHERE core_searchwords MATCH %s ORDER BY rowid DESC LIMIT %s"
    else:
        words = "array_to_tsvector(string_to_array(btrim(grams), ' '))"
        found = f"SELECT id FROM core_searchentry WHERE {words} @@ %s::tsquery LIMIT %s"  # noqa: S608
    each = " UNION ALL ".join([f"SELECT id, %s AS weight FROM ({found}) one"] * pairs)  # noqa: S608
    return f"SELECT id, SUM(weight) AS weight FROM ({each}) every GROUP BY id ORDER BY weight DESC, id DESC LIMIT %s"  # noqa: S608
