"""Customer contribution: what each customer's orders come to, the greatest first (RPT-01)."""

from __future__ import annotations

from array import array
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.commerce.models import CustomerYear
from liuke.commerce.models.rollups import ALL_YEARS
from liuke.commerce.reading import reads_history
from liuke.core import clock, statements
from liuke.core.listing import COUNT_CAP
from liuke.core.pages import FilterBox
from liuke.core.register import resource
from liuke.core.reports.paging import pager, place_of
from liuke.core.reports.report import register_report
from liuke.core.reports.sheet import Cell, Column, Line, Sheet, line
from liuke.core.subqueries import Among, Chosen, InTurn
from liuke.customers.models import Customer

from .analysis import OfOrders, named, of_customer, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liuke.core.reports.report import Asked

CENT = Decimal("0.01")
CHUNK = 2000
MANY = 20_000  # customers of one person; fewer are looked up one by one
DRAWN = 12  # bars of the chart
OLDEST = 30  # years back, as far as the filter offers them


@register_report
class Contribution(OfOrders):
    name = "contribution"
    title = lazy("Customer contribution")
    icon = "chart-bar"
    menu = ("reports", 10)
    params = ("name", "year")
    made_of = ("orders.amount", "orders.order_date", "customers.owner")
    paged = True

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        return (
            Column("name", _("Customer"), "text"), Column("amount", _("Order amount"), "money"),
            Column("orders", _("Orders")), Column("owner__text", _("Account manager"), "text"),
        )  # fmt: skip

    def sheet(self, asked: Asked) -> Sheet:
        number, size = place_of(asked)
        found = self._found(asked, (number - 1) * size, number * size)
        count, amount, orders = _sums(self._summed(asked))
        lines = [self._line(asked, *row) for row in found]
        label = _("Total of the first %(n)s") % {"n": f"{COUNT_CAP:,}"} if count > COUNT_CAP else _("Total")
        total = line(label, Decimal(amount).quantize(CENT), orders, None) if count else None
        return Sheet(self.columns(asked), lines, total, _chart(lines), pager=pager(asked, count), count=count)

    def lines(self, asked: Asked) -> Iterator[Line]:
        """Only the ids of all lines are kept; the rest is read by the chunk."""
        rows = self._rows(asked)
        pks = array("q", [pk for (pk,) in rows_of(_ordered, rows)])
        for start in range(0, len(pks), CHUNK):
            chunk = tuple(pks[start : start + CHUNK])
            for row in _told(CustomerYear.objects.filter(pk__in=chunk).order_by(*ORDER)):
                yield self._line(asked, *row)

    def count(self, asked: Asked) -> int:
        return _sums(self._summed(asked))[0]

    def _rows(self, asked: Asked) -> Q:
        """Of which customers, in which year."""
        rows = _of_year(asked) & Q(customer__deleted_at=None)
        return rows & of_customer(self.seen(asked)) & of_customer(named(asked, "name"))

    def _found(self, asked: Asked, start: int, stop: int) -> list[Any]:
        """A page of them: of somebody with very many customers each is looked up on the way down, until it is full."""
        if not self._sees_many(asked):
            return rows_of(_page, self._rows(asked), start, stop)
        theirs = InTurn(_living(self.seen(asked)).filter(pk=OuterRef("customer")))
        return list(_page(_of_year(asked) & Q(theirs), start, stop))

    def _summed(self, asked: Asked) -> Q:
        """The same rows, as ten thousand of them are found soonest: very many customers are gathered first.

        To look up each on the way down took SQLite a second for a department of 80,000.
        """
        if not self._sees_many(asked):
            return self._rows(asked)
        theirs = Chosen(_living(self.seen(asked)))
        return _of_year(asked) & Q(Among(F("customer") + 0, theirs))  # + 0: not gone into by these, one by one

    def _sees_many(self, asked: Asked) -> bool:
        """Whether SQLite has to be told how to go about it. It sorts them all, otherwise."""
        seen = self.seen(asked)
        if connection.vendor != "sqlite" or asked.get("name") or not seen:
            return False
        return bool(_living(seen)[: MANY + 1].count() > MANY)

    def _line(self, asked: Asked, pk: int, name: str, owner: int | None, who: str | None, n: int, sum_: Any) -> Line:
        url = self._orders_url(asked, pk)
        more = {"customer": pk, "customer__text": name, "owner": owner}
        return line(
            Cell(name, f"/customers/{pk}/"), Cell(Decimal(sum_).quantize(CENT), url), Cell(n, url), who, more=more
        )

    def _orders_url(self, asked: Asked, customer: int) -> str:
        """The orders that make the figure, for those who read historical orders."""
        if not (resource("orders").may(asked.user, "view") and reads_history(asked.user)):
            return ""
        params: dict[str, Any] = {"scene": "history", "customer": customer}
        if year := asked.whole("year", 1, 9999):
            params |= {"order_date__gte": f"{year:04d}-01-01", "order_date__lte": f"{year:04d}-12-31"}
        return f"/orders/?{urlencode(params)}"

    def heading(self, asked: Asked) -> str:
        year = asked.whole("year", 1, 9999)
        span = year or _("All years")  # outside of the f-string: texts inside are not found
        return f"{self.title}{_(': ')}{span}"

    def filters(self, asked: Asked) -> list[FilterBox]:
        now = clock.today().year
        years = [(str(year), str(year)) for year in range(now, now - OLDEST, -1)]
        return [
            FilterBox("name", _("Customer name"), "text", asked.get("name")),
            FilterBox("year", _("Year"), "choice", asked.get("year"), choices=years),
        ]


ORDER = ("-amount", "customer")


def _page(rows: Q, start: int, stop: int) -> Any:
    return _told(CustomerYear.objects.filter(rows).order_by(*ORDER))[start:stop]


def _told(rows: Any) -> Any:
    return rows.values_list(
        "customer", "customer__name", "customer__owner", "customer__owner__name", "orders", "amount"
    )


def _ordered(rows: Q) -> Any:
    return CustomerYear.objects.filter(rows).order_by(*ORDER).values_list("pk")


def _of_year(asked: Asked) -> Q:
    year = asked.whole("year", 1, 9999)
    return Q(year=ALL_YEARS if year is None else year)


def _living(seen: Q) -> Any:
    return Customer._base_manager.filter(seen, deleted_at=None).order_by().values("pk")


def _sums(rows: Q) -> tuple[int, Any, int]:
    """How many there are, COUNT_CAP + 1 where there are more, and what the first COUNT_CAP come to."""
    ranked = CustomerYear.objects.filter(rows).order_by(*ORDER)
    count, (amount, orders) = statements.summed(ranked.values_list("amount", "orders"), COUNT_CAP)
    return count, amount, orders


def _chart(lines: list[Line]) -> dict[str, Any]:
    drawn = lines[:DRAWN]
    return {
        "kind": "bar",
        "labels": [one.cells[0].value for one in drawn],
        "series": [{"name": _("Order amount"), "values": [float(one.cells[1].value) for one in drawn]}],
        "urls": [one.cells[1].url for one in drawn],
        "unit": _("yuan"),
    }
