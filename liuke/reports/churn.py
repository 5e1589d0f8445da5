"""Customer churn: the customers whose loss was confirmed, why, and what had been done to keep them (RPT-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, formats
from liuke.core.conditions import condition
from liuke.core.display import shown
from liuke.core.doors.filterbar import choices_of
from liuke.core.listing import Question
from liuke.core.pages import FilterBox
from liuke.core.reports.paging import pager, place_of
from liuke.core.reports.report import register_report
from liuke.core.reports.sheet import Cell, Column, Line, Sheet, line
from liuke.customers.models import Customer
from liuke.retention.models import ChurnAlert, ChurnMeasure
from liuke.retention.parts import cut

from .analysis import OfOrders, named, of_customer, rows_of
from .periods import Span, a_year_of, days_of, month, months

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from liuke.core.reports.report import Asked

PERIOD = "confirmed_at"
BOUNDS = (f"{PERIOD}__gte", f"{PERIOD}__lte")
ORDER = ("-confirmed_at", "-id")
DRAWN = 24  # months of the chart
CHUNK = 1000


@register_report
class Churn(OfOrders):
    name = "churn"
    title = lazy("Customer churn analysis")
    icon = "user-minus"
    menu = ("reports", 40)
    entity = "churn-alerts"
    made_of = ("churn-alerts.reason", "churn-alerts.confirmed_at", "churn-measures.measure", "customers.owner")
    own = ("customer__owner",)
    params = ("name", "owner", *BOUNDS)
    paged = True

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        return (
            Column("customer__text", _("Customer"), "text"), Column("owner__text", _("Account manager"), "text"),
            Column(PERIOD, _("Loss confirmed on"), "date"), Column("reason", _("Reason of churn"), "long"),
            Column("measures", _("Measures taken"), "long"),
        )  # fmt: skip

    def sheet(self, asked: Asked) -> Sheet:
        lost = self._lost(asked)
        number, size = place_of(asked)
        lines = self._told(rows_of(_page, lost, (number - 1) * size, number * size))
        spans = _drawn(asked)
        count, *found = _counts(lost, tuple(spans))
        words = {"first": spans[0][0].isoformat(), "last": spans[-1][1].isoformat()}
        note = _("The chart shows the losses from %(first)s to %(last)s, month by month") % words
        return Sheet(
            self.columns(asked), lines, self._total(asked, count) if count else None,
            self._chart(asked, spans, found), note, pager(asked, count), count,
        )  # fmt: skip

    def lines(self, asked: Asked) -> Iterator[Line]:
        pks = [pk for (pk,) in rows_of(_ordered, self._lost(asked))]
        for some in cut(pks, CHUNK):
            yield from self._told(list(_rows(Q(pk__in=some))))

    def count(self, asked: Asked) -> int:
        return _counts(self._lost(asked), ())[0]

    # whose losses

    def _lost(self, asked: Asked) -> Question:
        """The very rows of the list behind the figures."""
        rows = [Q(deleted_at=None), Q(status="confirmed"), self.seen(asked)]
        if name := named(asked, "name"):
            rows.append(of_customer(name))
        if owner := asked.whole("owner", 1, 2**62):
            rows.append(Q(customer__owner=owner))
        known = shown(ChurnAlert, PERIOD)
        for bound, day in zip(BOUNDS, days_of(asked, BOUNDS), strict=True):
            if day:
                rows.append(condition(known, bound.rpartition("__")[2], day.isoformat()))
        return Question(ChurnAlert, tuple(one for one in rows if one))

    def _url(self, asked: Asked, first: date | None, last: date | None) -> str:
        period = {name: day.isoformat() for name, day in zip(BOUNDS, (first, last), strict=True) if day}
        owner = {} if "owner" in asked.errors else {"customer__owner": asked.get("owner")}
        return self.list_url(
            asked, status="confirmed", customer__name__contains=asked.get("name")[:100], **owner, **period
        )

    # what is told of them

    def _told(self, rows: list[Any]) -> list[Line]:
        measures = _measures([row[0] for row in rows])
        return [self._line(measures.get(row[0], ""), *row) for row in rows]

    def _line(
        self, measures: str, pk: int, customer: int, name: str, owner: int | None, who: str | None, at: Any, reason: str
    ) -> Line:
        more = {"id": pk, "customer": customer, "owner": owner}
        return line(Cell(name, f"/churn-alerts/{pk}/"), who, timezone.localdate(at), reason, measures, more=more)

    def _total(self, asked: Asked, count: int) -> Line:
        words = _("Total: %(n)s lost customers") % {"n": formats.number(count)}
        url = self._url(asked, *days_of(asked, BOUNDS))
        return line(Cell(words, url), None, None, None, None, more={"count": count})

    def _chart(self, asked: Asked, spans: list[Span], found: list[int]) -> dict[str, Any]:
        return {
            "kind": "bar",
            "labels": [first.isoformat()[:7] for first, _last in spans],
            "series": [{"name": _("Lost customers"), "values": found}],
            "urls": [self._url(asked, *span) for span in spans],
        }

    # what is asked

    def filters(self, asked: Asked) -> list[FilterBox]:
        owner, at = shown(Customer, "owner"), shown(ChurnAlert, PERIOD)
        first, last = (day.isoformat() if day else "" for day in days_of(asked, BOUNDS))
        return [
            FilterBox("name", _("Customer name"), "text", asked.get("name")),
            FilterBox("owner", str(owner.label), "choice", asked.get("owner"), choices=choices_of(owner, asked.user)),
            FilterBox(PERIOD, str(at.label), "range", first, last, date=True),
        ]


def _drawn(asked: Asked) -> list[Span]:
    """The months of the period, of a long one the latest; by itself the last twelve."""
    first, last = a_year_of(*days_of(asked, BOUNDS), clock.today())
    return months(max(first, month(last, 1 - DRAWN)), last)


def _measures(alerts: list[int]) -> dict[int, str]:
    """Day and words of each measure, the first one first, a line for each."""
    found: dict[int, list[str]] = {}
    rows = ChurnMeasure.objects.filter(alert__in=alerts).order_by("pk").values_list("alert", "created_at", "measure")
    for alert, at, measure in rows:
        found.setdefault(alert, []).append(f"{formats.day(timezone.localdate(at))} {measure}")
    return {alert: "\n".join(texts) for alert, texts in found.items()}


# what is asked of the database


def _page(lost: Question, start: int, stop: int) -> Any:
    """Wide rows are read for one page only."""
    return _rows(Q(pk__in=lost.rows().order_by(*ORDER).values("pk")[start:stop]))


def _rows(some: Q) -> Any:
    names = ("pk", "customer", "customer__name", "customer__owner", "customer__owner__name", PERIOD, "reason")
    return ChurnAlert._base_manager.filter(some).order_by(*ORDER).values_list(*names)


def _ordered(lost: Question) -> Any:
    return lost.rows().order_by(*ORDER).values_list("pk")


def _counts(lost: Question, spans: tuple[Span, ...]) -> list[int]:
    """How many there are, and how many in each of these months."""
    found = rows_of(_counted, lost, spans)
    return list(found[0]) if found else [0] * (1 + len(spans))


def _counted(lost: Question, spans: tuple[Span, ...]) -> Any:
    """One row, in the words of `values_list`, which can be kept; an aggregate is worded anew each time."""
    known = shown(ChurnAlert, PERIOD)
    inside = [
        Count("pk", filter=condition(known, "gte", first.isoformat()) & condition(known, "lte", last.isoformat()))
        for first, last in spans
    ]
    asked = {f"n{place}": one for place, one in enumerate([Count("pk"), *inside])}
    return lost.rows().order_by().annotate(whole=Value(1)).values("whole").annotate(**asked).values_list(*asked)
