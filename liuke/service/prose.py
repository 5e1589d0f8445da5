"""A text of several lines as it is read: headings, lists and paragraphs, and nothing a writer could do harm with."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADING = re.compile(r"#{1,4}\s+(?P<text>.+)")
POINT = re.compile(r"[-*•·]\s+(?P<text>.+)")
STEP = re.compile(r"\d{1,2}(?:[.)]\s+|[.)](?=[^\d\s])|[、．）]\s*)(?P<text>.+)")
ADDRESS = re.compile(r"https?://[\w\-./?=&%#:~+@]+", re.ASCII)
KINDS = (("heading", HEADING), ("point", POINT), ("step", STEP))


def prose(text: str) -> Markup:
    lines = [_line(line.strip()) for line in text.splitlines()]
    return Markup("\n").join(
        _block(kind, [words for _kind, words in some]) for kind, some in groupby(lines, lambda one: one[0]) if kind
    )


def _line(line: str) -> tuple[str, str]:
    """What a line is part of, and its words; an empty one is part of nothing."""
    for kind, mark in KINDS:
        if found := mark.fullmatch(line):
            return kind, found["text"]
    return ("words" if line else ""), line


def _block(kind: str, lines: list[str]) -> Markup:
    made = [_linked(line) for line in lines]
    if kind == "heading":
        return _each("h2", made)
    if kind in ("point", "step"):
        return Markup("<{0}>{1}</{0}>").format("ul" if kind == "point" else "ol", _each("li", made))
    return Markup("<p>{}</p>").format(Markup("<br>").join(made))


def _each(tag: str, parts: Iterable[Markup]) -> Markup:
    return Markup("").join(Markup("<{0}>{1}</{0}>").format(Markup(tag), one) for one in parts)


def _linked(line: str) -> Markup:
    """Addresses in it become links."""
    found, last = Markup(""), 0
    for one in ADDRESS.finditer(line):
        link = Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(one.group())
        found += escape(line[last : one.start()]) + link
        last = one.end()
    return found + escape(line[last:])
