"""The strip above a list: how many rows in each state, and their sum. Loaded after the list, within a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.http import Http404

from liuke.core import formats
from liuke.core.display import shown, text_field, tones_of
from liuke.core.doors.addresses import Address, asked
from liuke.core.doors.common import require, screen
from liuke.core.listing import COUNT_CAP, Listing
from liuke.core.pages import Stat

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.resource import Resource


def stats_part(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "view")
    if resource.stats is None:
        raise Http404  # what it counts by is hidden from this person
    params = asked(request.GET)
    listing = Listing(resource, request.user, {**params, resource.stats.by: ""})
    address = Address(resource, params)
    capped = listing.count > COUNT_CAP
    return screen(request, "core/_stats.html", {"stats": _stats(resource, listing, address), "capped": capped})


def _stats(resource: Resource, listing: Listing, address: Address) -> list[Stat]:
    by, total = resource.stats.by, resource.stats.total
    known = shown(resource.model, by)
    # the newest rows only: a strip must not cost more than its list
    some = resource.model.objects.filter(pk__in=listing.filtered.order_by("-id").values("pk")[:COUNT_CAP])
    sums: dict[str, Any] = {"n": Count("pk")} | ({"sum": Sum(total)} if total else {})
    counted = {row[by]: row for row in some.order_by().values(by).annotate(**sums)}
    return [
        Stat(
            label=label,
            count=formats.number(counted.get(key, {}).get("n", 0)),
            url=address.but(**{by: key}),
            tone=tones_of(known.field).get(key, ""),
            total=formats.short_money(counted.get(key, {}).get("sum")) if total else "",
        )
        for key, label in _groups(known, counted)
    ]


def _groups(known: Any, counted: dict[Any, Any]) -> list[tuple[Any, str]]:
    if known.kind == "choice":
        return [(key, str(label)) for key, label in known.field.flatchoices]
    model = known.field.related_model
    return list(model.objects.filter(pk__in=[key for key in counted if key]).values_list("pk", text_field(model)))
