"""A report by token: the same figures as on the page, and what they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core.api.answers import Json
from liuke.core.api.openapi import describe, refusals
from liuke.core.doors.addresses import asked as read
from liuke.core.listing import COUNT_CAP

from .pages import must_allow
from .report import reports
from .sheet import for_json

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from .report import Report
    from .sheet import Line, Sheet

LARGEST, DEFAULT = 200, 20


def report_answer(request: HttpRequest, report: Report) -> HttpResponse:
    """`items` are the lines, of a long report `limit` of them; `total` is the foot of the table."""
    must_allow(request.user, report)
    params = read(request.GET)
    asked = report.ask(request.user, _paged(params) if report.paged else params)
    sheet = report.sheet(asked)
    if asked.errors:
        raise ValidationError(asked.errors)
    count = len(sheet.lines) if sheet.count is None else sheet.count
    return Json(
        {
            "items": [told(sheet, line) for line in sheet.lines],
            "total": told(sheet, sheet.total) if sheet.total else None,
            "count": min(count, COUNT_CAP),
            "count_is_capped": count > COUNT_CAP,
            "next": _next(request, sheet),
        }
    )


def told(sheet: Sheet, line: Line) -> dict[str, Any]:
    pairs = zip(sheet.columns, line.values, strict=True)
    return {column.name: for_json(column, value) for column, value in pairs} | line.more


def _paged(params: dict[str, Any]) -> dict[str, Any]:
    limit = params.get("limit", str(DEFAULT))
    if not (limit.isascii() and limit.isdigit() and len(limit) < 4 and 1 <= int(limit) <= LARGEST):
        raise ValidationError({"limit": [_("Enter a whole number from 1 to %(most)s") % {"most": LARGEST}]})
    return params | {"limit": limit}


def _next(request: HttpRequest, sheet: Sheet) -> str | None:
    if sheet.pager is None or not sheet.pager.next_url:
        return None
    query = request.GET.copy()
    query["page"] = str(sheet.pager.page + 1)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


@describe
def described() -> tuple[dict[str, Any], dict[str, Any]]:
    """The reports' part of the OpenAPI document."""
    paths = {f"/api/v1{one.home.rstrip('/')}": {"get": _operation(one)} for one in reports() if one.in_api}
    texts = {"items": {"type": "array", "items": {"type": "object"}}, "total": {"type": ["object", "null"]}}
    rest = {
        "count": {"type": "integer"}, "count_is_capped": {"type": "boolean"}, "next": {"type": ["string", "null"]},
    }  # fmt: skip
    return paths, {"Report": {"type": "object", "properties": texts | rest, "required": [*texts, *rest]}}


def _operation(report: Report) -> dict[str, Any]:
    names = [*report.params, *(("limit", "page") if report.paged else ())]
    schema = {"type": "string"}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
    return {
        "operationId": f"reports.{report.name}",
        "tags": ["reports"],
        "parameters": [{"name": name, "in": "query", "schema": schema} for name in names],
        "responses": {"200": {"description": "Done", "content": content}} | refusals(),
    }
