"""Customer and contact statistics: one way to count at a time, as a chart and as a table, or as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.doors.addresses import SHAPE
from liuke.core.doors.around import scene_links
from liuke.core.doors.filterbar import chips, filter_boxes
from liuke.core.field_rights import is_hidden
from liuke.core.listing import Listing
from liuke.core.pages import FilterBox, Link
from liuke.core.refusals import Forbidden
from liuke.core.register import resource
from liuke.core.reports.report import Asked, Report, register_report
from liuke.core.reports.sheet import Cell, Column, Sheet, line, share
from liuke.core.wheres import MOST as MOST_WHERES

from .counting import WAYS, By, Line, lines_of

if TYPE_CHECKING:
    from liuke.core.reports import sheet as sheets
    from liuke.core.resource import Resource


@dataclass
class Counting(Asked):
    """The question to a list, and the way to count what it finds."""

    def __post_init__(self) -> None:
        name, counted = self.report.name, resource(self.report.name)
        ways: tuple[By, ...] = self.report.counted_by  # type: ignore[attr-defined]
        self.ways = [one for one in ways if not is_hidden(counted.model, one.path, self.user)]
        if not self.ways:
            raise Forbidden
        self.by = next((one for one in self.ways if one.key == self.params.get("by")), self.ways[0])
        question = {key: value for key, value in self.params.items() if key != "by"}
        if counted.left_out and self.by.path == counted.left_out[0]:
            question = {self.by.path: "", **question}  # to count by it is to ask for all of them
        self.listing = Listing(resource(name), self.user, question)
        self.errors = self.listing.errors

    @property
    def counted(self) -> Resource:
        return self.listing.resource


class Statistics(Report):
    """Counts what a list holds; whoever sees the list sees these, and what it filters on they filter on."""

    in_api = False
    chart = "tall"
    grant: ClassVar[str] = ""
    counted_by: ClassVar[tuple[By, ...]] = ()

    @property
    def home(self) -> str:
        return f"/{self.name}/statistics/"

    def may(self, user: Any, action: str = "view") -> bool:
        """The figures are those of a list that is seen; a file of them holds no record."""
        return resource(self.name).may(user, "view")

    def ask(self, user: Any, params: dict[str, Any], action: str = "view") -> Counting:
        return Counting(self, user, {k: v for k, v in params.items() if k not in SHAPE or k == "scene"})

    def columns(self, asked: Any) -> tuple[Column, ...]:
        by = Column("label", asked.by.label_in(asked.counted.model), "text")
        return by, Column("count", _("How many")), Column("share", _("Share"), "share")

    def sheet(self, asked: Any) -> Sheet:
        lines = lines_of(asked.by, asked.listing)
        total = _total(asked.by, lines)
        shown = [_line(asked.listing, one, total) for one in lines] if total else []
        return Sheet(self.columns(asked), shown, chart=_chart(lines, asked.listing))

    def heading(self, asked: Any) -> str:
        return f"{self.title}{_(': ')}{asked.by.label_in(asked.counted.model)}"

    def scenes(self, asked: Any) -> list[Link]:
        return scene_links(asked.counted, asked.user, asked.address)

    def ways(self, asked: Any) -> list[Link]:
        model, address = asked.counted.model, asked.address
        return [Link(one.label_in(model), address.but(by=one.key), one == asked.by, key=one.key) for one in asked.ways]

    def filters(self, asked: Any) -> list[FilterBox]:
        return filter_boxes(asked.counted, asked.user, asked.listing)

    def chips(self, asked: Any) -> list[Link]:
        return chips(asked.counted, asked.listing, asked.address)

    def search(self, asked: Any) -> str:
        return str(asked.params.get("search", ""))

    def keeps(self) -> tuple[str, ...]:
        return ("scene", "by")


@register_report
class CustomerStatistics(Statistics):
    name = "customers"
    title = lazy("Customer statistics")
    counted_by = WAYS["customers"]
    menu = ("customers", 90)


@register_report
class ContactStatistics(Statistics):
    name = "contacts"
    title = lazy("Contact statistics")
    counted_by = WAYS["contacts"]
    menu = ("customers", 91)


def _line(listing: Listing, one: Line, total: int) -> sheets.Line:
    url = _list_url(listing, one)
    return line(Cell(one.label, url), Cell(one.count, url), share(one.count, total))


def _list_url(listing: Listing, line: Line) -> str:
    if line.filters is None:
        return ""
    kept = {key: value for key, value in listing.params.items() if value and key not in listing.errors}
    both = {key: _narrower(key, kept.get(key), value) for key, value in line.filters.items()}
    if None in both.values() or ("where" in both and kept.get("any")):
        return ""
    return f"/{listing.resource.name}/?{urlencode({**kept, **both}, doseq=True)}"


def _narrower(name: str, kept: Any, value: str) -> Any:
    """What a filter says that is on already, together with the line's; None where no single filter does."""
    if name == "where":
        lines = (*(kept or ()), value)
        return lines if len(lines) <= MOST_WHERES else None
    if kept is None or kept == value:
        return value
    stricter = {"gte": max, "gt": max, "lte": min, "lt": min}.get(name.rpartition("__")[2])
    return stricter(kept, value) if stricter else None


def _total(by: By, lines: list[Line]) -> int:
    """Of all lines; categories overlap, there the greatest says more than a sum."""
    return sum(line.count for line in lines) if by.kind != "tree" else max((line.count for line in lines), default=0)


def _chart(lines: list[Line], listing: Listing) -> dict[str, Any]:
    shown = [line for line in lines if line.count or len(lines) <= 15][:15]
    series = [{"name": listing.resource.label_plural, "values": [line.count for line in shown]}]
    urls = [_list_url(listing, line) for line in shown]
    return {"kind": "bar", "labels": [line.label for line in shown], "series": series, "urls": urls}
