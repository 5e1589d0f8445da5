"""The box over everything: its results, its suggestions, and the palette of everything there is to go to and to do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liuke.core import menu
from liuke.core.conditions import readable
from liuke.core.doors.common import page_title, screen
from liuke.core.pages import Link
from liuke.core.search.everywhere import found, kinds_of, suggested
from liuke.core.search.parts import LONGEST
from liuke.core.search.spelling import clean, readings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

EACH, EXACT, SUGGESTED = 5, 20, 8


@dataclass(frozen=True)
class Command:
    """A line of the palette; `keys` is what may be typed for it."""

    key: str
    label: str
    url: str
    icon: str
    keys: str
    group: str = ""


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Fuzzy: parts, pinyin and initials. Exact: a whole name, number or phone. Combined: the conditions of a list."""
    asked, exact = _asked(request), request.GET.get("how") == "exact"
    kinds = list(found(request.user, asked, EXACT if exact else EACH, exact)) if asked else []
    context = {
        "page_title": page_title(_("Search")),
        "asked": asked,
        "how": "exact" if exact else "fuzzy",
        "kinds": kinds,
        "combined": [Link(one.label_plural, f"/{one.name}/where/", key=one.icon) for one in kinds_of(request.user)],
        "crumbs": [Link(_("Search"), "/search/", current=True)],
    }
    return screen(request, "core/search.html", context)


@require_safe
def suggestions_part(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    kinds = suggested(request.user, asked, SUGGESTED) if asked else []
    return screen(request, "core/suggestions.html", {"asked": asked, "kinds": kinds})


@require_safe
def palette_part(request: HttpRequest) -> HttpResponse:
    return screen(request, "core/palette.html", {"go": _places(request.user), "act": _acts(request.user)})


def _asked(request: HttpRequest) -> str:
    asked = request.GET.get("q", "").strip()[:LONGEST]
    return asked if readable(asked) else ""


def _places(user: Any) -> list[Command]:
    return [
        Command(
            f"go-{group.key}-{place}", item.label, item.url, item.icon or group.icon, keys_of(item.label), group.label
        )
        for group in menu.menu_of(user, "")
        for place, item in enumerate(group.entries)
    ]


def _acts(user: Any) -> list[Command]:
    labelled = ((_("New %(what)s") % {"what": new.label.lower()}, new.url, new.key) for new in menu.new_links(user))
    return [Command(f"act-{n}", label, url, icon, keys_of(label)) for n, (label, url, icon) in enumerate(labelled)]


@lru_cache(maxsize=1000)
def keys_of(label: str) -> str:
    """A label as it is written, its pinyin and its initials, for each way to read it."""
    text = clean(label)
    ways = [[said for _char, said in way] for way in readings("".join(filter(str.isalnum, text)))]
    heard = [one for way in ways for one in ("".join(way), "".join(said[0] for said in way))]
    return " ".join(dict.fromkeys([text, *heard]))
