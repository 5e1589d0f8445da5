"""Every role follows every link and sends every form with whatever comes to mind.

Nothing may fail inside, and looking may change nothing.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.served.product import LOGINS
from tests.served.walk import NO_PAGE, START, Shape, kind

from .house import Served, served
from .told import Told

if TYPE_CHECKING:
    from tests.served.clients import Pages
    from tests.served.product import Demo

OF_A_KIND = 2  # pages looked at
# These end the walk itself: signing out, another password, an emptied or replaced house.
ENDS = re.compile(
    r"^/(logout|relogin|password|login|preferences)/|/backups/(clear|.*restore)|/(disable|reset_password)/"
)
TEXTS = (
    "", " ", "华为", "x" * 5000, "'; DROP TABLE customers_customer; --", "<script>alert(1)</script>", "{{7*7}}",
    "%00%0a",
    "0", "-1", "1e308", "99999999999999999999", "NaN", "2026-02-30", "0001-01-01", "2026-11-29", "𠮷👨‍👩‍👧",
    "\u202e\u200b",
    "../../etc/passwd", "50.5", "１２３", "a@b", "=1+1", "北京" * 200,
)  # fmt: skip


class Field(NamedTuple):
    name: str
    kind: str
    value: str
    choices: tuple[str, ...] = ()


class Form(NamedTuple):
    action: str
    method: str
    fields: tuple[Field, ...]


class Forms(HTMLParser):
    """The forms of a page with their fields."""

    def __init__(self, html: str, here: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._here = here
        self._open: tuple[str, str] | None = None
        self._select: tuple[str, list[str]] | None = None
        self._fields: list[Field] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "form":
            self._open = (given.get("action") or self._here, given.get("method", "get").lower())
            self._fields = []
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._select[1].append(given.get("value", ""))
        elif tag in ("input", "textarea", "button") and name and self._open:
            self._fields.append(Field(name, given.get("type", "text"), given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            if self._open and self._select[0]:
                self._fields.append(Field(self._select[0], "select", "", tuple(self._select[1])))
            self._select = None
        elif tag == "form" and self._open:
            self.found.append(Form(*self._open, tuple(self._fields)))
            self._open = None


def prove(demo: Demo, seed: int, quick: bool) -> Told:
    told = Told()
    count: Counter[str] = Counter()
    roles = LOGINS[:2] if quick else (*LOGINS, "kefu", "shichang", "shangwu")
    with served(demo) as product:
        for role in roles:
            pages = product.pages(role)
            forms = _look(product, pages, role, told, count)
            _send(pages, role, forms, random.Random(f"{seed} {role}"), told, count)
        if complaints := product.complaints():
            told.fault(complaints[-600:])
    told.figures = f"{len(roles)} roles, {count['pages']} pages, {count['sent']} forms sent"
    return told


def _look(product: Served, pages: Pages, role: str, told: Told, count: Counter[str]) -> list[Form]:
    """All pages that links lead to, a few of a kind; nothing of the house may have changed."""
    before = product.content()
    found: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    waiting, seen = list(START), Counter(map(kind, START))
    while waiting:
        address = waiting.pop(0)
        answer = pages.get(address)
        count["pages"] += 1
        if answer.status >= 500:
            told.fault(f"{role} GET {address}: {answer.status}")
        shape = Shape(answer.text)
        for form in Forms(answer.text, address).found:
            found.setdefault((kind(form.action), form.method, tuple(one.name for one in form.fields)), form)
        for link in shape.links + shape.dialogs:
            target = address.partition("?")[0] + link if link.startswith("?") else link
            if not NO_PAGE.search(target) and seen[kind(target, address)] < OF_A_KIND:
                seen[kind(target, address)] += 1
                waiting.append(target)
    after = product.content()
    for table in after:
        if after[table] != before.get(table):
            told.fault(f"{role}: looking changed {table}")
    return list(found.values())


def _send(pages: Pages, role: str, forms: list[Form], chance: random.Random, told: Told, count: Counter[str]) -> None:
    for form in forms:
        if ENDS.search(form.action):
            continue
        for _turn in range(3):
            fields = [one for one in form.fields if one.kind == "hidden" or chance.random() < 0.9]
            sent = {one.name: _value(one, chance) for one in fields}
            answer = pages.post(form.action, **sent) if form.method == "post" else _ask(pages, form.action, sent)
            count["sent"] += 1
            if answer.status >= 500:
                told.fault(f"{role} {form.method.upper()} {form.action} {sent}: {answer.status}")


def _ask(pages: Pages, action: str, sent: dict[str, str]) -> Any:
    from urllib.parse import urlencode

    return pages.get(f"{action.partition('?')[0]}?{urlencode(sent)}")


def _value(field: Field, chance: random.Random) -> str:
    if field.kind == "hidden" and (field.name == "csrfmiddlewaretoken" or chance.random() < 0.8):
        return field.value
    if field.kind == "select" and field.choices and chance.random() < 0.7:
        return chance.choice(field.choices)
    if field.kind in ("checkbox", "radio") and chance.random() < 0.7:
        return field.value or "on"
    if field.kind == "date" and chance.random() < 0.5:
        return f"20{chance.randint(20, 40)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    if field.kind == "number" and chance.random() < 0.5:
        return str(chance.randint(-5, 10**6))
    return chance.choice(TEXTS)
