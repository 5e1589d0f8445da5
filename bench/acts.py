"""What is measured: each act of the table of design, and every combination of scene, filter and order of the list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

LIST = "/opportunities/?limit=50"


@dataclass(frozen=True)
class Act:
    name: str
    url: str
    kind: str  # "list" and "detail" have targets; "other" is told only


def floor(person: dict[str, Any]) -> str:
    return "/bench/floor/?" + urlencode({"scope": ",".join(str(pk) for pk in person["scope"])})


def single(person: dict[str, Any]) -> Iterator[Act]:
    """One of each kind of page."""
    yield Act("list, first page", LIST, "list")
    yield Act("list, fragment", f"{LIST}&search=", "list")
    yield Act("list, page 100", f"{LIST}&page=100", "list")
    yield Act("list, by 金额", f"{LIST}&ordering=-amount", "list")
    yield Act("detail, first tab", f"/opportunities/{person['record']}/", "detail")
    yield Act("strip above the list", "/opportunities/stats/", "other")
    yield Act("home page", "/", "other")
    if person["creates"]:
        yield Act("form of a new record", "/opportunities/new/", "other")
    yield Act("list of the API, 50", "/api/v1/opportunities?limit=50", "other")


def combinations(person: dict[str, Any]) -> Iterator[Act]:
    """Each declared scene × filter (none, a common value, a rare one) × order."""
    filters = ["", *(value for values in person["filters"].values() for value in values)]
    for scene in person["scenes"]:
        for chosen in filters:
            for order in person["sorts"]:
                url = f"{LIST}&scene={scene}&ordering={order}&{quote(chosen, safe='=&')}"
                yield Act(f"{scene} · {chosen or '–'} · {order or '–'}", url, "list")
