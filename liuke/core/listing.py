"""A question to a list: scene, search, filters, order and page, read from an address. Pages and API share it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, models
from django.db.models import BooleanField, Case, F, Q, Value, When
from django.utils.translation import gettext as _

from liuke.core import added_order, extras, statements
from liuke.core.conditions import LOOKUPS, condition, readable
from liuke.core.display import Shown, shown
from liuke.core.field_rights import seen_by
from liuke.core.fields import LongTextField
from liuke.core.search.found import EVERYTHING, Seen, hides_texts, is_indexed, searched
from liuke.core.subqueries import Among, Chosen
from liuke.core.wheres import Where, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from liuke.core.models import RecordQuerySet
    from liuke.core.resource import Resource, Scene

COUNT_CAP = 10_000
ALIVE = Q(deleted_at=None)
FEW = 500  # so many rows are quicker sorted than looked up in the order of a large table
SORTED = 5_000  # so many rows are sorted by an added field; of more an index of its values finds the first
REMEMBERED = 1_000  # questions
LAST_NUMBERED_PAGE = 100
CONTROL = {"scene", "search", "ordering", "limit", "page", "after", "tab", "ids", "where", "any", "columns", "view"}


@dataclass
class Listing:
    """The rows of a Resource that a person asked for. `errors` names the parameters that made no sense."""

    resource: Resource
    user: Any
    params: Mapping[str, Any]  # texts, and for `where` a list of them
    action: str = "view"
    most: int = 0  # how far it is counted, COUNT_CAP when 0

    def __post_init__(self) -> None:
        self.resource = seen_by(self.resource, self.user)
        self.errors: dict[str, list[str]] = {}
        self.conditions: dict[str, Q] = {}
        self.choices: dict[str, list[tuple[str, str]]] = {}  # what filters offer, by path
        self.deleted = self.params.get("status") == "deleted"
        for name, value in self.params.items():
            if name not in CONTROL and not (name == "status" and self.deleted):
                self._read_filter(name, value)
        if "ids" in self.params:
            self.conditions["ids"] = Q(pk__in=ids_of(self.params["ids"]))
        self._read_where()
        if self.params.get("scene") and self.scene is None:
            text = _("There is no scene “%(value)s” here, or you may not see it; the other conditions hold")
            self.errors["scene"] = [text % {"value": self.params["scene"]}]

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

    def _read_where(self) -> None:
        """The rows of the advanced filter."""
        lines, how = self.params.get("where", ()), self.params.get("any", "")
        if how not in ("", "1"):
            self.errors["any"] = [_("“%(value)s” is not a valid value") % {"value": how}]
        if lines:
            try:
                self.conditions["where"] = joined(self.resource, filterable(self.resource), lines, how == "1")
            except ValidationError as wrong:
                self.errors["where"] = wrong.messages

    # the rows

    @cached_property
    def question(self) -> Question:
        """What all rows that match have in common; the person's scope comes first."""
        scope = self.resource.binned(self.user) if self.deleted else self.resource.where(self.user, self.action)
        asked = (*self.conditions.values(), self._search(), *self._contained(), self._scene(), self._usual())
        return Question(self.resource.model, (scope, *(one for one in asked if one)))

    @property
    def filtered(self) -> RecordQuerySet:
        """All rows that match, in no order."""
        return self.question.rows()

    def _contained(self) -> list[Q]:
        """What a text of the record's own holds is found by the search index, which has all of its signs.

        The condition itself still decides: the index finds what sounds alike, too.
        """
        if self.params.get("search") or hides_texts(self.resource):
            return []
        texts = [name.removesuffix("__contains") for name in self.conditions if name.endswith("__contains")]
        words = [
            self.params[f"{path}__contains"] for path in texts if path in self.resource.search and "__" not in path
        ]
        return [searched(self.resource, word, self._seen) for word in words if is_indexed(word)]

    def _search(self) -> Q:
        return searched(self.resource, self.params.get("search", ""), self._seen)

    @property
    def _seen(self) -> Seen:
        """What the person may see whatever he asks for."""
        if not self._limited:
            return EVERYTHING
        scope = self.resource.where(self.user, self.action)
        rows = Question(self.resource.model, (scope,))
        return Seen(scope, lambda most: statements.count(some_of, rows, most + 1))

    def _scene(self) -> Q:
        return self.scene.rows(self.resource, self.user) if self.scene else Q()

    def _usual(self) -> Q:
        """What is left out as a rule is there for whoever looks for it: by its field, words, ids, or its scene."""
        resource = self.resource
        if (
            not resource.left_out
            or self.params.get("search")
            or "ids" in self.params
            or (self.scene and self.scene.whole)
        ):
            return Q()
        names = {*self.params, *(Where.read(line).path for line in self.params.get("where", ()))}
        return Q() if any(name.split("__")[0] == resource.left_out[0] for name in names) else resource.usual

    @cached_property
    def scene(self) -> Scene | None:
        return next((s for s in self.resource.scenes_of(self.user) if s.key == self.params.get("scene")), None)

    @cached_property
    def few(self) -> list[int] | None:
        """The ids of all matches when they are few, else None.

        Neither database knows how rare a value is among the rows one person sees. Asked for the newest of a handful,
        it may walk through all the others; asked for any few, without an order, it goes by the filter.
        """
        if self.is_long or not (self._narrowed or self._limited):
            return None  # many, or all there are: found in their order at once
        count, some = self._first
        if not count:
            return []
        return some or [pk for (pk,) in statements.rows(some_of, self.question, FEW + 1)]

    @property
    def is_long(self) -> bool:
        """Whether it is taken for more than FEW rows: it was when it was last asked for, or so many have been met."""
        some = min(FEW, self.most or FEW)
        return _many.get(self.question, 0) > some or self._first[0] > some

    @cached_property
    def at_once(self) -> int | None:
        """How many rows there are; None where one would have to walk through many to tell."""
        return None if self.is_long else self._first[0]

    @property
    def _narrowed(self) -> bool:
        """Whether something was asked for beside all that the person may see."""
        return bool(self.conditions or self.params.get("search") or self.scene)

    @property
    def _limited(self) -> bool:
        """Whether there may be rows that the person does not see."""
        return self.deleted or bool(self.resource.range(self.user, self.action))

    @property
    def _most(self) -> int:
        return self.most or COUNT_CAP

    @cached_property
    def count(self) -> int:
        """The number of rows, never counted past COUNT_CAP + 1, or `most` + 1."""
        return self._found[0]

    @cached_property
    def _found(self) -> tuple[int, list[int]]:
        """How many there are, and some of them where they may be few: one walk through the matches tells both.

        Where there were too many to count, passing by them tells in half the time whether there still are.
        """
        most = self._most + 1
        if "_first" in self.__dict__ and self._first[0] <= FEW:
            return self._first
        if _many.get(self.question, 0) >= most and statements.rows(some_of, self.question, most, most - 1):
            return most, []
        return self._walk(most)

    @cached_property
    def _first(self) -> tuple[int, list[int]]:
        """The same as far as FEW rows."""
        return self._found if self.most or "_found" in self.__dict__ else self._walk(FEW + 1)

    def _walk(self, most: int) -> tuple[int, list[int]]:
        if self._narrowed:
            found = statements.counted(some_of, self.question, most, some=FEW)
        else:
            found = statements.count(some_of, self.question, most), []
        _remember(self.question, found[0])
        return found

    @property
    def count_text(self) -> str:
        return self.text_of(self.count)

    def text_of(self, count: int) -> str:
        return _capped(count, self._most)

    @cached_property
    def ordering(self) -> str:
        asked = self.params.get("ordering", "")
        if _bare(asked) in sortable(self.resource) or extras.order(self.resource, asked):
            return asked
        if asked:
            self.errors["ordering"] = [_("The list cannot be sorted by “%(value)s”") % {"value": asked}]
        usual = (self.scene and self.scene.ordering) or self.resource.ordering
        return usual if _bare(usual) in sortable(self.resource) else "-id"

    @cached_property
    def added(self) -> extras.Order | None:
        """The order of an added field, where that is asked for."""
        return extras.order(self.resource, self.ordering)

    @property
    def ordered(self) -> QuerySet:
        rows = self._sought.rows()
        return self.added.sorted(rows, None) if self.added else rows.order_by(*self._order)

    @property
    def _sought(self) -> Question:
        return self.question if self.few is None else self.question.also(Q(pk__in=tuple(self.few)))

    @property
    def _order(self) -> tuple[str, ...]:
        down = self.ordering.startswith("-")
        return (self.ordering,) if _bare(self.ordering) == "id" else (self.ordering, "-id" if down else "id")

    def page(self, start: int, stop: int, read: Reader) -> list[dict[str, Any]]:
        """Rows `start` to `stop` in order, with the values that `read` names."""
        if self.added:
            return self._in_added(self.added, None, start, stop, read)
        if start == 0 and self.few is None:
            return self.first(stop, read)
        return self._read(self._sought, start, stop, read)

    def first(self, count: int, read: Reader) -> list[dict[str, Any]]:
        """The first rows in order, when nobody asks how many there are: mostly they are among the newest."""
        newest = _newest(self.question) if self._order == ("-id",) else None
        found = self._read(newest, 0, count, read) if newest else []
        found = found if len(found) == count else self._read(self.question, 0, count, read)
        if len(found) < count:
            _remember(self.question, len(found))  # next time they are told to be few
        return found

    def page_after(self, cursor: str, count: int, read: Reader) -> list[dict[str, Any]]:
        """The rows that follow a cursor: deep pages by key, so that page 5,000 costs what page 1 does."""
        if self.added:
            return self._in_added(self.added, self._place(self.added, cursor), 0, count, read)
        return self._read(self._sought.also(self._after(cursor)), 0, count, read)

    def _read(self, question: Question, start: int, stop: int, read: Reader) -> list[dict[str, Any]]:
        read = self._with_order(read)
        found = statements.rows(_page, question, self._order, start, stop, read)
        return [dict(zip(read.all_names, row, strict=True)) for row in found]

    def _in_added(
        self, order: extras.Order, behind: extras.Place | None, start: int, stop: int, read: Reader
    ) -> list[dict[str, Any]]:
        read = self._with_order(read)
        many = self.few is None and (self._found[0] > SORTED or order.leads(self.question))
        ask = added_order.found if many else added_order.sorted_ones
        found = ask(self._sought, order, behind, start, stop, read)
        return [dict(zip(read.all_names, row, strict=True)) for row in found]

    def _with_order(self, read: Reader) -> Reader:
        """The last row's cursor needs what the list is in order by."""
        names = read.names | {_bare(self.ordering)}
        return Reader(names, read.marks, extras.columns(self.resource, names))

    def _after(self, cursor: str) -> Q:
        known = shown(self.resource.model, _bare(self.ordering))
        return _read_cursor(cursor, lambda value, pk: _behind(known, self.ordering, value, pk))

    def _place(self, order: extras.Order, cursor: str) -> extras.Place:
        return _read_cursor(cursor, order.place)

    def cursor(self, row: models.Model | dict[str, Any]) -> str:
        """The place of a row in this order, to go on behind it."""
        name = _bare(self.ordering)
        get = row.get if isinstance(row, dict) else lambda key: getattr(row, key)
        field: Any = shown(self.resource.model, name).field
        value = get(field.attname) if not isinstance(row, dict) else get(name)
        text = json.dumps([None if value is None else field.value_to_string(_Holder(field, value)), get("id")])
        return base64.urlsafe_b64encode(text.encode()).decode()


def _read_cursor(cursor: str, make: Callable[[Any, int], Any]) -> Any:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if type(pk) is not int or abs(pk) >= 2**63 or not (value is None or readable(value)):
            raise ValueError(cursor)
        return make(value, pk)
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        raise ValidationError({"after": [_("“%(value)s” is not a valid value") % {"value": cursor}]}) from None


def counted(rows: models.QuerySet) -> str:
    """How many rows there are, in the words of the list that shows them: never past COUNT_CAP."""
    return _capped(rows.order_by()[: COUNT_CAP + 1].count(), COUNT_CAP)


def _capped(count: int, most: int) -> str:
    return f"{most:,}+" if count > most else f"{count:,}"


class Question(NamedTuple):
    """The rows of a model for which all these conditions hold."""

    model: type[models.Model]
    conditions: tuple[Q, ...]

    def also(self, condition: Q) -> Question:
        return Question(self.model, (*self.conditions, condition))

    @property
    def parts(self) -> list[Q]:
        """The conditions, taken apart where an AND joins them."""
        return [part for condition in self.conditions for part in _parts(condition)]

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
    added: tuple[tuple[str, Any], ...] = ()  # what the names of added fields stand for

    @cached_property
    def all_names(self) -> tuple[str, ...]:
        return (*sorted(self.names), *(name for name, _condition in self.marks))

    def __call__(self, rows: Any) -> Any:
        marked = rows.annotate(**{name: _mark(condition) for name, condition in self.marks}, **dict(self.added))
        return marked.values_list(*self.all_names)


def _mark(condition: Q | None) -> Any:
    if condition is None:
        return Value(True, output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


_many: dict[Question, int] = {}  # how many there were last time: tells what to ask first, never what to answer


def _remember(question: Question, count: int) -> None:
    if len(_many) > REMEMBERED:
        _many.clear()
    _many[question] = count


# What is asked of the database: functions of their arguments alone, for `statements`.


def some_of(question: Question, most: int, start: int = 0) -> Any:
    """Any `most` of the rows. A database goes by several indexes for an OR only at a price: it is asked arm by arm."""
    if (found := _led(question)) is not None:
        return found[start:most]
    first, *others = [arm.rows().order_by().values_list("pk") for arm in arms_of(question)]
    return first.union(*others, all=True)[start:most] if others else first[start:most]


def _led(question: Question) -> Any:
    """The ids, found from the values of an added field: where these are few, or nothing else narrows the question."""
    parts = question.parts
    held = [part for part in parts if not part.negated and hasattr(part.children[0], "leading")]
    open_to_all = all(part == ALIVE or part in held for part in parts)
    lead: Any = next((part for part in held if open_to_all or part.children[0].leads), None)
    if lead is None:
        return None
    return lead.children[0].leading(Question(question.model, tuple(part for part in parts if part is not lead)).rows())


def _newest(question: Question) -> Question | None:
    """The same, asked of some thousand rows with the highest ids, where a part of it can name them at once."""
    parts = question.parts
    for place, part in enumerate(parts):
        newest = getattr(part.children[0], "newest", None)
        if newest is not None and not part.negated:
            return Question(question.model, (*parts[:place], newest, *parts[place + 1 :]))
    return None


def arms_of(question: Question) -> list[Question]:
    """Questions that find the same rows together, each once: one for every arm of the first OR."""
    parts = question.parts
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


class _Holder:
    """Lets a field turn a bare value into its text form."""

    def __init__(self, field: models.Field, value: Any) -> None:
        setattr(self, field.attname, value)


def ids_of(text: str) -> tuple[int, ...]:
    """The ids of a list with commas, each once; what is no id names no row."""
    found = (part for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 19)
    return tuple(dict.fromkeys(map(int, found)))


def filterable(resource: Resource) -> set[str]:
    """Every declared column, every own field of the model that is shown, declared filters, and all added fields."""
    return _declared(resource) | extras.by_path(resource).keys()


@cache
def _declared(resource: Resource) -> set[str]:
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
