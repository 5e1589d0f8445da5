"""The entries of all sources as one list: narrow arms joined by UNION ALL, wide rows read for one page only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from liuke.core import statements
from liuke.core.links import link_of
from liuke.core.listing import COUNT_CAP, Question, some_of
from liuke.workspace.models import Task
from liuke.workspace.models.tasks import LIVING, OPEN

from .sources import sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from .sources import Source

CHUNK = 1000
MANY = 2000  # tasks
FEW = 1000  # so many entries of a source are sorted rather than looked up in the order of all
STATES = {"none": None, "open": OPEN, "done": ("done",)}  # what became of an entry, by the states of its task


class Key(NamedTuple):
    """An entry by its source's place in the register and its id."""

    place: int
    pk: int


@dataclass(frozen=True)
class Entry:
    """One thing a customer said, ready to print."""

    source: Source
    pk: int
    at: datetime
    customer: int
    customer_name: str
    staff: int | None
    staff_name: str
    title: str
    text: str
    satisfaction: int | None
    url: str
    task: tuple[int, str, str] | None  # id, title, status

    @property
    def state(self) -> str:
        return "none" if self.task is None else "done" if self.task[2] == "done" else "open"


@dataclass(frozen=True)
class Arm:
    """What is asked of one source."""

    place: int
    source: Source
    question: Question

    @cached_property
    def found(self) -> tuple[int, list[int]]:
        """How many there are, not counted far past COUNT_CAP, and their ids where these are few."""
        count, some = statements.counted(some_of, self.question, COUNT_CAP + 1, some=FEW + 1)
        return count, some if count <= FEW else []

    def newest(self, stop: int) -> Any:
        """(place, id, moment) of the first `stop` of them: a union knows no limit of its own for an arm.

        A few are sorted; in the order of a large table one might walk through all others to find them.
        """
        rows = self.question.rows()
        if stop and (pks := self._few(stop)) is not None:
            rows = self.source.model._base_manager.filter(pk__listed=pks)
        elif stop:
            some = rows.order_by(f"-{self.source.at}", "-pk").values("pk")[:stop]
            rows = self.source.model._base_manager.filter(pk__in=some)
        place = Value(self.place, output_field=IntegerField())
        told = rows.order_by().annotate(_place=place, _pk=F("pk"), _at=F(self.source.at))
        return told.values_list("_place", "_pk", "_at")

    def _few(self, stop: int) -> list[int] | None:
        """The ids of all where they are few, or where a deep page would need most of them; else None."""
        count, some = self.found
        if count <= FEW:
            return some
        if stop <= FEW or count > COUNT_CAP:
            return None
        return [pk for (pk,) in statements.rows(some_of, self.question, COUNT_CAP)]


def arms(wanted: Iterable[tuple[Source, Q]]) -> list[Arm]:
    """One for each source that is asked, with the conditions on it."""
    places = {one.key: place for place, one in enumerate(sources())}
    return [Arm(places[one.key], one, Question(one.model, (rows,))) for one, rows in wanted]


def count(asked: list[Arm]) -> int:
    """How many entries there are, never counted far past COUNT_CAP."""
    return min(sum(arm.found[0] for arm in asked), COUNT_CAP + 1)


def page(asked: list[Arm], start: int, stop: int) -> list[Entry]:
    """Entries `start` to `stop`, the newest first."""
    return read([Key(place, pk) for place, pk, _at in _joined(asked, stop)[start:stop]]) if asked else []


def everything(asked: list[Arm]) -> Iterator[Entry]:
    """All of them, for files: their keys are kept, the rest is read and let go of by the chunk."""
    keys = [Key(place, pk) for place, pk, _at in _joined(asked, 0).iterator(chunk_size=CHUNK)] if asked else []
    for start in range(0, len(keys), CHUNK):
        yield from read(keys[start : start + CHUNK])


def _joined(asked: list[Arm], stop: int) -> Any:
    first, *others = [arm.newest(stop) for arm in asked]
    rows = first.union(*others, all=True) if others else first
    return rows.order_by("-_at", "_place", "-_pk")


def read(keys: list[Key]) -> list[Entry]:
    """The entries of these keys in their order: one question for each source, one for their tasks."""
    found: dict[Key, dict[str, Any]] = {}
    for place, one in enumerate(sources()):
        pks = [key.pk for key in keys if key.place == place]
        if pks:
            rows = one.model._base_manager.filter(pk__in=pks).order_by().values(*_names(one))
            found |= {Key(place, row["pk"]): row for row in rows}
    tasks = _tasks(found)
    return [_entry(key, found[key], tasks.get(key)) for key in keys if key in found]


def _names(one: Source) -> set[str]:
    paths = {"pk", one.at, one.customer, f"{one.customer}__name", one.staff, f"{one.staff}__name", one.text, one.title}
    return paths | {one.page_of} | ({one.satisfaction} if one.satisfaction else set())


def _entry(key: Key, row: dict[str, Any], task: tuple[int, str, str] | None) -> Entry:
    one = sources()[key.place]
    return Entry(
        one, key.pk, row[one.at], row[one.customer], row[f"{one.customer}__name"], row[one.staff],
        row[f"{one.staff}__name"] or "", row[one.title] or "", row[one.text] or "",
        row[one.satisfaction] if one.satisfaction else None, one.url(row[one.page_of]), task,
    )  # fmt: skip


def _tasks(keys: Iterable[Key]) -> dict[Key, tuple[int, str, str]]:
    links = {sources()[key.place].link(key.pk): key for key in keys}
    if not links:
        return {}
    rows = Task.objects.alive().filter(source=Task.Source.FEEDBACK, status__in=LIVING, record__in=list(links))
    return {links[link]: (pk, title, status) for link, pk, title, status in rows.values_list(
        "record", "pk", "title", "status")}  # fmt: skip


def in_state(one: Source, state: str) -> Q:
    """Entries of a source with a task that is open, or done, or without one.

    Tasks are fewer than entries by far, so these are found by them; only where a house has made very many, each entry
    is asked for its own.
    """
    tasks = Task.objects.alive().filter(source=Task.Source.FEEDBACK, status__in=LIVING)
    states = STATES[state] or LIVING
    of_source = tasks.filter(record__startswith=f"{one.resource.name}/").order_by()
    found = list(of_source.values_list("record", "status")[: MANY + 1])
    if len(found) > MANY:
        link = Concat(Value(f"{one.resource.name}/"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
        holds = Q(Exists(tasks.filter(record=link, status__in=states)))
    else:
        named = (link_of(link) for link, status in found if status in states)
        holds = Q(pk__in=tuple(sorted(known[1] for known in named if known)))
    return holds if STATES[state] else ~holds
