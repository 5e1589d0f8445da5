"""The entries of all sources as one list: narrow arms joined by UNION ALL, wide rows read for one page only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from liuke.core.listing import COUNT_CAP, Question
from liuke.workspace.models import Task
from liuke.workspace.models.tasks import LIVING, OPEN

from .sources import sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from .sources import Source

CHUNK = 1000
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

    def newest(self, stop: int) -> Any:
        """(place, id, moment) of the first `stop` of them: a union knows no limit of its own for an arm."""
        rows = self.question.rows()
        if stop:
            some = rows.order_by(f"-{self.source.at}", "-pk").values("pk")[:stop]
            rows = self.source.model._base_manager.filter(pk__in=some)
        place = Value(self.place, output_field=IntegerField())
        told = rows.order_by().annotate(_place=place, _pk=F("pk"), _at=F(self.source.at))
        return told.values_list("_place", "_pk", "_at")

    def some(self, most: int) -> Any:
        return self.question.rows().order_by().values_list("pk")[:most]


def arms(wanted: Iterable[tuple[Source, Q]]) -> list[Arm]:
    """One for each source that is asked, with the conditions on it."""
    places = {one.key: place for place, one in enumerate(sources())}
    return [Arm(places[one.key], one, Question(one.model, (rows,))) for one, rows in wanted]


def count(asked: list[Arm]) -> int:
    """How many entries there are, never counted far past COUNT_CAP."""
    left = COUNT_CAP + 1
    for arm in asked:
        left -= arm.some(left).count() if left > 0 else 0
    return COUNT_CAP + 1 - max(left, 0)


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
    """Entries of a source with a task that is open, or done, or without one."""
    link = Concat(Value(f"{one.resource.name}/"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    tasks = Task.objects.alive().filter(source=Task.Source.FEEDBACK, record=link)
    states = STATES[state]
    return Q(Exists(tasks.filter(status__in=states))) if states else ~Q(Exists(tasks.filter(status__in=LIVING)))
