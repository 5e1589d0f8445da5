"""What a typed part may mean: the signs themselves, syllables and initials of pinyin, or a mixture of all three."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, pairwise, product
from typing import TYPE_CHECKING, NamedTuple

from liuke.core.search import grams
from liuke.core.search.grams import INITIAL, LITERAL, SYLLABLE, sign
from liuke.core.search.spelling import beginning, clean, is_read, readings_of, syllables

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST, MOST_PARTS = 200, 10
MOST_SPLITS, MOST_MEANINGS = 200, 12
LONGEST_HEARD, LONGEST_SYLLABLE, MOST_DIGITS = 40, 6, 3
LETTERS, NO_INITIALS = re.compile("[a-z]+"), frozenset("iuv")

Groups = tuple[tuple[str, ...], ...]  # all of them, any gram of each


class Meaning(NamedTuple):
    """Grams that find it in the index, and what the trace of a record then contains; without: the grams say it all."""

    groups: Groups
    trace: str


class Unit(NamedTuple):
    """What is typed for one character: itself, its syllable, the beginning of it, or its initial."""

    kind: str  # char, syllable, start, letter
    text: str


@lru_cache(maxsize=2000)
def parts_of(kind: int, asked: str) -> tuple[tuple[Meaning, ...], ...]:
    """For each part of what was typed its meanings; a record must match one of each."""
    return tuple(_meanings(kind, part) for part in clean(asked[:LONGEST]).split()[:MOST_PARTS])


def _meanings(kind: int, part: str) -> tuple[Meaning, ...]:
    found = [_literal(kind, one) for one in (part, *grams.digits_of(part))]
    if _may_be_heard(part):
        found += [_heard(kind, units) for units in _readings(part)]
    return tuple(dict.fromkeys(found))


def _may_be_heard(part: str) -> bool:
    letters, digits = len(re.findall("[a-z]", part)), len(re.findall("[0-9]", part))
    return len(part) <= LONGEST_HEARD and part.isalnum() and letters > 0 and digits <= MOST_DIGITS


def _literal(kind: int, part: str) -> Meaning:
    """By its longest grams."""
    mark = sign(kind, LITERAL)
    if len(part) == 1:
        return Meaning(((mark + part,),), part)
    pairs = [part[n : n + 2] for n in range(len(part) - 1)]
    threes = [part[n : n + 3] for n in range(len(part) - 2)]
    if part.isascii() and threes:
        pairs = []
    return Meaning(tuple((mark + one,) for one in (*pairs, *(one for one in threes if one.isascii()))), part)


# how a part with letters may be read


def _readings(part: str) -> list[tuple[Unit, ...]]:
    """As syllables, or else as a mixture with as few units as can be; and as initials all through."""
    found = list(islice(_split(part), MOST_SPLITS))
    smooth = [one for one in found if all(unit.kind != "letter" for unit in one[:-1])]
    fewest = min(map(len, smooth or found), default=0)
    likely = [one for one in smooth or found if len(one) <= fewest + bool(smooth)]
    initials = [tuple(Unit("letter", one) for one in part)] if part.isascii() and not set(part) & NO_INITIALS else []
    return list(dict.fromkeys([*initials, *sorted(likely, key=len)[:MOST_MEANINGS]]))


def _split(rest: str) -> Iterator[tuple[Unit, ...]]:
    if not rest:
        yield ()
    for unit in _first_units(rest):
        if _can_be_split(rest[len(unit.text) :]):
            for others in _split(rest[len(unit.text) :]):
                yield (unit, *others)


@lru_cache(maxsize=10_000)
def _can_be_split(rest: str) -> bool:
    return not rest or any(_can_be_split(rest[len(unit.text) :]) for unit in _first_units(rest))


def _first_units(rest: str) -> list[Unit]:
    """What may stand first, the longest first."""
    if not rest:
        return []
    letters = LETTERS.match(rest)
    if not letters:
        return [Unit("letter" if rest[0].isascii() else "char", rest[0])]
    word = letters.group()
    found = [Unit("start", rest)] if word == rest and len(rest) > 1 and beginning(rest) else []
    some = (word[:length] for length in range(min(LONGEST_SYLLABLE, len(word)), 1, -1))
    found += [Unit("syllable", one) for one in some if one in syllables() and one != rest]
    return [*found, Unit("letter", rest[0])] if rest[0] not in NO_INITIALS else found


def _heard(kind: int, units: tuple[Unit, ...]) -> Meaning:
    groups = [_together(kind, one, other) for one, other in pairwise(units)]
    groups += [_alone(kind, unit) for place, unit in enumerate(units) if not _is_told(units, place)]
    return Meaning(tuple(dict.fromkeys(groups)), _trace(units))


def _is_told(units: tuple[Unit, ...], place: int) -> bool:
    """Whether a gram of two tells all about a unit; beside one of another sort only its initial is told."""
    beside = [*units[max(place - 1, 0) : place], *units[place + 1 : place + 2]]
    sort = _sort(units[place])
    return any(sort in ("letter", _sort(one)) for one in beside)


def _sort(unit: Unit) -> str:
    return "syllable" if unit.kind == "start" else unit.kind


def _trace(units: tuple[Unit, ...]) -> str:
    """What proves the whole of it; for a mixture there is nothing but its pairs."""
    if all(unit.kind == "letter" for unit in units):
        return grams.initial_trace(unit.text for unit in units)
    if all(unit.kind == "syllable" for unit in units[:-1]) and units[-1].kind != "char":
        return grams.syllable_trace(unit.text for unit in units)
    return ""


def _alone(kind: int, unit: Unit) -> tuple[str, ...]:
    if unit.kind == "letter":
        return (sign(kind, INITIAL) + unit.text,)
    if unit.kind == "char":
        return (sign(kind, LITERAL) + unit.text,)
    return tuple(sign(kind, SYLLABLE) + one for one in _said(unit))


def _together(kind: int, one: Unit, other: Unit) -> tuple[str, ...]:
    """Two units side by side."""
    if one.kind == other.kind == "char":
        return (sign(kind, LITERAL) + one.text + other.text,)
    if _sort(one) == _sort(other) == "syllable":
        return tuple(sign(kind, SYLLABLE) + a + b for a, b in product(_said(one), _said(other)))
    letters = product(sorted(_initials(one)), sorted(_initials(other)))
    return tuple(sign(kind, INITIAL) + a + b for a, b in letters)


def _said(unit: Unit) -> tuple[str, ...]:
    return beginning(unit.text) if unit.kind == "start" else (unit.text,)


def _initials(unit: Unit) -> set[str]:
    if unit.kind == "char" and is_read(unit.text):
        return {one[0] for one in readings_of(unit.text)}
    return {unit.text[0]}
