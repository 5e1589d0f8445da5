"""What the index holds of a text: signs by one, two and three, syllables and initials by one and two.

Each gram starts with a sign of its own for the kind of record and the kind of gram, so that one index serves all.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from liuke.core.search.spelling import clean, is_read, ways_to_read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liuke.core.search.spelling import Spelled

LITERAL, SYLLABLE, INITIAL = range(3)
FIRST = 0xE000  # signs that no alphabet uses begin here
SYLLABLE_MARK, INITIAL_MARK = "\ue000", "\ue001"  # before each syllable, or initial, of a text's trace
PHONE_SIGNS = str.maketrans("", "", " -()+./转")
PLAIN, LAST_PLAIN = re.compile(r"[\x00-\x7f]{3,}"), "\x7f"
LONGEST_HEARD = 60
LEAST_DIGITS = 5  # of what is taken for a number written with gaps


class Entry(NamedTuple):
    """What stands in the index of one record: `grams` find it, `trace` proves it, line by line."""

    grams: str
    trace: str


def entry(kind: int, texts: Iterable[str]) -> Entry:
    cuts = [_cut(text) if len(text) <= LONGEST_HEARD else _cut.__wrapped__(text) for text in dict.fromkeys(texts)]
    grams = "".join([one.grams for one in cuts])
    for sort in (LITERAL, SYLLABLE, INITIAL):
        grams = grams.replace(sign(0, sort), sign(kind, sort))
    return Entry(f"{grams} ", "".join([one.trace for one in cuts]) + "\n")


@lru_cache(maxsize=10_000)
def _cut(text: str) -> Entry:
    """The part of an entry that one text makes, as of kind 0; a customer's name stands in many entries."""
    text = clean(text)
    runs = [*text.split(), *digits_of(text)]
    grams = [gram for run in runs for gram in literal(0, run)]
    traces = dict.fromkeys([" ".join(text.split()), *runs]) if runs else {}
    for spelled, around in _heard(text):
        grams += heard(0, spelled[around])
        said = [said for _char, said in spelled]
        traces |= {syllable_trace(said): None, initial_trace([one[0] for one in said]): None}
    return Entry("".join([f" {gram}" for gram in dict.fromkeys(grams)]), "".join([f"\n{line}" for line in traces]))


def sign(kind: int, sort: int) -> str:
    return chr(FIRST + 4 * kind + sort)


def digits_of(text: str) -> list[str]:
    """A number without the gaps it is written with."""
    bare = text.translate(PHONE_SIGNS)
    return [bare] if bare != text and bare.isdigit() and len(bare) >= LEAST_DIGITS else []


def literal(kind: int, run: str) -> list[str]:
    mark = sign(kind, LITERAL)
    grams = [mark + one for one in run] + [mark + one + two for one, two in pairwise(run)]
    for plain in [run] if run.isascii() else PLAIN.findall(run):
        grams += [mark + one + two + three for one, two, three in zip(plain, plain[1:], plain[2:], strict=False)]
    return grams


def heard(kind: int, spelled: Spelled) -> list[str]:
    syllable, initial = sign(kind, SYLLABLE), sign(kind, INITIAL)
    said = [said for _char, said in spelled]
    grams = [syllable + one for one in said] + [initial + one[0] for one in said]
    grams += [initial + one[0] + other[0] for one, other in pairwise(said)]
    return grams + [
        syllable + one + other
        for (first, one), (second, other) in pairwise(spelled)
        if first > LAST_PLAIN and second > LAST_PLAIN
    ]


def syllable_trace(syllables: Iterable[str]) -> str:
    """In capitals, which no cleaned text has."""
    return "".join(SYLLABLE_MARK + one.upper() for one in syllables)


def initial_trace(letters: Iterable[str]) -> str:
    return "".join(INITIAL_MARK + one.upper() for one in letters)


def _heard(text: str) -> list[tuple[Spelled, slice]]:
    """How a text is read aloud: without gaps and signs, and only where there is Chinese in it, and it is no essay. With
    the part of it that says what the readings before do not."""
    if len(text) > LONGEST_HEARD or text.isascii() or not any(map(is_read, text)):
        return []
    return ways_to_read("".join(filter(str.isalnum, text)))
