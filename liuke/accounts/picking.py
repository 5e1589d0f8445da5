"""The pop-up in which a person is picked: departments at the left, the people of one at the right (CUST-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from liuke.core.doors.common import require, screen, whole
from liuke.core.field_rights import seen_by
from liuke.core.register import resource
from liuke.core.search.found import searched

from . import handover
from .models import Department

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from .models.departments import DepartmentTree

MOST = 100  # people shown at once


class Room(NamedTuple):
    """A department in the tree: how deep, and how many normal users are in it and below."""

    pk: int
    name: str
    depth: int
    people: int


@require_safe
def pick_page(request: HttpRequest) -> HttpResponse:
    """Whoever may be chosen in forms: normal users. What a form takes of them it checks itself."""
    users = resource("users")
    require(request.user, users, "view")
    rows = users.choices(request.user)
    found = list(_asked(rows, request).select_related("department", "position")[: MOST + 1])
    loads = handover.loads([one.pk for one in found]) if request.GET.get("load") else {}
    words = ngettext("%(n)s person found", "%(n)s people found", len(found)) % {"n": len(found)}
    context = {
        "rooms": _rooms(request.user.tree, rows),
        "all": rows.count(),
        "people": [(one, _load(loads.get(one.pk, []))) for one in found[:MOST]],
        "said": words,
        "more": len(found) > MOST,
    }
    return screen(request, "accounts/pick.html", context)


def _asked(rows: Any, request: HttpRequest) -> Any:
    if department := whole(request.GET.get("department"), 0):
        rows = rows.filter(department__in=request.user.tree.below(department))
    for word in request.GET.get("q", "")[:100].split():
        rooms = Department.objects.filter(searched(resource("departments"), word))
        people = seen_by(resource("users"), request.user)
        rows = rows.filter(searched(people, word) | Q(department__in=rooms))
    return rows


def _rooms(tree: DepartmentTree, rows: Any) -> list[Room]:
    """The departments from above downward, each below the one it is part of."""
    counts = dict(rows.order_by().values_list("department").annotate(n=Count("pk")))
    found: list[Room] = []

    def walk(parent: int | None, depth: int) -> None:
        for pk in tree.children.get(parent, []):
            inside = sum(counts.get(one, 0) for one in tree.below(pk))
            found.append(Room(pk, tree.names[pk], min(depth, 5), inside))
            walk(pk, depth + 1)

    walk(None, 0)
    return found


def _load(work: list[tuple[str, int]]) -> str:
    return " · ".join(f"{label} {n:,}" for label, n in work)
