"""A question to a list: scene, search, filters, order and page, read from an address. Pages and API share it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, models
from django.db.models import BooleanField, Case, F, Func, Q, Subquery, Value, When
from django.utils.translation import gettext as _

from liuke.core import statements
from liuke.core.conditions import LOOKUPS, condition, one_of, readable
from liuke.core.display import Shown, shown
from liuke.core.fields import LongTextField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liuke.core.models import RecordQuerySet
    from liuke.core.resource import Resource

COUNT_CAP = 10_000
FEW = 500  # so many rows are quicker sorted than looked up in the order of a large table
LAST_NUMBERED_PAGE = 100
CONTROL = {"scene", "search", "ordering", "limit", "page", "after", "tab"}


@dataclass
class Listing:
    """The rows of a Resource that a person asked for. `errors` names the parameters that made no sense."""

    resource: Resource
    user: Any
    params: Mapping[str, str]
    action: str = "view"

    def __post_init__(self) -> None:
        self.errors: dict[str, list[str]] = {}
        self.conditions: dict[str, Q] = {}
        self.choices: dict[str, list[tuple[str, str]]] = {}  # what filters offer, by path
        self.deleted = self.params.get("status") == "deleted"
        for name, value in self.params.items():
            if name not in CONTROL and not (name == "status" and self.deleted):
                self._read_filter(name, value)

    def _read_filter(self, name: str, value: str) -> None:
        path, _sep, lookup = name.rpartition("__")
        if lookup not in LOOKUPS:
            path, lookup = name, "exact"
        try:
            known = shown(self.resource.model, path)
            if path not in filterable(self.resource):
                raise FieldDoesNotExist
            if value != "":
                self.conditions[name] = condition(known, lookup, value)
        except (FieldDoesNotExist, AttributeError):
            self.errors[name] = [_("There is no such parameter")]
        except (ValidationError, ValueError, ArithmeticError):
            self.errors[name] = [_("“%(value)s” is not a valid value") % {"value": value}]

    # the rows

    @cached_property
    def question(self) -> Question:
        """What all rows that match have in common; the person's scope comes first."""
        scope = self.resource.where(self.user, "restore" if self.deleted else self.action)
        asked = (*self.conditions.values(), self._search(), self._scene())
        return Question(self.resource.model, (scope, *(one for one in asked if one)))

    @property
    def filtered(self) -> RecordQuerySet:
        """All rows that match, in no order."""
        return self.question.rows()

    def _search(self) -> Q:
        found = Q()
        for word in self.params.get("search", "")[:200].split()[:10]:
            found &= one_of(self.resource.search, word)
        return found

    def _scene(self) -> Q:
        scene = next((s for s in self.resource.scenes if s.key == self.params.get("scene")), None)
        return scene.rows(self.resource, self.user) if scene else Q()

    @cached_property
    def few(self) -> list[int] | None:
        """The ids of all matches when they are few, else None.

        Neither database knows how rare a value is among the rows one person sees. Asked for the newest of a handful,
        it may walk through all the others; asked for any few, without an order, it goes by the filter.
        """
        if not self._narrowed and self._counted > FEW:
            return None  # many
        found = statements.rows(_some, self.question, FEW + 1)
        return [pk for (pk,) in found] if len(found) <= FEW else None

    @property
    def _narrowed(self) -> bool:
        """Whether something was asked for beside all that the person may see."""
        return bool(self.conditions or self.params.get("search") or self.params.get("scene"))

    @cached_property
    def count(self) -> int:
        """The number of rows, never counted past COUNT_CAP + 1."""
        return self._counted if self.few is None else len(self.few)

    @cached_property
    def _counted(self) -> int:
        return statements.count(_some, self.question, COUNT_CAP + 1)

    @property
    def count_text(self) -> str:
        return _capped(self.count)

    @cached_property
    def ordering(self) -> str:
        asked = self.params.get("ordering", "")
        if _bare(asked) in sortable(self.resource):
            return asked
        if asked:
            self.errors["ordering"] = [_("The list cannot be sorted by “%(value)s”") % {"value": asked}]
        return self.resource.ordering

    @property
    def ordered(self) -> RecordQuerySet:
        return self._sought.rows().order_by(*self._order)

    @property
    def _sought(self) -> Question:
        return self.question if self.few is None else self.question.also(Q(pk__in=tuple(self.few)))

    @property
    def _order(self) -> tuple[str, ...]:
        down = self.ordering.startswith("-")
        return (self.ordering,) if _bare(self.ordering) == "id" else (self.ordering, "-id" if down else "id")

    def page(self, start: int, stop: int, read: Reader) -> list[dict[str, Any]]:
        """Rows `start` to `stop` in order, with the values that `read` names."""
        return self._read(self._sought, start, stop, read)

    def page_after(self, cursor: str, count: int, read: Reader) -> list[dict[str, Any]]:
        """The rows that follow a cursor: deep pages by key, so that page 5,000 costs what page 1 does."""
        return self._read(self._sought.also(self._after(cursor)), 0, count, read)

    def _read(self, question: Question, start: int, stop: int, read: Reader) -> list[dict[str, Any]]:
        read = Reader(read.names | {_bare(self.ordering)}, read.marks)  # the cursor of the last row needs it
        found = statements.rows(_page, question, self._order, start, stop, read)
        return [dict(zip(read.all_names, row, strict=True)) for row in found]

    def _after(self, cursor: str) -> Q:
        try:
            value, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            if type(pk) is not int or abs(pk) >= 2**63 or not (value is None or readable(value)):
                raise ValueError(cursor)
            known = shown(self.resource.model, _bare(self.ordering))
            return _behind(known, self.ordering, value, pk)
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
            raise ValidationError({"after": [_("“%(value)s” is not a valid value") % {"value": cursor}]}) from None

    def cursor(self, row: models.Model | dict[str, Any]) -> str:
        """The place of a row in this order, to go on behind it."""
        name = _bare(self.ordering)
        get = row.get if isinstance(row, dict) else lambda key: getattr(row, key)
        field: Any = self.resource.model._meta.get_field(name)
        value = get(field.attname) if not isinstance(row, dict) else get(name)
        text = json.dumps([None if value is None else field.value_to_string(_Holder(field, value)), get("id")])
        return base64.urlsafe_b64encode(text.encode()).decode()


def counted(rows: models.QuerySet) -> str:
    """How many rows there are, in the words of the list that shows them: never past COUNT_CAP."""
    return _capped(rows.order_by()[: COUNT_CAP + 1].count())


def _capped(count: int) -> str:
    return f"{COUNT_CAP:,}+" if count > COUNT_CAP else f"{count:,}"


class Question(NamedTuple):
    """The rows of a model for which all these conditions hold."""

    model: type[models.Model]
    conditions: tuple[Q, ...]

    def also(self, condition: Q) -> Question:
        return Question(self.model, (*self.conditions, condition))

    def rows(self) -> Any:
        rows = self.model._base_manager.all()
        for one in self.conditions:
            rows = rows.filter(one) if one else rows
        return rows


@dataclass(frozen=True)
class Reader:
    """What is read of each row: columns by their paths, and marks, which are conditions that hold or not."""

    names: frozenset[str]
    marks: tuple[tuple[str, Q | None], ...] = ()  # None: holds for every row

    @cached_property
    def all_names(self) -> tuple[str, ...]:
        return (*sorted(self.names), *(name for name, _condition in self.marks))

    def __call__(self, rows: Any) -> Any:
        marked = rows.annotate(**{name: _mark(condition) for name, condition in self.marks})
        return marked.values_list(*self.all_names)


def _mark(condition: Q | None) -> Any:
    if condition is None:
        return Value(True, output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


# What is asked of the database: functions of their arguments alone, for `statements`.


def _some(question: Question, most: int) -> Any:
    """Any `most` of the rows. A database goes by several indexes for an OR only at a price: it is asked arm by arm."""
    first, *others = [arm.rows().order_by().values_list("pk") for arm in _arms(question)]
    return first.union(*others, all=True)[:most] if others else first[:most]


def _arms(question: Question) -> list[Question]:
    """Questions that find the same rows together, each once: one for every arm of the first OR."""
    parts = [part for condition in question.conditions for part in _parts(condition)]
    place = next((n for n, part in enumerate(parts) if part.connector == Q.OR and not part.negated), None)
    if place is None:
        return [question]
    arms = [arm if isinstance(arm, Q) else Q(arm) for arm in parts[place].children]
    rest = (*parts[:place], *parts[place + 1 :])
    return [Question(question.model, (*rest, arm, *(~one for one in arms[:n]))) for n, arm in enumerate(arms)]


def _parts(condition: Q) -> list[Q]:
    """The conditions an AND is made of."""
    if condition.connector != Q.AND or condition.negated:
        return [condition]
    return [part for child in condition.children for part in (_parts(child) if isinstance(child, Q) else [Q(child)])]


def _page(question: Question, order: tuple[str, ...], start: int, stop: int, read: Reader) -> Any:
    """The inner question needs no more than an index; wide rows are read for one page only."""
    chosen = question.rows().order_by(*order).values("pk")[start:stop]
    return read(question.model._base_manager.filter(Among(F("pk"), Chosen(chosen))).order_by(*order))


class Chosen(Subquery):
    empty_result_set_value = NotImplemented  # nothing to choose from: no answer, rather than `IN NULL`


class Among(Func):
    """`IN`, worked out before anything else; left a choice, PostgreSQL joins a whole table to everything first."""

    output_field = BooleanField()
    template, arg_joiner = "%(expressions)s", " IN "

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", **context)


class _Holder:
    """Lets a field turn a bare value into its text form."""

    def __init__(self, field: models.Field, value: Any) -> None:
        setattr(self, field.attname, value)


@cache
def filterable(resource: Resource) -> set[str]:
    """Every declared column, every own field of the model that is shown, and declared filters."""
    model = resource.model
    own = {f.name for f in model._meta.concrete_fields if f.name not in (*resource.hidden, "deleted_at")}
    return own | {column for column in resource.columns if isinstance(column, str)} | set(resource.filters)


@cache
def sortable(resource: Resource) -> set[str]:
    """Own fields that have an order people understand; long texts and names of references have none."""
    return {
        f.name
        for f in resource.model._meta.concrete_fields
        if not isinstance(f, LongTextField | models.TextField | models.JSONField) and f.name not in resource.hidden
    }


def _bare(ordering: str) -> str:
    return ordering.removeprefix("-")


def _behind(known: Shown, ordering: str, value: Any, pk: int) -> Q:
    """Rows behind (value, pk). Where empty values stand differs: PostgreSQL sorts them last going up, SQLite first."""
    name, down = known.path, ordering.startswith("-")
    step = "lt" if down else "gt"
    if name == "id":
        return Q(**{f"id__{step}": pk})
    same_value = {f"{name}__isnull": True} if value is None else {name: known.field.to_python(value)}
    behind = Q(**same_value, **{f"id__{step}": pk})
    empty_last = known.field.null and down == (connection.vendor == "sqlite")
    if value is None:
        return behind if empty_last else behind | Q(**{f"{name}__isnull": False})
    behind |= Q(**{f"{name}__{step}": known.field.to_python(value)})
    if empty_last:
        return behind | Q(**{f"{name}__isnull": True})
    return behind & Q(**{f"{name}__{step}e": known.field.to_python(value)})  # says it once more, as an index reads it
