"""The foot of a list: what its columns of money come to. Loaded after the list, within its newest 10,000 rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from liuke.core import extras, formats
from liuke.core.display import shown
from liuke.core.doors.addresses import asked
from liuke.core.doors.batch import batch_acts
from liuke.core.doors.column_settings import names_of
from liuke.core.doors.columns import chosen
from liuke.core.doors.common import require, screen
from liuke.core.listing import COUNT_CAP, Listing
from liuke.core.models.list_settings import settings_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.doors.columns import Columns
    from liuke.core.resource import Resource


def money_of(resource: Resource, columns: Columns) -> list[str]:
    """The columns of money among them that the database adds up."""
    paths = (column for column in columns if isinstance(column, str) and not extras.is_path(column))
    known = [shown(resource.model, path) for path in paths]
    return [one.path for one in known if one.kind == "money" and getattr(one.field, "adds_up", True)]


def sums_part(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "view")
    params = asked(request.GET)
    listing = Listing(resource, request.user, params)
    columns = chosen(resource, names_of(params, settings_of(request.user, resource.name)))
    sums = _sums(listing, money_of(resource, columns))
    capped = listing.count > COUNT_CAP
    count = f"{COUNT_CAP:,}" if capped else listing.count_text
    note = _("Sum (first %(n)s)") if capped else _("Sum (all %(n)s)")
    context = {
        "before": next((place for place, column in enumerate(columns) if column in sums), len(columns)),
        "cells": [sums.get(column) if isinstance(column, str) else None for column in columns],
        "note": note % {"n": count},
        "batch": bool(batch_acts(resource, request.user)),
    }
    return screen(request, "core/_sums.html", context)


def _sums(listing: Listing, paths: list[str]) -> dict[Any, str]:
    rows = listing.resource.model._base_manager.filter(pk__in=listing.filtered.order_by("-id").values("pk")[:COUNT_CAP])
    found = rows.aggregate(**{f"sum_{place}": Sum(path) for place, path in enumerate(paths)}) if paths else {}
    return {path: formats.money(found[f"sum_{place}"] or 0) for place, path in enumerate(paths)}
