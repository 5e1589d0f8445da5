"""`Resource`: how people see an entity. It only names things; each door is a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import BooleanField, Case, F, Q, Value, When
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liuke.core import statements
from liuke.core.access import NOBODY

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from liuke.core.doors.columns import Computed
    from liuke.core.forms import VerbForm
    from liuke.core.models import Record, RecordQuerySet


DONE = _("Done")
LINK = "link"  # what a verb tells under this name is an address of the house, and told as a whole one


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
    batch: bool = False  # also for many rows of a list at once: the dialog is shown once, see `VerbForm`
    when: Callable[[Any], bool] | None = None  # of which records' pages the button is a part at all
    grant: str = ""  # the permission it needs, where that is not its own name
    tells: str = ""  # the verb returns something that is shown once, under this name


@dataclass(frozen=True)
class Scene:
    """A tab above a list: a named condition, and the order its rows stand in unless another one is asked for."""

    key: str
    label: Any
    rows: Callable[[Resource, Any], Q]
    ordering: str = ""
    shown_to: Callable[[Any], bool] | None = None  # whose lists have the tab; everybody's when None
    whole: bool = False  # shows what other lists of the entity leave out


@dataclass(frozen=True)
class Tab:
    """A tab of a detail page: `fill` returns what its template needs, `count` the rows whose number it tells."""

    key: str
    label: Any
    template: str
    fill: Callable[[Any, Any], dict[str, Any]]
    action: str = "view"
    count: Callable[[Any, Any], QuerySet] | None = None
    order: int = 50
    shown_to: Callable[[Any], bool] | None = None  # where it needs another permission than its record

    def is_for(self, resource: Resource, user: Any) -> bool:
        return resource.may(user, self.action) and (self.shown_to is None or self.shown_to(user))


@dataclass(frozen=True)
class Flag:
    """A badge beside a record's name wherever `path` has this value: in lists and on its page."""

    path: str
    value: Any
    tone: str
    label: Any


@dataclass(frozen=True)
class Menu:
    """Where a list stands in the menu; `needs` is the act a person must be allowed to have the entry shown.

    `label` is what the entry is called where that is not the entity's plural, `scene` the tab it opens.
    """

    group: str
    order: int
    needs: str = "view"
    waiting: Callable[[Any], Q] | None = None  # the rows that wait for a person: counted on every page, up to 99
    label: Any = ""
    scene: str = ""
    entered_last: bool = False  # among what may be entered newly: a house's own business stands before it
    listed: bool = True  # whether the menu shows it at all; else it is found by search and links


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
    sought: ClassVar[tuple[str, ...]] = ()  # the same for a table too large for the index: see `search.found`
    filters: ClassVar[tuple[str, ...]] = ()
    scenes: ClassVar[tuple[Scene, ...]] = (ALL,)
    fields: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()  # (group title, field names)
    own: ClassVar[tuple[str, ...]] = ("created_by",)
    verbs: ClassVar[tuple[Verb, ...]] = ()
    stats: ClassVar[Stats | None] = None
    flags: ClassVar[tuple[Flag, ...]] = ()
    ordering: ClassVar[str] = "-id"
    left_out: ClassVar[tuple[str, Any] | None] = None  # field and value of rows no list shows unless it is asked for
    choice_order: ClassVar[tuple[str, ...]] = ()  # of the choices in forms; by name when empty
    chosen_by_all: ClassVar[bool] = False  # whether forms offer all of them to people who do not see their list
    hidden: ClassVar[tuple[str, ...]] = ()  # model fields no door ever shows
    secret: frozenset[str] = frozenset()  # model fields one person may not see, see `field_rights.seen_by`
    fixed: frozenset[str] = frozenset()  # those he may not write, the secret ones among them
    whole: Resource  # of an entity as one person may know it: the entity itself
    guarded: ClassVar[tuple[str, ...]] = ()  # references named only to whoever sees the record: no column, no export
    required_when_entered: ClassVar[tuple[str, ...]] = ()
    extensible: ClassVar[bool] = False  # whether administrators may add fields to it
    letters: ClassVar[str] = ""  # the field of an A to Z bar above the list (CONT-03)
    match: ClassVar[tuple[tuple[str, ...], ...]] = ()  # by which fields an imported row is known, beside its number
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {}  # what headers of other people's tables call a field
    state_fields: ClassVar[tuple[str, ...]] = ()  # what only verbs change, and an import of the past may set
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
        past = ["import_history"] if self.state_fields else []
        entered = ["import", "purge"] if self.fields else []
        return ["view", "create", "update", "delete", "export", *entered, *past, *granted]

    @cache  # noqa: B019  there is one object of each Resource, for as long as the process lives
    def grant_of(self, action: str) -> str:
        """The permission an act needs: restoring goes with deleting, some verbs with another act."""
        verb = self.verb(action)
        return "delete" if action == "restore" else verb.grant if verb and verb.grant else action

    def verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.verbs if verb.name == name), None)

    def scenes_of(self, user: Any) -> list[Scene]:
        """The scenes this person has; of another one his lists know nothing."""
        return [scene for scene in self.scenes if scene.shown_to is None or scene.shown_to(user)]

    # who may, which rows

    def may(self, user: Any, action: str) -> bool:
        """Function permission: whether any grant allows the act at all."""
        return user.reach(self.name, self.grant_of(action)) is not None

    def range(self, user: Any, action: str) -> Q:
        """The rows this person may do the act to. Entities narrow it further."""
        reach = user.reach(self.name, self.grant_of(action))
        return reach.rows(user, self.own) if reach else NOBODY

    def reached(self, user: Any, action: str) -> Q:
        """The same; for deleting for good the grant alone decides, however an entity narrows its range."""
        return Resource.range(self, user, action) if action == "purge" else self.range(user, action)

    def own_rows(self, user: Any) -> Q:
        from liuke.core.access import Reach

        return Reach(own=True).rows(user, self.own)

    def team_rows(self, user: Any) -> Q:
        from liuke.core.access import Reach

        return Reach(departments=user.led_departments).rows(user, self.own) & ~self.own_rows(user)

    @cached_property
    def usual(self) -> Q:
        """The rows that lists show of themselves."""
        return ~Q(**{self.left_out[0]: self.left_out[1]}) if self.left_out else Q()

    def offered(self, user: Any, action: str) -> Q:
        """The rows of a list that carry a button for the act."""
        return self.range(user, action)

    def where(self, user: Any, action: str = "view") -> Q:
        """The same, and alive, or deleted where the act is to restore or to purge."""
        if action in ("restore", "purge"):
            return ~Q(deleted_at=None) & self.reached(user, action)
        return Q(deleted_at=None) & self.range(user, action)

    def binned(self, user: Any) -> Q:
        """What this person finds in the recycle bin: all that he may restore or delete for good."""
        back, away = self.where(user, "restore"), self.where(user, "purge")
        return back if not self.may(user, "purge") else away if not self.may(user, "restore") else back | away

    def rows(self, user: Any, action: str = "view", rows: RecordQuerySet | None = None) -> RecordQuerySet:
        return self._all(rows).filter(self.where(user, action))

    def find(self, user: Any, pk: int, actions: Iterable[str] = ()) -> Record | None:
        """The record if this person may see it, with `record.allowed`: the acts among `actions` in his range."""
        seen = self.where(user)
        if self.may(user, "restore") or self.may(user, "purge"):
            seen |= self.binned(user)
        asked = [action for action in actions if self.may(user, action)]
        found = statements.records(_found, self, seen, self.marks(user, asked), here=pk)
        for record in found:
            record.allowed = {action for action in asked if getattr(record, f"may_{action}")}
        return found[0] if found else None

    def marks(self, user: Any, actions: Iterable[str]) -> tuple[tuple[str, Q], ...]:
        """For each act the rows it reaches: what `marked` notes on each."""
        return tuple((action, self.reached(user, action)) for action in actions)

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

    def closed(self) -> str:
        """Why nothing can be entered now, whoever asks; empty while it can."""
        return ""

    def standing(self) -> str:
        """What people must know above the list and each record, such as where the rows come from."""
        return ""

    def badges(self, record: Record) -> list[tuple[str, str]]:
        """(tone, text) shown beside the record's name."""
        return []

    def keys(self, record: Record) -> tuple[str, ...]:
        """Up to six fields shown large under the record's name."""
        return ()

    def told(self, record: Record, name: str) -> str:
        """Markup for the value of a field, where the entity tells it in its own way."""
        return ""

    def detail(self, record: Record, user: Any, tab: str) -> dict[str, Any]:
        """What a detail template of the entity's own needs beside the common parts."""
        return {}

    def tell(self, user: Any, rows: list[dict[str, Any]]) -> None:
        """Put into a page of the list's rows what no column can read, such as names this reader alone may know."""

    def around(self, user: Any, door: str) -> dict[str, Any]:
        """What templates of the entity's own for its "list" or "form" need beside the common parts."""
        return {}

    def place(self, record: Record) -> str:
        """The menu entry a record's page stands under, where that is not the list's."""
        return ""

    def saved(self, record: Record) -> str:
        """What is said of a record that has just been entered."""
        return gettext("Saved")

    def after_create(self, user: Any, record: Record) -> str:
        """Where the browser goes once a record has been entered."""
        return self.after_save(user, record)

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


def marked(rows: Any, marks: tuple[tuple[str, Q], ...]) -> Any:
    """The rows with `may_<act>` for each act: one question tells what may be done with all of them."""
    names: dict[Q, str] = {}  # acts that reach equally far are asked for once
    for action, reach in marks:
        first = names.setdefault(reach, f"may_{action}")
        rows = rows.annotate(**{f"may_{action}": F(first) if first != f"may_{action}" else _marks(reach)})
    return rows


def _found(resource: Resource, seen: Q, marks: tuple[tuple[str, Q], ...]) -> Any:
    rows = resource.model._base_manager.filter(seen, pk=statements.HERE)
    return marked(rows, marks).select_related(*resource.related)


def _marks(rows: Q) -> Case:
    if not rows:
        return Case(When(pk__isnull=False, then=Value(True)), default=Value(False), output_field=BooleanField())
    return Case(When(rows, then=Value(True)), default=Value(False), output_field=BooleanField())
