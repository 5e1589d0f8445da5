"""`Resource`: how people see an entity. It only names things; each door is a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import BooleanField, Case, F, Q, Value, When
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext_lazy as _

from liuke.core.access import NOBODY

if TYPE_CHECKING:
    from liuke.core.doors.columns import Computed
    from liuke.core.forms import VerbForm
    from liuke.core.models import Record, RecordQuerySet


DONE = _("Done")


@dataclass(frozen=True)
class Verb:
    """A button for a verb of the model. Without a form it asks for nothing; the form's fields are the arguments."""

    name: str
    label: Any
    form: type[VerbForm] | None = None
    icon: str = ""
    style: str = ""
    done: Any = DONE
    text: Any = ""  # what the dialog says will happen
    template: str = "core/dialog.html"
    listed: bool = False  # also a row action in the list
    grant: str = ""  # the permission it needs, where that is not its own name
    tells: str = ""  # the verb returns something that is shown once, under this name


@dataclass(frozen=True)
class Scene:
    """A tab above a list: a named condition."""

    key: str
    label: Any
    rows: Callable[[Resource, Any], Q]


@dataclass(frozen=True)
class Tab:
    """A tab of a detail page: `fill` returns what its template needs."""

    key: str
    label: Any
    template: str
    fill: Callable[[Any, Any], dict[str, Any]]
    action: str = "view"


@dataclass(frozen=True)
class Menu:
    """Where a list stands in the menu; `needs` is the act a person must be allowed to have the entry shown."""

    group: str
    order: int
    needs: str = "view"


@dataclass(frozen=True)
class Stats:
    """The strip above a list: rows counted by a choice or reference, and a sum."""

    by: str
    total: str = ""


ALL = Scene("all", _("All"), lambda resource, user: Q())
MINE = Scene("mine", _("Mine"), lambda resource, user: resource.own_rows(user))
TEAM = Scene("team", _("My team’s"), lambda resource, user: resource.team_rows(user))


class Resource:
    """One entity as lists, forms, API and menu show it. Declare the attributes, override a method where needed."""

    model: ClassVar[type[Record]]
    icon: ClassVar[str] = "list"
    menu: ClassVar[Menu | None] = None
    columns: ClassVar[tuple[str | Computed, ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()
    filters: ClassVar[tuple[str, ...]] = ()
    scenes: ClassVar[tuple[Scene, ...]] = (ALL,)
    fields: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()  # (group title, field names)
    own: ClassVar[tuple[str, ...]] = ("created_by",)
    verbs: ClassVar[tuple[Verb, ...]] = ()
    stats: ClassVar[Stats | None] = None
    ordering: ClassVar[str] = "-id"
    choice_order: ClassVar[tuple[str, ...]] = ()  # of the choices in forms; by name when empty
    chosen_by_all: ClassVar[bool] = False  # whether forms offer all of them to people who do not see their list
    hidden: ClassVar[tuple[str, ...]] = ()  # model fields no door ever shows
    required_when_entered: ClassVar[tuple[str, ...]] = ()
    templates: ClassVar[dict[str, str]] = {}  # door → template of its own

    def __init__(self) -> None:
        self.tabs: list[Tab] = []  # upper modules sign theirs in

    @cached_property
    def name(self) -> str:
        return camel_case_to_spaces(type(self).__name__).replace(" ", "-")

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def label_plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def field_names(self) -> list[str]:
        return [name for _title, names in self.fields for name in names]

    @property
    def actions(self) -> list[str]:
        """Everything that can be granted on this resource."""
        granted = (verb.name for verb in self.verbs if not verb.grant)
        return ["view", "create", "update", "delete", "export", *granted]

    def grant_of(self, action: str) -> str:
        """The permission an act needs: restoring goes with deleting, some verbs with another act."""
        verb = self.verb(action)
        return "delete" if action == "restore" else verb.grant if verb and verb.grant else action

    def verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.verbs if verb.name == name), None)

    # who may, which rows

    def may(self, user: Any, action: str) -> bool:
        """Function permission: whether any grant allows the act at all."""
        return user.reach(self.name, self.grant_of(action)) is not None

    def range(self, user: Any, action: str) -> Q:
        """The rows this person may do the act to. Entities narrow it further."""
        reach = user.reach(self.name, self.grant_of(action))
        return reach.rows(user, self.own) if reach else NOBODY

    def own_rows(self, user: Any) -> Q:
        from liuke.core.access import Reach

        return Reach(own=True).rows(user, self.own)

    def team_rows(self, user: Any) -> Q:
        from liuke.core.access import Reach

        return Reach(departments=user.led_departments).rows(user, self.own) & ~self.own_rows(user)

    def offered(self, user: Any, action: str) -> Q:
        """The rows of a list that carry a button for the act."""
        return self.range(user, action)

    def where(self, user: Any, action: str = "view") -> Q:
        """The same, and alive, or deleted where the act is to restore."""
        if action == "restore":
            return ~Q(deleted_at=None) & self.range(user, "delete")
        return Q(deleted_at=None) & self.range(user, action)

    def rows(self, user: Any, action: str = "view", rows: RecordQuerySet | None = None) -> RecordQuerySet:
        return self._all(rows).filter(self.where(user, action))

    def find(self, user: Any, pk: int, actions: Iterable[str] = ()) -> Record | None:
        """The record if this person may see it, with `record.allowed`: the acts among `actions` in his range."""
        seen = self.where(user)
        if self.may(user, "restore"):
            seen |= self.where(user, "restore")
        asked = [action for action in actions if self.may(user, action)]
        rows = self.marked(self._all(None).filter(seen, pk=pk), user, asked)
        record = rows.select_related(*self.related).first()
        if record:
            record.allowed = {action for action in asked if getattr(record, f"may_{action}")}
        return record

    def marked(self, rows: Any, user: Any, actions: Iterable[str]) -> Any:
        """The rows with `may_<act>` for each act: one question tells what may be done with all of them."""
        marks: dict[Q, str] = {}  # acts that reach equally far are asked for once
        for action in actions:
            reach = self.range(user, action)
            first = marks.setdefault(reach, f"may_{action}")
            rows = rows.annotate(**{f"may_{action}": F(first) if first != f"may_{action}" else _marks(reach)})
        return rows

    def _all(self, rows: RecordQuerySet | None) -> RecordQuerySet:
        return self.model.objects.all() if rows is None else rows

    @cached_property
    def related(self) -> list[str]:
        return [f.name for f in self.model._meta.concrete_fields if f.many_to_one and f.name not in self.hidden]

    # what forms and lists may choose from, and what they add

    def choosable(self, user: Any) -> Q:
        """The rows of this entity that may be chosen in somebody's form."""
        return Q(deleted_at=None) if self.chosen_by_all else self.where(user)

    def choices(self, user: Any) -> RecordQuerySet:
        """The same, in the order they are offered in."""
        return self._all(None).filter(self.choosable(user)).order_by(*self.offering_order)

    @property
    def offering_order(self) -> tuple[str, ...]:
        return self.choice_order or (self.model.TEXT,)

    def initial(self, user: Any) -> dict[str, Any]:
        """What a new record's form starts with."""
        return {}

    def form_class(self) -> type | None:
        """A form of its own where the generated one does not do."""
        return None

    def badges(self, record: Record) -> list[tuple[str, str]]:
        """(tone, text) shown beside the record's name."""
        return []

    def keys(self, record: Record) -> tuple[str, ...]:
        """Up to six fields shown large under the record's name."""
        return ()

    def detail(self, record: Record, user: Any, tab: str) -> dict[str, Any]:
        """What a detail template of the entity's own needs beside the common parts."""
        return {}

    def after_save(self, user: Any, record: Record) -> str:
        """Where the browser goes after a save: the record, as long as the person still sees it."""
        seen = self.rows(user).filter(pk=record.pk).exists()
        return f"/{self.name}/{record.pk}/" if seen else f"/{self.name}/"

    def done(self, record: Record, verb: Verb, result: Any) -> str:
        """The message after a verb."""
        return str(verb.done)

    def after_delete(self, user: Any, record: Record) -> str:
        return f"/{self.name}/"

    def after_verb(self, user: Any, record: Record, name: str) -> str:
        return self.after_save(user, record)


def _marks(rows: Q) -> Case:
    if not rows:
        return Case(When(pk__isnull=False, then=Value(True)), default=Value(False), output_field=BooleanField())
    return Case(When(rows, then=Value(True)), default=Value(False), output_field=BooleanField())
