"""The sales funnel: how many opportunities came how far, by stage, by owner and by month (BI-02).

An opportunity has reached its stage and all before it; a won one has reached them all. What one that was moved back had
reached once does not count: figures are those of the list as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.accounts.models import User
from liuke.core import clock
from liuke.core.conditions import condition
from liuke.core.display import shown
from liuke.core.doors.filterbar import choices_of
from liuke.core.listing import Question
from liuke.core.pages import FilterBox, Link
from liuke.core.reports.report import register_report
from liuke.core.reports.sheet import Cell, Column, Line, Sheet, line, share
from liuke.marketing.models import Opportunity

from .analysis import DECISIONS, Analysis
from .funnel_counts import PERIOD, Groups, by_month, grouped, stages_of
from .periods import Span, a_year_of, days_of, months, no_more_months

if TYPE_CHECKING:
    from liuke.core.reports.report import Asked

WAYS = {"stage": lazy("By stage"), "owner": lazy("By owner"), "month": lazy("By month")}
MOST_STAGES = 9  # a list joins ten conditions at most: so many stages, and won
MOST_OWNERS = 200
BOUNDS = (f"{PERIOD}__gte", f"{PERIOD}__lte")


@register_report
class Funnel(Analysis):
    name = "funnel"
    title = lazy("Sales funnel")
    icon = "chart-funnel"
    menu = ("reports", 60)
    grant = DECISIONS
    entity = "opportunities"
    made_of = ("opportunities.amount", "opportunities.stage", "opportunities.assignee", "opportunities.closed_at")
    own = ("assignee", "creator")
    params = ("by", "assignee", *BOUNDS)

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        by = _by(asked)
        if by == "stage":
            return (
                Column("stage", _("Stage"), "text"), Column("reached", _("Came so far")),
                Column("conversion", _("Went on"), "share"), Column("developing", _("In development")),
                Column("amount", _("Expected amount"), "money"), Column("lost", _("Lost here")),
            )  # fmt: skip
        first = Column("owner__text", _("Owner"), "text") if by == "owner" else Column("month", _("Month"), "text")
        return (
            first, Column("count", _("Opportunities")), Column("developing", _("In development")),
            Column("won", _("Won")), Column("lost", _("Lost")), Column("rate", _("Win rate"), "share"),
            Column("won_amount", _("Amount won"), "money"),
        )  # fmt: skip

    def sheet(self, asked: Asked) -> Sheet:
        return {"stage": self._by_stage, "owner": self._by_owner, "month": self._by_month}[_by(asked)](asked)

    # by stage

    def _by_stage(self, asked: Asked) -> Sheet:
        found = grouped(self._question(asked), "stage")
        stages = stages_of(found)
        lines = [self._stage(asked, found, stages, place) for place in range(len(stages))]
        lines.append(self._won(asked, found))
        return Sheet(self.columns(asked), lines if found.count() else [], chart=_drawn(lines))

    def _stage(self, asked: Asked, found: Groups, stages: list[tuple[int, str]], place: int) -> Line:
        pk, name = stages[place]
        ahead = [one for one, _name in stages[place:]]
        reached = found.reached(ahead)
        further = found.reached(ahead[1:])
        here = {"stage": pk, "status": "assigned"}
        url = self._url(asked, **here)
        return line(
            name,
            Cell(reached, self._reached_url(asked, ahead)),
            share(further, reached),
            Cell(found.count(stage=pk, status="assigned"), url),
            Cell(found.amount(stage=pk, status="assigned"), url),
            Cell(found.count(stage=pk, status="lost"), self._url(asked, stage=pk, status="lost")),
            more={"id": pk},
        )

    def _won(self, asked: Asked, found: Groups) -> Line:
        url = self._url(asked, status="won")
        return line(_("Won"), Cell(found.count(status="won"), url), None, 0, 0, 0, more={"id": None})

    def _reached_url(self, asked: Asked, ahead: list[int]) -> str:
        """The list of all that are in one of these stages, or won."""
        if len(ahead) > MOST_STAGES:
            return ""
        return self._url(asked, where=[*(f"stage~is~{pk}" for pk in ahead), "status~is~won"], any="1")

    # by owner, by month

    def _by_owner(self, asked: Asked) -> Sheet:
        found = grouped(self._question(asked), "assignee")
        held = {key: found.count(assignee=key) for key in found.keys("assignee") if key is not None}
        some = sorted(held, key=lambda key: (-held[key], key))[:MOST_OWNERS]
        names = dict(User.objects.filter(pk__in=some).values_list("pk", "name"))
        lines = [self._line(asked, found, names[pk], {"assignee": pk}, {"assignee": pk}, {"owner": pk}) for pk in some]
        if found.count(assignee=None):
            chosen = {"where": "assignee~empty"}
            lines.append(self._line(asked, found, _("Nobody yet"), {"assignee": None}, chosen, {"owner": None}))
        note = _("The first %(n)s rows") % {"n": MOST_OWNERS} if len(held) > MOST_OWNERS else ""
        return Sheet(self.columns(asked), lines, chart=_bars(lines[:15]), note=note)

    def _by_month(self, asked: Asked) -> Sheet:
        spans = months(*_period(asked))
        found = by_month(self._question(asked), spans)
        lines = [
            self._line(asked, found, first.isoformat()[:7], {"month": first.isoformat()},
                       dict(zip(BOUNDS, (first.isoformat(), last.isoformat()), strict=True)), {})
            for first, last in spans
        ]  # fmt: skip
        return Sheet(self.columns(asked), lines if found.count() else [], chart=_bars(lines))

    def _line(
        self, asked: Asked, found: Groups, label: str, key: dict[str, Any], chosen: dict[str, Any], more: dict[str, Any]
    ) -> Line:
        n = {status: found.count(**key, status=status) for status in ("assigned", "won", "lost")}
        urls = {status: self._url(asked, **{**chosen, "status": status}) for status in n}
        url = self._url(asked, **chosen)
        return line(
            Cell(label, url), Cell(found.count(**key), url), Cell(n["assigned"], urls["assigned"]),
            Cell(n["won"], urls["won"]), Cell(n["lost"], urls["lost"]), share(n["won"], n["won"] + n["lost"]),
            Cell(found.amount(**key, status="won"), urls["won"]), more=more,
        )  # fmt: skip

    # what is asked

    def _question(self, asked: Asked) -> Question:
        rows = [Q(deleted_at=None), self.seen(asked)]
        if assignee := asked.whole("assignee", 1, 2**62):
            rows.append(Q(assignee=assignee))
        known = shown(Opportunity, PERIOD)
        for name, day in zip(BOUNDS, _period(asked), strict=True):
            rows.append(condition(known, name.rpartition("__")[2], day.isoformat()))
        return Question(Opportunity, tuple(one for one in rows if one))

    def _url(self, asked: Asked, **chosen: Any) -> str:
        first, last = _period(asked)
        period = {BOUNDS[0]: first.isoformat(), BOUNDS[1]: last.isoformat()}
        kept = {"assignee": asked.get("assignee")} if "assignee" not in asked.errors else {}
        return self.list_url(asked, **{**period, **kept, **chosen})

    def heading(self, asked: Asked) -> str:
        return f"{self.title}{_(': ')}{WAYS[_by(asked)]}"

    def ways(self, asked: Asked) -> list[Link]:
        return [Link(str(label), asked.address.but(by=by), by == _by(asked), key=by) for by, label in WAYS.items()]

    def filters(self, asked: Asked) -> list[FilterBox]:
        first, last = _period(asked)
        owner, created = shown(Opportunity, "assignee"), shown(Opportunity, PERIOD)
        people = choices_of(owner, asked.user)
        return [
            FilterBox(PERIOD, str(created.label), "range", first.isoformat(), last.isoformat(), date=True),
            FilterBox("assignee", str(owner.label), "choice", asked.get("assignee"), choices=people),
        ]

    def chips(self, asked: Asked) -> list[Link]:
        """A period there is always: only what was asked for can be taken away."""
        return [chip for chip in super().chips(asked) if chip.url != asked.address.but()]

    def keeps(self) -> tuple[str, ...]:
        return ("by",)


def _by(asked: Asked) -> str:
    return asked.one_of("by", WAYS, "stage")


def _period(asked: Asked) -> Span:
    """First and last day; where they are not given, the last twelve months with this one."""
    span = a_year_of(*days_of(asked, BOUNDS), clock.today())
    return no_more_months(asked, BOUNDS, span) if _by(asked) == "month" else span


def _drawn(lines: list[Line]) -> dict[str, Any]:
    return _chart("steps", lines)


def _bars(lines: list[Line]) -> dict[str, Any]:
    return _chart("bar", lines)


def _chart(kind: str, lines: list[Line]) -> dict[str, Any]:
    return {
        "kind": kind,
        "labels": [str(one.cells[0].value) for one in lines],
        "series": [{"name": _("Opportunities"), "values": [one.cells[1].value for one in lines]}],
        "urls": [one.cells[1].url for one in lines],
    }
