"""What the opportunity's own page shows beside the common parts: stages, plan, notes, who can see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from markupsafe import Markup

from liuke.core import clock, statements
from liuke.core.doors.common import once
from liuke.core.forms import record_form
from liuke.core.history import history_of
from liuke.core.register import resource
from liuke.core.resource import marked

from .models import FollowUpNote, Opportunity, PlanItem, SalesStage

if TYPE_CHECKING:
    from liuke.accounts.models import User
    from liuke.core.resource import Resource

STEP_ACTS = ("update", "delete", "execute")
MARKS = {"won": ("☑", "green"), "lost": ("☐", "red")}


def result_mark(row: dict[str, Any]) -> Markup:
    """The tri-state of OPP-20: open greyed, won ticked, lost empty."""
    sign, tone = MARKS.get(row["status"], ("▣", "faint"))
    words = {"won": _("Won"), "lost": _("Lost")}.get(row["status"], _("Open"))
    mark = '<span class="{}" role="img" aria-label="{}" title="{}">{}</span>'
    return Markup(format_html(mark, tone, words, words, sign))


def opportunity_screen(resource: Resource, record: Opportunity, user: User, tab: str) -> dict[str, Any]:
    may_move = "set_stage" in record.allowed and not record.deleted_at
    shared: dict[str, Any] = {"stages": _stages(record), "may_move": may_move}
    if tab != "overview":
        return shared
    items = _items(record, user)
    return shared | {
        "plan": _plan(items),
        "plan_form": _plan_form(record, user),
        "plan_once": once(),
        "plan_acts": _plan_acts(record, items),
        "all_executed": bool(items) and all(item.executed_at for item in items) and record.status == "assigned",
        "visible_to": _visible_to(record, user),
        "recent": history_of(record, limit=4),
    }


def _stages(record: Opportunity) -> list[dict[str, Any]]:
    """The stage bar: done, present with days in it, to come."""
    stages = statements.records(_all_stages)
    place = next((i for i, stage in enumerate(stages) if stage.pk == record.stage_id), -1)
    days = (clock.now() - record.stage_since).days if record.stage_since else 0
    return [
        {"stage": stage, "state": "done" if i < place else "now" if i == place else "", "days": days}
        for i, stage in enumerate(stages)
    ]


def _all_stages() -> Any:
    return SalesStage.objects.alive().order_by("position")


def _items(record: Opportunity, user: User) -> list[Any]:
    """The steps, each with what this person may do with it."""
    plans = resource("plan-items")
    return statements.records(_steps, plans.where(user), plans.marks(user, STEP_ACTS), here=record.pk)


def _steps(seen: Q, marks: tuple[tuple[str, Q], ...]) -> Any:
    rows = PlanItem.objects.filter(seen, opportunity=statements.HERE)
    return marked(rows, marks).select_related("executor", "executed_by")


def _plan(items: list[PlanItem]) -> dict[str, Any]:
    done = sum(1 for item in items if item.executed_at)
    overdue = sum(1 for item in items if item.is_overdue)
    return {"rows": items, "count": len(items), "done": done, "overdue": overdue}


def _plan_acts(record: Opportunity, items: list[Any]) -> dict[str, set[int]]:
    """Which steps this person may change, delete or execute; nothing once the opportunity is closed."""
    closed = record.status != Opportunity.Status.ASSIGNED or record.deleted_at
    open_ones = [] if closed else [item for item in items if item.executed_at is None]
    return {act: {item.pk for item in open_ones if getattr(item, f"may_{act}")} for act in STEP_ACTS}


def _plan_form(record: Opportunity, user: User) -> Any:
    """The line that adds a step in place, for those who make the plan (PLAN-01)."""
    plans = resource("plan-items")
    if record.status != Opportunity.Status.ASSIGNED or record.deleted_at or not plans.may(user, "create"):
        return None
    initial = {"opportunity": record.pk, "date": clock.today(), "executor": record.assignee_id}
    form = record_form(plans, user, initial=initial, auto_id="step_%s")  # a dialog above it holds the same form
    return form if form.asks(*plans.field_names) else None


def _visible_to(record: Opportunity, user: User) -> str:
    """Who sees it, in words."""
    if record.assignee is None:
        return _("Until it is assigned, everybody in sales and marketing can see it")
    name = record.assignee.name
    superiors = "、".join(person.name for person in record.assignee.superiors(user.tree))
    if not superiors:
        return _("Only %(name)s can see it") % {"name": name}
    return _("Only %(name)s and superiors (%(superiors)s) can see it") % {"name": name, "superiors": superiors}


def notes_of(record: Opportunity, user: User) -> dict[str, Any]:
    notes = resource("follow-up-notes")
    rows = FollowUpNote.objects.visible_to(user).filter(opportunity=record).select_related("kind", "created_by")
    may_write = notes.may(user, "create") and record.status == "assigned" and not record.deleted_at
    form = record_form(notes, user, initial={"opportunity": record.pk}, auto_id="note_%s") if may_write else None
    if form and not form.asks("kind", "text", "next_contact_on"):
        form = None
    acts = _note_acts(record, user)
    return {"notes": rows.order_by("-id"), "note_form": form, "note_acts": acts, "note_once": once()}


def _note_acts(record: Opportunity, user: User) -> set[int]:
    """The notes this person may change and delete: the own ones, while the opportunity is open."""
    if record.status != Opportunity.Status.ASSIGNED or record.deleted_at:
        return set()
    mine = FollowUpNote.objects.visible_to(user, "update").filter(opportunity=record, created_by=user)
    return set(mine.values_list("pk", flat=True))
