"""The feedback list: what customers said, about what, to whom, and what has been done about it (SVC-14)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from liuke.core.conditions import containing, readable
from liuke.core.listing import Listing
from liuke.core.pages import FilterBox
from liuke.core.register import resource
from liuke.core.reports.paging import pager, place_of
from liuke.core.reports.report import Report, register_report
from liuke.core.reports.sheet import Cell, Column, Line, Sheet, line
from liuke.workspace.models import Task

from . import entries
from .entries import STATES, Entry
from .sources import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liuke.core.reports.report import Asked

    from .sources import Source

NAMED = 100  # letters of a name that are looked for
PEOPLE = 300  # offered by the filter


@register_report
class FeedbackList(Report):
    name = "feedback"
    title = lazy("Feedback from customers")
    icon = "message-2-check"
    menu = ("service", 60)
    params = ("kind", "name", "customer", "staff", "at__gte", "at__lte", "satisfaction", "state")
    paged = True

    @property
    def home(self) -> str:
        return "/feedback/"

    def may(self, user: Any, action: str = "view") -> bool:
        """Whoever sees any of the sources; of each he sees what he sees in its own list."""
        return any(one.may(user, action) for one in sources())

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        return (
            Column("about", _("About"), "text"), Column("kind", pgettext("feedback", "Kind"), "text"),
            Column("customer__text", _("Customer"), "text"),
            Column("text", pgettext("feedback", "What was said"), "long"),
            Column("satisfaction", _("Satisfaction"), "number"), Column("staff__text", _("Staff"), "text"),
            Column("at", _("Said at"), "datetime"), Column("state", _("Dealt with"), "text"),
        )  # fmt: skip

    def sheet(self, asked: Asked) -> Sheet:
        arms = self._arms(asked)
        number, size = place_of(asked)
        count = entries.count(arms)
        found = entries.page(arms, (number - 1) * size, number * size)
        may_give = resource("tasks").may(asked.user, "create")
        seen = self._seen_tasks(asked.user, found)
        lines = [_line(one, asked.user, may_give, seen) for one in found]
        return Sheet(self.columns(asked), lines, pager=pager(asked, count), count=count)

    def lines(self, asked: Asked) -> Iterator[Line]:
        for one in entries.everything(self._arms(asked)):
            yield _line(one, asked.user, may_give=False, seen=set())

    def count(self, asked: Asked) -> int:
        return entries.count(self._arms(asked))

    @staticmethod
    def _seen_tasks(user: Any, found: list[Entry]) -> set[int]:
        """Those tasks the reader may open."""
        pks = [one.task[0] for one in found if one.task]
        return set(Task.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()

    # what is asked

    def _arms(self, asked: Asked) -> list[entries.Arm]:
        wanted = asked.one_of("kind", [one.key for one in sources()])
        some = [one for one in sources() if one.may(asked.user, asked.action) and wanted in ("", one.key)]
        return entries.arms((one, one.seen(asked.user, asked.action) & self._condition(asked, one)) for one in some)

    def _condition(self, asked: Asked, one: Source) -> Q:
        found = _of_customer(asked, one.customer)
        if customer := asked.whole("customer", 1, 2**62):
            found &= Q(**{one.customer: customer})
        if staff := asked.whole("staff", 1, 2**62):
            found &= Q(**{one.staff: staff})
        first, last = _days(asked)
        if first:
            found &= Q(**{f"{one.at}__gte": _midnight(first)})
        if last:
            found &= Q(**{f"{one.at}__lt": _midnight(last) + timedelta(days=1)})
        if mark := asked.whole("satisfaction", 1, 5):
            found &= Q(**{one.satisfaction: mark}) if one.satisfaction else Q(pk__in=[])
        if state := asked.one_of("state", STATES):
            found &= entries.in_state(one, state)
        return found

    def filters(self, asked: Asked) -> list[FilterBox]:
        first, last = (day.isoformat() if day else "" for day in _days(asked))
        people = resource("users").choices(asked.user).values_list("pk", "name")[:PEOPLE]
        kinds = [(one.key, str(one.label)) for one in sources() if one.may(asked.user, asked.action)]
        return [
            FilterBox("kind", pgettext("feedback", "Kind"), "choice", asked.get("kind"), choices=kinds),
            FilterBox("name", _("Customer name"), "text", asked.get("name")),
            FilterBox("staff", _("Staff"), "choice", asked.get("staff"),
                      choices=[(str(pk), name) for pk, name in people]),
            FilterBox("at", _("Said at"), "range", first, last, date=True),
            FilterBox("satisfaction", _("Satisfaction"), "choice", asked.get("satisfaction"),
                      choices=[(str(n), str(n)) for n in range(1, 6)]),
            FilterBox("state", _("Dealt with"), "choice", asked.get("state"),
                      choices=[(key, state_words(key)) for key in STATES]),
        ]  # fmt: skip


def state_words(state: str) -> str:
    return {
        "none": pgettext("feedback", "No task"), "open": pgettext("feedback", "Task is open"),
        "done": pgettext("feedback", "Task is done"),
    }[state]  # fmt: skip


def _of_customer(asked: Asked, path: str) -> Q:
    """Customers whose name holds the text: by the search index where they are few."""
    name = asked.get("name")[:NAMED]
    if not name:
        return Q()
    if not readable(name):
        asked.refuse("name")
        return Q()
    few = Listing(resource("customers"), asked.user, {"search": name, "name__contains": name}).few
    return Q(**{f"{path}__name__{containing(name)}": name}) if few is None else Q(**{f"{path}__in": tuple(few)})


def _days(asked: Asked) -> tuple[date | None, date | None]:
    found: list[date | None] = []
    for name in ("at__gte", "at__lte"):
        try:
            day = date.fromisoformat(asked.get(name)) if asked.get(name) else None
        except ValueError:
            day = None
        if asked.get(name) and (day is None or not 1900 <= day.year <= 9000):
            asked.refuse(name)
            day = None
        found.append(day)
    return found[0], found[1]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _line(one: Entry, user: Any, may_give: bool, seen: set[int]) -> Line:
    more = {"id": one.pk, "source": one.source.key, "customer": one.customer, "staff": one.staff,
            "task": one.task[0] if one.task and one.task[0] in seen else None}  # fmt: skip
    kind = str(one.source.label)
    return line(
        Cell(one.title or kind, one.url), kind, one.customer_name, one.text, one.satisfaction, one.staff_name,
        one.at, _state(one, may_give, seen), more=more,
    )  # fmt: skip


def _state(one: Entry, may_give: bool, seen: set[int]) -> Cell:
    """The task that was made of it, or the way to one."""
    words = state_words(one.state)
    if one.task:
        return Cell(words, f"/tasks/{one.task[0]}/" if one.task[0] in seen else "")
    if not may_give:
        return Cell(words)
    return Cell(words, f"/feedback/{one.source.key}/{one.pk}/task/", _("Make a task"), dialog=True)
