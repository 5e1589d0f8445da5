"""Customer composition: how many customers there are of each level, credit or satisfaction (RPT-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.base.models import DictionaryItem
from liuke.core import statements
from liuke.core.display import shown
from liuke.core.doors.filterbar import choices_of
from liuke.core.field_rights import is_hidden
from liuke.core.pages import FilterBox, Link
from liuke.core.refusals import Forbidden
from liuke.core.reports.report import register_report
from liuke.core.reports.sheet import Cell, Column, Line, Sheet, line, share
from liuke.customers.models import Customer

from .analysis import OfOrders
from .models import CustomerTally
from .tally import WAYS

if TYPE_CHECKING:
    from liuke.core.reports.report import Asked


@register_report
class Composition(OfOrders):
    name = "composition"
    title = lazy("Customer composition")
    icon = "chart-pie"
    menu = ("reports", 20)
    params = ("by", "owner", "status")

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        by = Column("text", _label(_by(asked)), "text")
        return by, Column("count", _("Customers")), Column("share", _("Share"), "share")

    def sheet(self, asked: Asked) -> Sheet:
        by = _by(asked)
        counts: dict[int, int] = dict(statements.rows(_counts, by, self._tallied(asked)))
        whole = sum(counts.values())
        lines = [self._line(asked, by, value, counts.get(value.key, 0), whole) for value in values_of(by, counts)]
        total = line(_("Total"), Cell(whole, self.list_url(asked, **_filters(asked))), share(whole, whole))
        return Sheet(self.columns(asked), lines, total, _chart(lines, whole))

    def _tallied(self, asked: Asked) -> Q:
        """The part of the tally that is asked for: an owner is all its rows know of whose a customer is."""
        rows = self.seen(asked)
        if owner := asked.whole("owner", 1, 2**62):
            rows &= Q(owner=owner)
        if status := asked.one_of("status", Customer.Status.values):
            rows &= Q(status=status)
        return rows

    def _line(self, asked: Asked, by: str, value: Value, count: int, whole: int) -> Line:
        chosen = {by: value.code} if value.key else {"where": f"{by}~empty"}
        url = self.list_url(asked, **_filters(asked), **chosen)
        more = {"value": value.code or None}
        return line(Cell(value.text, url), Cell(count, url), share(count, whole), more=more)

    def heading(self, asked: Asked) -> str:
        return f"{self.title}{_(': ')}{_label(_by(asked))}"

    def ways(self, asked: Asked) -> list[Link]:
        return [Link(_label(by), asked.address.but(by=by), by == _by(asked), key=by) for by in ways_for(asked.user)]

    def filters(self, asked: Asked) -> list[FilterBox]:
        owner, status = shown(Customer, "owner"), shown(Customer, "status")
        if is_hidden(Customer, "owner", asked.user):
            return [FilterBox("status", str(status.label), "choice", asked.get("status"),
                              choices=choices_of(status, None))]  # fmt: skip
        return [
            FilterBox("owner", str(owner.label), "choice", asked.get("owner"), choices=choices_of(owner, asked.user)),
            FilterBox("status", str(status.label), "choice", asked.get("status"), choices=choices_of(status, None)),
        ]

    def keeps(self) -> tuple[str, ...]:
        return ("by",)


class Value:
    """One value that customers may have: its number in the tally, its words, and what the list is asked for."""

    def __init__(self, key: int, text: str, code: str) -> None:
        self.key, self.text, self.code = key, text, code


def values_of(by: str, counts: dict[int, int]) -> list[Value]:
    """All values of a way in the order of the dictionary, also those nobody has; last what is not filled in."""
    category = Customer._meta.get_field(by).category
    items = DictionaryItem.objects.filter(category=category).order_by("position", "id")
    rows = list(items.values_list("pk", "value", "entry", "deleted_at"))
    if by == "level":
        found = [Value(pk, entry, value) for pk, value, entry, gone in rows if gone is None or pk in counts]
    else:
        words = {value: entry for _pk, value, entry, gone in rows if gone is None}
        found = [Value(n, f"{n} {words.get(str(n), '')}".strip(), str(n)) for n in range(1, 6)]
    return [*found, *([Value(0, _("Not filled in"), "")] if counts.get(0) else [])]


def _by(asked: Asked) -> str:
    return asked.one_of("by", ways := ways_for(asked.user), ways[0])


def ways_for(user: Any) -> list[str]:
    """By the fields this person may see. Raises Forbidden where there is none."""
    if found := [by for by in WAYS if not is_hidden(Customer, by, user)]:
        return sorted(found, key=lambda by: by != "level")
    raise Forbidden


def _label(by: str) -> str:
    return str(shown(Customer, by).label)


def _filters(asked: Asked) -> dict[str, Any]:
    return {name: asked.get(name) for name in ("owner", "status") if name not in asked.errors}


def _counts(by: str, rows: Q) -> Any:
    tally = CustomerTally.objects.filter(rows, by=by, n__gt=0).order_by()
    return tally.values_list("value").annotate(Sum("n"))


def _chart(lines: list[Line], whole: int) -> dict[str, Any]:
    return {
        "kind": "pie",
        "labels": [one.cells[0].value for one in lines],
        "series": [{"name": _("Customers"), "values": [one.cells[1].value for one in lines]}],
        "urls": [one.cells[1].url for one in lines],
        "middle": [f"{whole:,}", _("customers")],
    }
