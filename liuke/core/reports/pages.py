"""The page of a report: filters, chart, table, each figure a link to the list that proves it; and that on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core import audit, clock
from liuke.core.doors.addresses import asked as read
from liuke.core.doors.common import page_title, screen
from liuke.core.pages import Action, Link
from liuke.core.refusals import Forbidden

from .sheet import Sheet

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.pages import FilterBox

    from .report import Asked, Report

PRINTED = 2000  # lines


def must_allow(user: Any, report: Report, *actions: str) -> None:
    """Function permission, the first question of every door. Raises Forbidden."""
    if not all(report.is_open_to(user, action) for action in ("view", *actions)):
        raise Forbidden


def must_make_sense(asked: Asked) -> None:
    """Neither file nor paper shows what was wrong with a question, so there is none. Raises ValidationError."""
    asked.report.filters(asked)
    asked.report.sheet(asked)  # the answer reads what no filter shows, such as the way to count
    if asked.errors:
        raise ValidationError(asked.errors)


def report_page(request: HttpRequest, report: Report) -> HttpResponse:
    must_allow(request.user, report)
    asked = report.ask(request.user, read(request.GET))
    sheet = report.sheet(asked)
    query, filters = asked.address.whole, report.filters(asked)
    context = {
        "page_title": page_title(str(report.title)),
        "report": report,
        "title": str(report.title),
        "heading": report.heading(asked),
        "crumbs": [Link(str(report.title), report.home, current=True)],
        "commands": [Action("help", _("Help"), f"/help/#{report.home.strip('/')}", "help-circle", access_key="h")],
        "scenes": report.scenes(asked),
        "ways": report.ways(asked),
        "sheet": sheet,
        "moment": clock.now(),
        "exports": _exports(request.user, report, query),
        "print_url": f"{report.home}print/?{query}" if report.may(request.user, "export") else "",
        "search": report.search(asked),
        "search_hint": _("Search"),
        "filters": filters,
        "chips": report.chips(asked),
        "standing": report.standing(),
        "clear_url": asked.address.only(*report.keeps()),
        "hidden": [(name, value) for name, value in asked.params.items() if name in report.keeps() and name != "page"],
        "list_url": report.home,
        "errors": [_wrong(filters, name, text) for name, texts in asked.errors.items() for text in texts],
    }
    return screen(request, "core/report.html", context)


def _wrong(filters: list[FilterBox], name: str, text: str) -> str:
    """What is wrong with a parameter, by the label it has on the page."""
    labels = {box.name: box.label for box in filters}
    return f"{labels.get(name) or labels.get(name.removesuffix('__gte').removesuffix('__lte'), name)}{_(': ')}{text}"


def _exports(user: Any, report: Report, query: str) -> list[Link]:
    if not report.may(user, "export"):
        return []
    kinds = (("xlsx", "Excel"), ("csv", "CSV"))
    return [Link(label, f"{report.home}export.{kind}?{query}", key=kind) for kind, label in kinds]


def report_print(request: HttpRequest, report: Report) -> HttpResponse:
    """Paper leaves the house as a file does: it needs the right to export."""
    must_allow(request.user, report, "export")
    asked = report.ask(request.user, read(request.GET), "export")
    must_make_sense(asked)
    context = {
        "page_title": page_title(str(report.title)),
        "title": str(report.title),
        "heading": report.heading(asked),
        "sheet": printed(report, asked),
        "chips": [*filter(None, [report.standing()]), *(chip.label for chip in report.chips(asked))],
        "back_url": asked.address.but(),
        "moment": clock.now(),
    }
    audit.note("print", by=request.user, kind=report.home, text=str(report.title), details={"asked": asked.params})
    return screen(request, "core/report_print.html", context)


def printed(report: Report, asked: Asked) -> Sheet:
    """All lines that fit on paper, with the page's chart."""
    sheet = report.sheet(asked)
    if not report.paged:
        return sheet
    lines = []
    for line in report.lines(asked):
        lines.append(line)
        if len(lines) == PRINTED:
            break
    note = sheet.note
    if sheet.count is not None and sheet.count > len(lines):
        note = _("The first %(n)s rows") % {"n": f"{PRINTED:,}"}
    return Sheet(sheet.columns, lines, sheet.total, sheet.chart, note)
