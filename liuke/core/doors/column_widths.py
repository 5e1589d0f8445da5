"""How wide the columns of a list are for somebody who has dragged one: then each has a width that no text moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import HttpResponse

from liuke.core.doors.columns import choosable
from liuke.core.models import ListSetting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from liuke.core.resource import Resource

LEAST, USUAL, MOST = 48, 140, 1200  # pixels; a column shown since then has the usual width
BOXES, ACTS = "-boxes", "-acts"  # what stands before and behind the columns
AROUND = {BOXES: 40, ACTS: 120}


class Widths(NamedTuple):
    """Of a table: all of it, each of its columns from the left, and at least so much for the acts at its end."""

    whole: int
    each: list[int]
    acts: int


def widths_of(kept: str, names: Iterable[str], boxes: bool) -> Widths | None:
    """None where nobody has dragged anything: then the table sees to it."""
    if not kept:
        return None
    known = dict(_read(kept))
    each = [known.get(name, AROUND.get(name, USUAL)) for name in [*([BOXES] if boxes else []), *names]]
    acts = known.get(ACTS, AROUND[ACTS])
    return Widths(sum(each) + acts, each, acts)


def keep_widths(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Of what was sent those that are columns of this list; columns not on the screen keep the width they had."""
    mine: dict[str, Any] = {"user_id": request.user.pk, "resource": resource.name, "name": ""}
    before = ListSetting.objects.filter(**mine).values_list("widths", flat=True).first() or ""
    columns = {*choosable(resource), *AROUND}
    found = {name: width for name, width in [*_read(before), *_read(request.POST["widths"])] if name in columns}
    text = ",".join(f"{name}:{width}" for name, width in found.items())
    ListSetting.objects.update_or_create({"widths": text}, **mine)
    return HttpResponse(status=204)


def _read(text: str) -> Iterable[tuple[str, int]]:
    for part in text.split(","):
        name, _colon, width = part.partition(":")
        if width.isascii() and width.isdigit() and len(width) < 6:
            yield name, min(max(int(width), LEAST if name not in AROUND else 0), MOST)
