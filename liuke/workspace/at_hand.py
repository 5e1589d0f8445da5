"""Favourites and what was opened last, under the menu. The page asks for them once it is there, so none waits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import path
from django.views.decorators.http import require_POST

from liuke.core import clock
from liuke.core.doors.common import screen
from liuke.core.links import Place, records_at
from liuke.core.register import resource, resources

from .models import Favourite, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from .models import AtHand

MOST = 10  # of each
PAGE = re.compile(r"^/([a-z-]{1,40})/(\d{1,18})/$")


@dataclass(frozen=True)
class Line:
    text: str
    url: str
    icon: str
    is_favourite: bool


@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """Note that a page was opened, if it is a record this person may see, and answer with what is at hand."""
    place = _place(request)
    if place:
        _note(Visit, request.user, place)
        _forget_old(request.user)
    return _told(request, place)


@require_POST
def starred(request: HttpRequest) -> HttpResponse:
    """Give a record a star (`on=1`) or take it away."""
    place = _place(request)
    if place and request.POST.get("on") == "1":
        _note(Favourite, request.user, place)
    elif place:
        Favourite.objects.filter(user=request.user.pk, resource=place[0], record=place[1]).delete()
    return _told(request, place)


def _place(request: HttpRequest) -> Place | None:
    found = PAGE.match(request.POST.get("page", ""))
    if not found or found[1] not in {one.name for one in resources()}:
        return None
    place = found[1], int(found[2])
    return place if _seen(request.user, *place) else None


def _seen(user: Any, name: str, pk: int) -> bool:
    known = resource(name)
    return known.may(user, "view") and known.rows(user, "view").filter(pk=pk).exists()


def _note(kind: type[AtHand], user: Any, place: Place) -> None:
    key = {"user": user, "resource": place[0], "record": place[1]}
    kind._default_manager.update_or_create(**key, defaults={"at": clock.now()})


def _forget_old(user: Any) -> None:
    kept = Visit.objects.filter(user=user).order_by("-at", "-id").values_list("pk", flat=True)[:MOST]
    Visit.objects.filter(user=user).exclude(pk__in=list(kept)).delete()


def _told(request: HttpRequest, place: Place | None) -> HttpResponse:
    favourites, visits = _places(Favourite, request.user), _places(Visit, request.user)
    names = _names(request.user, {*favourites, *visits})
    lines = [_line(one, names, is_favourite=True) for one in favourites if one in names]
    lines += [_line(one, names, is_favourite=False) for one in visits if one in names and one not in favourites]
    context = {"lines": lines, "is_favourite": _has_star(request.user, place)}
    return screen(request, "workspace/_at_hand.html", context)


def _places(kind: type[AtHand], user: Any) -> list[Place]:
    rows = kind._default_manager.filter(user=user).order_by("-at", "-id")
    return list(rows.values_list("resource", "record")[:MOST])


def _has_star(user: Any, place: Place | None) -> bool:
    return place is not None and Favourite.objects.filter(user=user, resource=place[0], record=place[1]).exists()


def _names(user: Any, places: Iterable[Place]) -> dict[Place, str]:
    """What those records are called that this person may still see."""
    return {place: str(record) for place, record in records_at(user, places).items()}


def _line(place: Place, names: dict[Place, str], is_favourite: bool) -> Line:
    name, pk = place
    return Line(names[place], f"/{name}/{pk}/", resource(name).icon, is_favourite)


at_hand_urls = [path("at-hand/opened/", opened), path("at-hand/starred/", starred)]
