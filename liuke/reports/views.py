"""A management report on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from liuke.core import audit
from liuke.core.doors.common import find, page_title, require, screen
from liuke.core.register import resource

from .parts import told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def management_print(request: HttpRequest, pk: int) -> HttpResponse:
    reports = resource("management-reports")
    require(request.user, reports, "view")
    record = find(request.user, reports, pk)
    context = {
        "page_title": page_title(record.title, reports.label),
        "record": record,
        "parts": told(record, request.user),
        "back_url": f"/management-reports/{pk}/",
    }
    audit.note("print", by=request.user, record=record)
    return screen(request, "reports/management_print.html", context)
