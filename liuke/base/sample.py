"""What all samples share: the diary that lets things happen in their order, and the words of the base data."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from liuke.core import clock

from . import sample_fields
from .models import City, DictionaryItem, Industry, SettingsChange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from liuke.accounts.models import User
    from liuke.core.models import Record

COMPANY = "海川仪表"


class Diary:
    """What happens on which day: noted in any order, carried out in the order of time, so that ids follow it.

    Days are told as "days ago"; nothing happens at a weekend, nor later than `until`.
    """

    def __init__(self, today: date, until: datetime) -> None:
        self.today, self.until = today, until
        self._acts: list[tuple[datetime, Callable[[], object]]] = []

    def workday(self, ago: int) -> date:
        """The day so many days ago, or the last working day before it."""
        day = self.today - timedelta(days=ago)
        friday = day - timedelta(days=max(0, day.weekday() - 4))
        first_of_month_at_weekend = ago == 0 and friday.month != day.month
        return day if first_of_month_at_weekend else friday  # what was done "today" stays in this month

    def due(self, ahead: int) -> date:
        """A day of a plan: today as it is, other days moved off the weekend, away from today."""
        day = self.today + timedelta(days=ahead)
        weekend = max(0, day.weekday() - 4)
        if ahead == 0 or not weekend:
            return day
        return day + timedelta(days=3 - weekend) if ahead > 0 else day - timedelta(days=weekend)

    def note(self, moment: datetime, act: Callable[[], object]) -> None:
        self._acts.append((moment, act))

    def play(self) -> None:
        """Let everything happen, each act while the clock shows its moment."""
        for moment, act in sorted(self._acts, key=lambda noted: noted[0]):
            with clock.at(min(moment, self.until)):
                act()
        self._acts.clear()


class Thread:
    """The acts on one record, each later than the one before; its dice fall the same way every time."""

    def __init__(self, diary: Diary, name: str, after: datetime | None = None) -> None:
        self.diary, self.dice = diary, Random(name)  # noqa: S311 — samples, no secrets
        self.last = after

    def then(self, ago: float, act: Callable[[], object]) -> None:
        moment = self._moment(max(0, round(ago)))
        if self.last and moment <= self.last:
            moment = self.last + timedelta(minutes=self.dice.randint(3, 12))
        self.last = moment
        self.diary.note(moment, act)

    def make(
        self, ago: float, record: Record, by: User | None, extra: dict[str, Any] | None = None, **links: Record
    ) -> None:
        """Enter a record that hangs on others; by then they will exist. `extra` are values of added fields."""

        def enter() -> None:
            for name, other in links.items():
                setattr(record, name, other)
            record.create(by=by, extra=extra)

        self.then(ago, enter)

    def _moment(self, ago: int) -> datetime:
        hours = (8, 9) if ago == 0 else (8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 16, 17)
        at = time(self.dice.choice(hours), self.dice.randrange(60), self.dice.randrange(60))
        return datetime.combine(self.diary.workday(ago), at, timezone.get_default_timezone())


class Words:
    """Texts taken in turn, so that neighbours in a list differ."""

    def __init__(self, texts: Mapping[Any, Sequence[Any]]) -> None:
        self._turns = {key: itertools.cycle(row) for key, row in texts.items()}

    def next(self, key: Any) -> Any:
        return next(self._turns[key])


class Lookup:
    """Dictionary items, industries and cities by the word people use, read once."""

    def __init__(self) -> None:
        rows = DictionaryItem.objects.alive().order_by("position", "id")
        self._items = {(item.category, item.entry): item for item in rows}
        self.industries = {industry.name: industry for industry in Industry.objects.alive()}
        self.cities = {city.name: city for city in City.objects.alive()}

    def item(self, category: str, entry: str) -> DictionaryItem:
        return self._items[category, entry]

    def items(self, category: str) -> list[DictionaryItem]:
        return [item for (known, _entry), item in self._items.items() if known == category]


def load(admin: User, logins: list[list[str]]) -> None:
    """The settings of the demo house, and the fields it has added."""
    sample_fields.load(admin)
    SettingsChange().apply({"company_name": COMPANY, "demo_logins": logins}, by=admin)
