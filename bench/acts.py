"""What is measured: each act of the table of design, and combinations of scene, filter and order of the list."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from bench.sections import SECTIONS


@dataclass(frozen=True)
class Act:
    name: str
    url: str
    kind: str  # "list" and "detail" have targets; "other" is told only
    skip: int = 0  # rows of the pages before it: the floor has to pass by them too


def listed(person: dict[str, Any]) -> str:
    return f"/{person['section']}/?limit=50"


def floor(person: dict[str, Any]) -> str:
    scope = ",".join(str(pk) for pk in person["scope"])
    return "/bench/floor/?" + urlencode({"list": person["section"], "scope": scope})


def single(person: dict[str, Any]) -> Iterator[Act]:
    """One of each kind of page."""
    name, first = person["section"], listed(person)
    yield Act("list, first page", first, "list")
    yield Act("list, fragment", f"{first}&search=", "list")
    yield Act("list, page 100", f"{first}&page=100", "list", skip=99 * 50)
    yield Act(f"list, by {SECTIONS[name].money}", f"{first}&ordering={SECTIONS[name].money}", "list")
    yield from _searches(person)
    yield Act("detail, first tab", f"/{name}/{person['record']}/", "detail")
    yield Act("strip above the list", f"/{name}/stats/", "other")
    yield Act("home page", "/", "other")
    if name == "customers":
        yield Act("list of contacts", "/contacts/?limit=50", "list")
    if person["creates"]:
        yield Act("form of a new record", f"/{name}/new/", "other")
    yield Act("list of the API, 50", f"/api/v1/{name}?limit=50", "other")


def _searches(person: dict[str, Any]) -> Iterator[Act]:
    for word in person["words"]:
        yield Act(f"list, search {word}", f"{listed(person)}&search={quote(word)}", "list")
    for word in person["words"][:4]:
        yield Act(f"suggestions {word}", f"/search/suggestions/?q={quote(word)}", "other")
        yield Act(f"results {word}", f"/search/?q={quote(word)}", "other")


def combinations(person: dict[str, Any]) -> Iterator[Act]:
    """Each declared scene × filter (none, a common value, a rare one) × order; where they are many, some by chance."""
    every = list(_combinations(person))
    some = SECTIONS[person["section"]].sampled
    yield from random.Random(7).sample(every, some) if some and some < len(every) else every


def _combinations(person: dict[str, Any]) -> Iterator[Act]:
    filters = ["", *(value for values in person["filters"].values() for value in values)]
    for scene in person["scenes"]:
        for chosen in filters:
            for order in person["sorts"]:
                url = f"{listed(person)}&scene={scene}&ordering={order}&{quote(chosen, safe='=&')}"
                yield Act(f"{scene} · {chosen or '–'} · {order or '–'}", url, "list")
