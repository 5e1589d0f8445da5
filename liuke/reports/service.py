"""Customer service analysis: how many services there were of each type, in all years or in one (RPT-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.base.models import DictionaryItem
from liuke.core import clock, statements
from liuke.core.conditions import condition
from liuke.core.display import shown
from liuke.core.doors.filterbar import choices_of
from liuke.core.listing import Question
from liuke.core.pages import FilterBox
from liuke.core.reports.report import register_report
from liuke.core.reports.sheet import Cell, Column, Line, Sheet, line, share
from liuke.service.models import ServiceRequest

from .analysis import Analysis

if TYPE_CHECKING:
    from liuke.core.reports.report import Asked

OLDEST = 30  # years back, as far as the filter offers them
Kind = tuple[int | None, str, str]  # id of the type in the dictionary, its value, its words


@register_report
class Service(Analysis):
    """A service is of the year it was entered in; one in the recycle bin is none."""

    name = "service"
    title = lazy("Customer service analysis")
    icon = "headset"
    menu = ("reports", 30)
    entity = "service-requests"
    made_of = ("service-requests.type",)
    own = ("customer__owner",)
    params = ("type", "year")

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        return (
            Column("type", str(shown(ServiceRequest, "type").label), "text"), Column("count", _("Services")),
            Column("share", _("Share"), "share"),
        )  # fmt: skip

    def sheet(self, asked: Asked) -> Sheet:
        counts: dict[int | None, int] = dict(statements.rows(_counts, self._services(asked)))
        whole = sum(counts.values())
        lines = [self._line(asked, kind, counts.get(kind[0], 0), whole) for kind in _kinds(asked, counts)]
        url = self._url(asked, type="" if "type" in asked.errors else asked.get("type"))
        total = line(_("Total"), Cell(whole, url), share(whole, whole))
        return Sheet(self.columns(asked), lines, total, _chart(lines, whole))

    def _services(self, asked: Asked) -> Question:
        """The very rows of the list behind the figures."""
        rows = [Q(deleted_at=None), self.seen(asked)]
        if code := _type(asked):
            rows.append(condition(shown(ServiceRequest, "type"), "exact", code))
        created = shown(ServiceRequest, "created_at")
        rows += [condition(created, name.rpartition("__")[2], day) for name, day in _bounds(asked).items()]
        return Question(ServiceRequest, tuple(one for one in rows if one))

    def _line(self, asked: Asked, kind: Kind, count: int, whole: int) -> Line:
        pk, code, words = kind
        url = self._url(asked, **({"type": code} if pk else {"where": "type~empty"}))
        return line(Cell(words, url), Cell(count, url), share(count, whole), more={"value": code or None})

    def _url(self, asked: Asked, **chosen: Any) -> str:
        return self.list_url(asked, **_bounds(asked), **chosen)

    def heading(self, asked: Asked) -> str:
        span = asked.whole("year", 1, 9999) or _("All years")  # outside of the f-string: texts inside are not found
        return f"{self.title}{_(': ')}{span}"

    def filters(self, asked: Asked) -> list[FilterBox]:
        kind, now = shown(ServiceRequest, "type"), clock.today().year
        years = [(str(year), str(year)) for year in range(now, now - OLDEST, -1)]
        return [
            FilterBox("type", str(kind.label), "choice", asked.get("type"), choices=choices_of(kind, asked.user)),
            FilterBox("year", _("Year"), "choice", asked.get("year"), choices=years),
        ]


def _type(asked: Asked) -> str:
    return asked.one_of("type", [code for _pk, code, _entry, _gone in _types()], "") if asked.get("type") else ""


def _bounds(asked: Asked) -> dict[str, str]:
    """The first and the last day of the year that is asked for."""
    year = asked.whole("year", 1, 9999)
    return {} if year is None else {"created_at__gte": f"{year:04d}-01-01", "created_at__lte": f"{year:04d}-12-31"}


def _kinds(asked: Asked, counts: dict[int | None, int]) -> list[Kind]:
    """All types in the order of the dictionary, also those nobody asked for; last what has none."""
    chosen = _type(asked)
    kinds: list[Kind] = [
        (pk, code, entry) for pk, code, entry, gone in _types()
        if (gone is None or pk in counts) and chosen in ("", code)
    ]  # fmt: skip
    return [*kinds, (None, "", _("Not filled in"))] if None in counts else kinds


def _types() -> list[tuple[int, str, str, Any]]:
    return statements.rows(_worded, shown(ServiceRequest, "type").field.category)  # type: ignore[attr-defined]


def _worded(category: str) -> Any:
    items = DictionaryItem.objects.filter(category=category).order_by("position", "id")
    return items.values_list("pk", "value", "entry", "deleted_at")


def _counts(services: Question) -> Any:
    return services.rows().order_by().values_list("type").annotate(Count("pk"))


def _chart(lines: list[Line], whole: int) -> dict[str, Any]:
    return {
        "kind": "pie",
        "labels": [one.cells[0].value for one in lines],
        "series": [{"name": _("Services"), "values": [one.cells[1].value for one in lines]}],
        "urls": [one.cells[1].url for one in lines],
        "middle": [f"{whole:,}", _("services")],
    }
