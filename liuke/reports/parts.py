"""The parts of a management report: which questions to which analysis, and where its comment stands.

An analysis signs in here with its own part; its comment is the field KEY_note of the report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import formats
from liuke.core.listing import COUNT_CAP
from liuke.core.reports.report import report
from liuke.core.reports.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .models import ManagementReport

ROWS = "20"  # of a long analysis


@dataclass(frozen=True)
class Part:
    """One analysis: its title, and what it is asked for a year."""

    key: str
    title: Any
    questions: Callable[[int], list[dict[str, str]]]

    @property
    def note(self) -> str:
        return f"{self.key}_note"


PARTS = (
    Part("contribution", lazy("Customer contribution"), lambda year: [{"year": str(year), "limit": ROWS}]),
    Part("composition", lazy("Customer composition"),
         lambda year: [{"by": "level"}, {"by": "credit"}, {"by": "satisfaction"}]),
    Part("service", lazy("Customer service analysis"), lambda year: [{"year": str(year)}]),
    Part("churn", lazy("Customer churn analysis"), lambda year: [
        {"confirmed_at__gte": f"{year}-01-01", "confirmed_at__lte": f"{year}-12-31", "limit": ROWS},
    ]),
)  # fmt: skip


def sheets_of(record: ManagementReport, user: Any) -> Iterator[tuple[str, str, Sheet]]:
    """(part, title, sheet) as this person sees the figures now."""
    for part in PARTS:
        asked_for = report(part.key)
        for question in part.questions(record.year) if asked_for.may(user) else []:
            asked = asked_for.ask(user, question)
            yield part.key, asked_for.heading(asked), _first_lines(asked_for.sheet(asked))


def _first_lines(sheet: Sheet) -> Sheet:
    """A total of more lines than stand above it says so."""
    if sheet.count is None or sheet.count <= len(sheet.lines):
        return sheet
    count = f"{formats.number(COUNT_CAP)}+" if sheet.count > COUNT_CAP else formats.number(sheet.count)
    first = _("The first %(n)s of %(count)s rows") % {"n": len(sheet.lines), "count": count}
    return replace(sheet, note=" · ".join(filter(None, (first, str(sheet.note)))))


def told(record: ManagementReport, user: Any) -> list[tuple[Part, str, list[tuple[str, Sheet]]]]:
    """Each part with its comment and its sheets: of a submitted report as they were sent, of a draft as they are."""
    if record.is_submitted:
        rows = record.sheets.order_by("place")
        sheets = [(one.part, one.title, Sheet.thawed(one.sheet)) for one in rows]
    else:
        sheets = list(sheets_of(record, user))
    return [
        (part, getattr(record, part.note), [(title, sheet) for key, title, sheet in sheets if key == part.key])
        for part in PARTS
    ]
