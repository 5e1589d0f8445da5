"""Which records tell of the same thing as a text: those that share its rare words, wherever they stand in it.

A search finds what holds every part of what was typed; a report of a fault is never worded twice alike. Here a record
is the nearer, the more of the text it shares, and the rarer that is. How rare a pair of signs is tells a sample of the
index, kept for some minutes. The index is asked for the rarest pairs of the text alone; what it finds is looked at sign
by sign in Python, a few hundred records at most. It knows nothing of who may see what: where others' records take all
the places, those one may see are gone through instead.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import accumulate, combinations, groupby
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import Max, Min

from liuke.core.models.search_entry import SearchEntry
from liuke.core.search.grams import LITERAL, sign
from liuke.core.search.index import kind_of, start_of
from liuke.core.search.spelling import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

LONGEST = 600  # signs of a text that are looked at
SAMPLE = 1_000  # entries that tell how common a pair is
MINUTES = 10
STRANGE = 40  # pairs the sample does not know that are looked for: most are nowhere, a model or a name is just there
WORDS = 6  # stretches of two known pairs at most, the rarest; looked for one by one, by twos and by threes
EACH = 150  # entries taken of each
READ = 60_000  # entries the index may walk through for them: PostgreSQL gathers all before it gives out the first
ALONE = 0.4  # what one of a single word costs beside one that has to be in two lists
CANDIDATES = 200
ENOUGH = 50  # of which somebody should see so many
OWN = 20_000  # records that are gone through for somebody who does not
FEW = 300  # somebody who sees no more than these has all of them looked at
LEAST = 0.1  # of the text's weight a record must share
RAREST = 0.005  # what stands in fewer of the records is no rarer for that: most of it is chance
SPREAD = 0.3  # how much it takes away that one of two texts is longer
KEPT = 50_000  # weights that are worked out once
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
    whole = rarity.of_all(text)
    compared = (_compared(rarity, text, whole, row, asked) for row in _near(rows, texts, rarity, asked))
    found = [one for one in compared if one.words and one.share >= LEAST]
    return sorted(found, key=lambda one: (-one.share, -one.row[0]))[:most]


def _near(rows: QuerySet, texts: Sequence[str], rarity: Rarity, asked: str) -> list[tuple[Any, ...]]:
    """All of the rows where they are few, else those the index finds first, or the best of his own."""

    def read(chosen: Sequence[int]) -> list[tuple[Any, ...]]:
        return list(rows.order_by().filter(pk__listed=chosen).values_list("pk", *texts))

    few = list(rows.order_by("-pk").values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return read(few)
    found = read(_candidates(rarity, asked))
    if len(found) >= ENOUGH:
        return found
    own = list(rows.order_by().values_list("pk", flat=True)[: OWN + 1])
    return found if len(own) > min(OWN, rarity.records // 2) else read(_best(own, rarity, asked))


def text_of(text: str) -> Text:
    pieces = PIECE.findall(clean(text[:LONGEST]))
    signs = [one for piece in pieces if not PLAIN.match(piece) for one in piece]
    return Text(frozenset([pair for piece in pieces for pair in pairs_of(piece)]), frozenset(signs))


def pairs_of(piece: str) -> list[str]:
    """Of Chinese each two signs, of letters and digits each three."""
    size = 3 if PLAIN.match(piece) and len(piece) > 2 else 2
    return [piece[n : n + size] for n in range(len(piece) - size + 1)]


# how near


def _compared(rarity: Rarity, text: Text, whole: float, row: tuple[Any, ...], asked: str) -> Alike:
    """How much of both is the same: of the shorter one all the more, for a few words may be the whole of a report."""
    other = text_of("\n".join(str(one or "") for one in row[1:]))
    common = Text(text.pairs & other.pairs, text.signs & other.signs)
    if not common.pairs:
        return Alike(row, 0.0, ())
    short, long = sorted((whole, rarity.of_all(other)))
    share = rarity.of_all(common) / (short * (long / short) ** SPREAD)
    return Alike(row, share, words_of(asked, common.pairs))


def words_of(asked: str, shared: frozenset[str], most: int = 4) -> tuple[str, ...]:
    """The longest stretches of the text that lie in shared pairs: why it is thought to be alike."""
    found: list[str] = []
    for piece in PIECE.findall(clean(asked[:LONGEST])):
        for is_shared, some in groupby(pairs_of(piece), shared.__contains__):
            if is_shared:
                first, *more = some
                found.append(first + "".join([one[-1] for one in more]))
    longest = sorted(dict.fromkeys(found), key=lambda one: -len(one))
    return tuple(one for n, one in enumerate(longest) if not any(one in other for other in longest[:n]))[:most]


# how rare


class Rarity:
    """How common pairs and signs are among the records of one kind, by a sample of them."""

    def __init__(self, kind: int, of: int, counts: dict[str, int], records: int) -> None:
        self.kind, self.of, self.counts, self.records = kind, of, counts, records
        self._weights: dict[str, float] = {}

    def share(self, gram: str) -> float:
        return (self.counts.get(gram, 0) + 0.5) / (self.of + 1)

    def weight(self, gram: str) -> float:
        known = self._weights.get(gram)
        if known is None:
            known = max(0.05, -math.log(max(RAREST, self.share(gram)))) if self.of > 1 else 1.0
            if len(self._weights) < KEPT:
                self._weights[gram] = known
        return known

    def about(self, gram: str) -> float:
        """In how many records it is."""
        return self.share(gram) * self.records

    def of_all(self, text: Text) -> float:
        return sum(map(self.weight, text.pairs)) + SINGLE * sum(map(self.weight, text.signs))


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


def _candidates(rarity: Rarity, asked: str) -> list[int]:
    """Ids of the records with the most, and the rarest, of the pairs.

    Nothing reads the whole list of a common word: of each question a few are taken, and what has two words or three of
    the text is asked for by both.
    """
    questions = _questions(rarity, asked)
    values: list[Any] = []
    for pairs in questions:
        values += [sum(map(rarity.weight, pairs)), _worded(rarity.kind, pairs), EACH]
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, len(questions)), [*values, CANDIDATES])
        return [pk - start_of(rarity.kind) for pk, _weight in cursor.fetchall()]


def _questions(rarity: Rarity, asked: str) -> list[tuple[str, ...]]:
    strange, rarest = _wanted(rarity, asked)
    one_by_one = [(one,) for one in (*strange, *rarest)]
    together = sorted([*combinations(rarest, 2), *combinations(rarest[:4], 3)], key=lambda some: rarity.about(some[0]))
    return [*one_by_one, *_affordable(together, rarity, READ - ALONE * sum(map(rarity.about, rarest)))]


def _wanted(rarity: Rarity, asked: str) -> tuple[list[str], list[str]]:
    """The pairs of the text that are looked for: some that the sample does not know, and the rarest it knows."""
    strange, words = set(), set()
    for piece in PIECE.findall(clean(asked[:LONGEST])):
        pairs = pairs_of(piece)
        strange |= {one for one in pairs if one not in rarity.counts}
        words |= {min(some, key=rarity.share) for some in _stretches(pairs, rarity)}
    return sorted(strange)[:STRANGE], sorted(words, key=lambda one: (rarity.share(one), one))[:WORDS]


def _affordable(questions: list[tuple[str, ...]], rarity: Rarity, left: float) -> list[tuple[str, ...]]:
    """The first of them, as many as read no more; the rarest pair of each, its first, says how much that is."""
    spent = list(accumulate(rarity.about(some[0]) for some in questions))
    return [some for some, so_far in zip(questions, spent, strict=True) if so_far <= left]


def _stretches(pairs: list[str], rarity: Rarity) -> list[list[str]]:
    """Known pairs that follow each other, by twos: the rarer one speaks for both."""
    known = [[*some] for is_known, some in groupby(pairs, rarity.counts.__contains__) if is_known]
    return [some[n : n + 2] for some in known for n in range(0, len(some), 2)]


def _worded(kind: int, pairs: tuple[str, ...]) -> str:
    """Grams as each database's full-text index takes them; no sign in them is one that either reads otherwise."""
    quote, both = ('"', " AND ") if connection.vendor == "sqlite" else ("'", " & ")
    return both.join(f"{quote}{sign(kind, LITERAL)}{one}{quote}" for one in pairs)


@lru_cache(maxsize=50)
def _statement(vendor: str, questions: int) -> str:
    if vendor == "sqlite":
        found = "SELECT rowid AS id FROM core_searchwords WHERE core_searchwords MATCH %s ORDER BY rowid DESC LIMIT %s"
    else:
        words = "array_to_tsvector(string_to_array(btrim(grams), ' '))"
        found = f"SELECT id FROM core_searchentry WHERE {words} @@ %s::tsquery LIMIT %s"  # noqa: S608
    each = " UNION ALL ".join([f"SELECT id, %s AS weight FROM ({found}) one"] * questions)  # noqa: S608
    return f"SELECT id, SUM(weight) AS weight FROM ({each}) every GROUP BY id ORDER BY weight DESC, id DESC LIMIT %s"  # noqa: S608


# what somebody sees


def _best(own: Sequence[int], rarity: Rarity, asked: str) -> list[int]:
    """Those of these records with the most, and the rarest, of the pairs: each has its trace looked through, which
    Python does many times as fast as SQLite."""
    start = start_of(rarity.kind)
    strange, rarest = _wanted(rarity, asked)
    weights = [(pair, rarity.weight(pair)) for pair in (*strange, *rarest)]
    entries = SearchEntry.objects.filter(pk__listed=[start + pk for pk in own]).values_list("pk", "trace")
    weighed = (
        (sum([weight for pair, weight in weights if pair in trace]), pk - start) for pk, trace in entries.iterator()
    )
    return [pk for weight, pk in nlargest(CANDIDATES, weighed) if weight]
