"""Walks through the pages a person can reach, and tells which of them are built alike."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

from .clients import Pages

START = (
    "/", "/help/", "/profile/", "/password/", "/notices/", "/no-such-page/",
    *(f"/opportunities/?status={status}" for status in ("unassigned", "assigned", "won", "lost")),
    "/opportunities/?search=%E6%B2%A1%E6%9C%89", "/search/?q=yx", "/search/?q=%E6%B2%A1%E6%9C%89%E7%9A%84",
)  # fmt: skip
NO_PAGE = re.compile(
    r"/static/|/export\.|/template\.|/statistics\.|/import/\d+/errors/|/errands/\d+/file/|/attachments/\d+/|"
    r"/choices/|/stats/|/api/|#"
)
OWN = re.compile(r"/[\w-]+/(N/|new/|N/edit/)?")
PLAIN = {"disabled", "required", "readonly", "hidden", "title", "id", "for", "alt", "aria-label", "aria-labelledby"}
VOID = {"meta", "link", "input", "br", "img", "hr"}
UNSEEN = {"script", "style", "svg", "head", "template"}


class Shape(HTMLParser):
    """What the inner part of a page is made of, without its words: the paths from its root to each element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.paths: set[str] = set()
        self.links: list[str] = []
        self.dialogs: list[str] = []
        self._above: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "a" and (given.get("href") or "").startswith(("/", "?")):
            (self.dialogs if "data-dialog" in given else self.links).append(given["href"])
        marks = [f"{name}={given[name]}" for name in ("class", "type", "role", "aria-current") if given.get(name)]
        marks += sorted(name for name in given if name in PLAIN)
        self._above.append(" ".join([tag, *marks]))
        frame = self._above[0].startswith("html") and not any(one.startswith("main") for one in self._above)
        if not frame:  # the menu around it is looked at on the home page of each role
            self.paths.add(">".join(self._above))
        if tag in VOID:
            self._above.pop()

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self._above and (last := self._above.pop().split()[0]) != tag:
            assert last, tag


class Place(NamedTuple):
    """A page, or a dialog that is opened on a page."""

    page: str
    dialog: str
    kind: str
    shape: frozenset[str]
    status: int
    came_from: str

    def __str__(self) -> str:
        return f"{self.page} → {self.dialog}" if self.dialog else self.page


def kind(address: str, of: str = "") -> str:
    """An address without what it is about; a record is of the kind of the list that led to it."""
    path, _mark, query = address.partition("?")
    tab = re.search(r"tab=\w+", query)
    status = re.search(r"status=\w+", of) if re.fullmatch(r"/[\w-]+/\d+/", path) else None
    return " ".join([re.sub(r"/\d+/", "/N/", path), *(found[0] for found in (tab, status) if found)])


def places(pages: Pages) -> list[Place]:
    """Every page and dialog that links lead to, one of a kind."""
    found: list[Place] = []
    waiting, known = [(address, "") for address in START], {kind(address) for address in START}
    while waiting:
        address, origin = waiting.pop(0)
        answer = pages.get(address)
        shape = Shape(answer.text)
        found.append(Place(address, "", kind(address, origin), frozenset(shape.paths), answer.status, origin))
        found += [_dialog(pages, address, link) for link in _new(shape.dialogs, address, known, "dialog ")]
        waiting += [(link, address) for link in _new(shape.links + shape.dialogs, address, known)]
    return found


def _new(links: list[str], page: str, known: set[str], mark: str = "") -> list[str]:
    """The links to kinds of pages that nobody has looked at."""
    fresh = []
    for link in links:
        target = page.partition("?")[0] + link if link.startswith("?") else link
        if not NO_PAGE.search(target) and (name := mark + kind(target, page)) not in known:
            known.add(name)
            fresh.append(target)
    return fresh


def _dialog(pages: Pages, page: str, link: str) -> Place:
    answer = pages.get(link, part=True)
    return Place(page, link, f"dialog {kind(link, page)}", frozenset(Shape(answer.text).paths), answer.status, page)


class LookedAt:
    """What has been looked at: a page made as another one was, with nothing on it that is new, needs no second look.

    The home page is always looked at, for the frame around it: its menu differs from role to role. `own` looks also at
    list, record and forms of every Resource, which are made alike but differ in their words.
    """

    def __init__(self, own: bool = False) -> None:
        self._own, self._kinds, self._parts = own, set(), set()

    def is_new(self, place: Place) -> bool:
        made = (
            place.kind if self._own and OWN.fullmatch(place.kind) else re.sub(r"/[\w-]+/", "/*/", place.kind, count=1)
        )
        known = made in self._kinds and place.shape <= self._parts
        self._kinds.add(made)
        self._parts |= place.shape
        return not known or place.page == "/"
