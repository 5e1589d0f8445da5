"""What marketing shows on the home page: open opportunities, steps to do, waiting ones, wins, the funnel."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, formats
from liuke.core.field_rights import is_hidden
from liuke.core.listing import counted
from liuke.core.register import resource
from liuke.workspace.briefing import Brief, brief
from liuke.workspace.cards import Card, Figure, Line, card

from .models import Opportunity, PlanItem, SalesStage

SOME = 6  # rows of a card

brief(Brief(20, "opportunities", lazy("New opportunities"), "created_at", needs="follow"))
WON = {"status": "won"}
brief(Brief(40, "opportunities", lazy("Won"), "closed_at", WON, "amount", lazy("Amount won"), needs="follow"))


def _sees(user: Any) -> bool:
    return resource("opportunities").may(user, "view")


def _n(found: int | None) -> str:
    return formats.number(found or 0)


def _list(name: str, **filters: Any) -> str:
    return f"/{name}/?{urlencode(filters)}"


@card(10, "to_do")
def to_do(user: Any) -> Card | None:
    """My plan steps, overdue ones first."""
    if not resource("plan-items").may(user, "view"):
        return None
    rows = PlanItem.objects.visible_to(user).open().filter(executor=user)
    found = rows.aggregate(all=Count("pk"), overdue=Count("pk", filter=Q(date__lt=clock.today())))
    lines = rows.select_related("opportunity").order_by("date", "id")[:SOME] if found["all"] else []
    return Card(
        "to_do",
        _("My plan steps"),
        "/plan-items/?scene=todo",
        figures=[
            Figure(_("Overdue"), _n(found["overdue"]), "/plan-items/?scene=overdue", "red" if found["overdue"] else ""),
            Figure(_("To do"), _n(found["all"]), "/plan-items/?scene=todo"),
        ],
        lines=[_step(item) for item in lines],
        empty=_("All steps are done"),
    )


def _step(item: PlanItem) -> Line:
    late = item.date < clock.today()
    text = f"{item.content} · {item.opportunity.customer_name}"
    return Line(text, f"/plan-items/{item.pk}/", formats.day(item.date), "red" if late else "", "calendar-check")


@card(20, "waiting")
def waiting(user: Any) -> Card | None:
    """Opportunities nobody has been given yet, for those who may assign; for others in sales, those open to all."""
    if not _sees(user):
        return None
    assigns = resource("opportunities").may(user, "assign")
    if not assigns and resource("opportunities").may(user, "follow"):
        return None  # an account manager has the own ones to look at
    rows = Opportunity.objects.visible_to(user, "assign" if assigns else "view").filter(status="unassigned")
    found = counted(rows)
    return Card(
        "waiting",
        _("Waiting for assignment"),
        "/opportunities/?scene=waiting",
        figures=[Figure(_("Unassigned"), found, "/opportunities/?scene=waiting", "" if found == "0" else "amber")],
        lines=[
            Line(o.customer_name, f"/opportunities/{o.pk}/", formats.ago(o.created_at), icon="target-arrow")
            for o in rows.order_by("-id")[:SOME]
        ],
        empty=_("Everything is assigned"),
    )


@card(30, "open")
def open_ones(user: Any) -> Card | None:
    """My opportunities in development, those closing first on top."""
    if not resource("opportunities").may(user, "follow"):
        return None
    rows = Opportunity.objects.visible_to(user).filter(status="assigned", assignee=user)
    found = rows.aggregate(n=Count("pk"), total=Sum("amount"))
    if not found["n"]:
        return None
    url = _list("opportunities", scene="mine", status="assigned")
    total, told = found["total"] or 0, not is_hidden(Opportunity, "amount", user)
    expected = Figure(_("Expected amount"), formats.short_money(total), url, hint=formats.money(total))
    return Card(
        "open",
        _("My open opportunities"),
        url,
        figures=[Figure(_("In development"), _n(found["n"]), url), *([expected] if told else [])],
        lines=[
            Line(o.customer_name, f"/opportunities/{o.pk}/", formats.day(o.expected_close), icon="target-arrow")
            for o in rows.order_by(F("expected_close").asc(nulls_last=True), "id")[:SOME]
        ],
    )


@card(50, "funnel")
def funnel(user: Any) -> Card | None:
    """Opportunities in development by stage: a chart, and the same figures as a table."""
    if not resource("opportunities").may(user, "follow") or is_hidden(Opportunity, "stage", user):
        return None  # who sees only unassigned ones has nothing in development
    told = not is_hidden(Opportunity, "amount", user)
    rows = Opportunity.objects.visible_to(user).filter(status="assigned").order_by()
    counted = {row["stage"]: row for row in rows.values("stage").annotate(n=Count("pk"), total=Sum("amount"))}
    stages = list(SalesStage.objects.alive().order_by("position"))
    figures: list[tuple[SalesStage, Any]] = [(stage, counted.get(stage.pk, {})) for stage in stages]
    return Card(
        "funnel",
        _("Funnel by stage"),
        "/opportunities/?status=assigned",
        chart={
            "kind": "steps",
            "labels": [stage.name for stage in stages],
            "series": [{"name": _("Opportunities"), "values": [row.get("n", 0) for _stage, row in figures]}],
            "urls": [_list("opportunities", status="assigned", stage=stage.pk) for stage in stages],
        },
        head=[_("Stage"), _("Opportunities"), _("Amount")],
        table=[
            [
                Line(stage.name, _list("opportunities", status="assigned", stage=stage.pk)),
                row.get("n", 0),
                formats.money(row.get("total") or 0) if told else formats.NOTHING,
            ]
            for stage, row in figures
        ],
        wide=True,
    )
