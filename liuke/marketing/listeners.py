"""Whom marketing tells of what (5.4): assigned, reassigned, won, a plan step given or done, steps overdue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liuke.core.events import on
from liuke.core.models import Event
from liuke.core.notices import declare_kind, notify
from liuke.customers.pool import followed_up

from .models import FollowUpNote, Opportunity, PlanItem

declare_kind("opportunity.assigned", "user-check", "blue", text=_("%(actor)s assigned opportunity “%(record)s” to you"))
declare_kind(
    "opportunity.reassigned", "arrows-exchange", "blue", text=_("%(actor)s handed opportunity “%(record)s” over to you")
)
declare_kind(
    "opportunity.taken", "arrows-exchange", "grey",
    text=_("%(actor)s handed your opportunity “%(record)s” to %(assignee)s"),
)  # fmt: skip
declare_kind("opportunity.won", "check", "green", text=_("%(actor)s won opportunity “%(record)s”"))
declare_kind("plan.given", "calendar-check", "blue", text=_("%(actor)s gave you the step “%(record)s” of %(date)s"))
declare_kind("plan.done", "check", "green", text=_("%(actor)s carried out the step “%(record)s”"))
declare_kind("plan.overdue", "alert-triangle", "red", text=_("The step “%(record)s” of %(date)s is overdue"))


@on(Opportunity, "assign")
def assigned(opportunity: Opportunity, event: Event) -> None:
    notify([opportunity.assignee], "opportunity.assigned", record=opportunity, event=event)


@on(Opportunity, "reassign")
def reassigned(opportunity: Opportunity, event: Event) -> None:
    """The new assignee learns that it is his, the old one that it is gone (he no longer sees it)."""
    notify([opportunity.assignee], "opportunity.reassigned", record=opportunity, event=event)
    notify(
        [opportunity.former], "opportunity.taken", record=opportunity, event=event, url="/opportunities/",
        assignee=str(opportunity.assignee),
    )  # fmt: skip


@on(Opportunity, "win")
def won(opportunity: Opportunity, event: Event) -> None:
    notify(opportunity.assignee.superiors(), "opportunity.won", record=opportunity, event=event)


@on(PlanItem, "create")
def given(item: PlanItem, event: Event) -> None:
    notify([item.executor], "plan.given", record=item, event=event, date=item.date.isoformat())


@on(PlanItem, "update")
def handed_on(item: PlanItem, event: Event) -> None:
    if "executor" in event.changes:
        given(item, event)


@on(PlanItem, "execute")
def done(item: PlanItem, event: Event) -> None:
    """Whoever is responsible hears that somebody else has carried out a step (PLAN-07)."""
    assignee = item.opportunity.assignee
    notify([assignee, *assignee.superiors()], "plan.done", record=item, event=event)


@on(PlanItem, "execute")
def customer_followed_up(item: PlanItem, event: Event) -> None:
    _follow_up(item.opportunity, event)


@on(FollowUpNote, "create")
def customer_spoken_with(note: FollowUpNote, event: Event) -> None:
    _follow_up(note.opportunity, event)


def _follow_up(opportunity: Opportunity, event: Event) -> None:
    """Work on an opportunity is work for its customer: it does not go to the pool (POOL-03)."""
    if opportunity.customer_id:
        followed_up([opportunity.customer_id], event.at)
