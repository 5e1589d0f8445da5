"""The month so far beside the same days of the month before (销售简报): modules sign in what they count."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from liuke.core import clock, formats
from liuke.core.conditions import condition
from liuke.core.display import shown
from liuke.core.field_rights import is_hidden
from liuke.core.listing import Listing
from liuke.core.register import resource

from .cards import Card, Figure, card

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Brief:
    """Records of one kind, counted by their `day`; with `amount` their sum of money is told as well."""

    order: int
    resource: str
    label: str | _StrPromise
    day: str  # the field
    filters: Mapping[str, Any] = field(default_factory=dict)  # as in the address of the list
    amount: str = ""
    amount_label: str | _StrPromise = ""
    needs: str = "create"  # told to those who do this kind of work themselves, and to those above them
    standing: Callable[[], str] | None = None  # where the records come from and since when, if from elsewhere


_signed: list[Brief] = []


def brief(signed: Brief) -> None:
    """Sign a figure in."""
    _signed.append(signed)
    _signed.sort(key=lambda one: one.order)


@card(5, "briefing")
def briefing(user: Any) -> Card | None:
    """What this person, or the team he leads, has done this month."""
    first, today = clock.today().replace(day=1), clock.today()
    past = month_before(today)
    briefs = [one for one in _signed if _concerns(one, user)]
    figures = [figure for one in briefs for figure in _told(one, user, first, past)]
    if not figures:
        return None
    span = _("%(whose)s · %(first)s – %(last)s, beside the same days of last month") % {
        "whose": _whose(resource(briefs[0].resource), user), "first": formats.day(first), "last": formats.day(today),
    }  # fmt: skip
    standing = " ".join(dict.fromkeys(one.standing() for one in briefs if one.standing))
    return Card("briefing", _("Sales briefing of this month"), sub=span, figures=figures, full=True, standing=standing)


def month_before(day: date) -> tuple[date, date]:
    """The first day of the month before, and the day in it that `day` is in its own; the last one where it has none."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return day.replace(year=year, month=month, day=1), day.replace(
        year=year, month=month, day=min(day.day, monthrange(year, month)[1])
    )


def _concerns(one: Brief, user: Any) -> bool:
    counted = resource(one.resource)
    if is_hidden(counted.model, one.day, user):
        return False
    return counted.may(user, "view") and (bool(user.led_departments) or counted.may(user, one.needs))


def _told(one: Brief, user: Any, first: date, past: tuple[date, date]) -> list[Figure]:
    counted = resource(one.resource)
    kept = {**one.filters, **_scene(counted, user)}
    model, start = counted.model, past[0].isoformat()
    known, today = shown(model, one.day), clock.today().isoformat()
    now = condition(known, "gte", first.isoformat()) & condition(known, "lte", today)  # some are dated ahead
    before = condition(known, "lte", past[1].isoformat())
    asked: dict[str, Any] = {"now": Count("pk", filter=now), "before": Count("pk", filter=before)}
    amount = one.amount and not is_hidden(model, one.amount, user)
    if amount:
        asked |= {"sum_now": Sum(one.amount, filter=now), "sum_before": Sum(one.amount, filter=before)}
    found = Listing(counted, user, {**kept, f"{one.day}__gte": start}).filtered.aggregate(**asked)
    span = {f"{one.day}__gte": first.isoformat(), f"{one.day}__lte": today}
    url = f"/{one.resource}/?{urlencode({**kept, **span}, doseq=True)}"
    figures = [_figure(str(one.label), formats.number(found["now"]), url, found["now"], found["before"])]
    if amount:
        total, old = found["sum_now"] or Decimal(0), found["sum_before"] or Decimal(0)
        figures.append(
            _figure(str(one.amount_label), formats.short_money(total), url, total, old, formats.money(total))
        )
    return figures


def _scene(counted: Any, user: Any) -> dict[str, str]:
    """A head looks at his people, everybody else at himself; who sees all of the house, at all."""
    keys = {scene.key for scene in counted.scenes_of(user)}
    if not user.led_departments:
        return {"scene": "mine"} if "mine" in keys else {}
    return {} if _leads_all(user) or "team" not in keys else {"scene": "team"}


def _whose(counted: Any, user: Any) -> str:
    """The same in words: cards beside it count all that somebody sees."""
    key = _scene(counted, user).get("scene")
    return next((str(scene.label) for scene in counted.scenes_of(user) if scene.key == key), _("All"))


def _leads_all(user: Any) -> bool:
    return any(user.tree.parents.get(pk) is None for pk in user.led_departments)


def _figure(label: str, value: str, url: str, now: Any, before: Any, hint: str = "") -> Figure:
    tone = "green" if now > before else "red" if now < before else ""
    return Figure(label, value, url, hint=hint, change=_change(now, before), change_tone=tone if before else "")


def _change(now: Any, before: Any) -> str:
    if not before:
        return _("None last month")
    arrow = "↑" if now > before else "↓" if now < before else "→"
    return f"{arrow} {abs(100 * (Decimal(now) - before) / before):,.1f}%"
