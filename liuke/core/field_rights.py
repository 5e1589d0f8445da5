"""Which fields a person may see and change: a role may hide a field of an entity, or show it without letting it change.

Everything asks here. A door works with `seen_by(resource, user)`: the same Resource, declared without what this person
may not see, so that list, filter, form, export, API and search follow from the declaration as ever. Whatever prints a
loaded record (`display.value_html`, templates, history) asks `is_hidden` for the person who is looking.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, CharField, TextField

from liuke.core.register import has_resource, resource_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model

    from liuke.core.models import Record
    from liuke.core.resource import Resource

HIDDEN, READ = "hidden", "read"
# what lists, links, states and histories are made of
NEVER = ("id", "version", "deleted_at", "status", "number", "incomplete", "created_at", "updated_at")


class FieldRights(NamedTuple):
    """What a person may not see, and what he may not write, as (resource, field)."""

    hidden: frozenset[tuple[str, str]] = frozenset()
    fixed: frozenset[tuple[str, str]] = frozenset()  # shown or not, never written

    def __bool__(self) -> bool:
        return bool(self.hidden or self.fixed)


NONE = FieldRights()


def rights_of(user: Any) -> FieldRights:
    return getattr(user, "field_rights", None) or NONE


# what can be restricted at all


def restrictable(resource: Resource) -> list[str]:
    """The fields of an entity that a role may hide or fix: not what names a record, nor its state and number."""
    from liuke.core import extras

    model = resource.model
    own = [f.name for f in model._meta.concrete_fields if f.name not in resource.hidden]
    several = [f.name for f in model._meta.many_to_many if f.name in resource.field_names]
    first = [*resource.field_names, *own, *several, *extras.by_path(resource)]
    return [name for name in dict.fromkeys(first) if name not in _needed(resource)]


@lru_cache(maxsize=500)
def _needed(resource: Resource) -> frozenset[str]:
    """What every page of the entity is made of: the name of a record stands in links, notices and choices anyway."""
    from liuke.core.doors.columns import lead_of

    return frozenset(
        {*NEVER, resource.model.TEXT, resource.model.AUTHOR, *({lead_of(resource)} if resource.columns else ())}
    )


# the Resource as one person has it


def seen_by(resource: Resource, user: Any) -> Resource:
    """The entity as this person may know it; the same object where nothing is kept from him."""
    rights = rights_of(user)
    return _narrowed(getattr(resource, "whole", resource), rights) if rights else resource


@lru_cache(maxsize=2000)
def _narrowed(resource: Resource, rights: FieldRights) -> Resource:
    own = {name for name, _field in rights.hidden | rights.fixed}
    if resource.name not in own and not any(hides(rights, resource.model, path) for path in _paths(resource)):
        return resource
    return _Narrowing(resource, rights).made()


def _paths(resource: Resource) -> Iterator[str]:
    """Every path the declaration names: one may lead through another entity, such as `customer__owner`."""
    for column in resource.columns:
        yield from (column,) if isinstance(column, str) else column.fetch
    yield from (*resource.search, *resource.sought, *resource.filters, *(flag.path for flag in resource.flags))


class _Narrowing:
    """Takes out of a declaration what is hidden."""

    def __init__(self, resource: Resource, rights: FieldRights) -> None:
        self.of, self.rights = resource, rights

    def made(self) -> Resource:
        of, made = self.of, copy(self.of)
        for name in ("related", "usual"):  # worked out anew: the copy has other fields
            made.__dict__.pop(name, None)
        own = frozenset(field for name, field in self.rights.hidden if name == of.name)
        fixed = frozenset(field for name, field in self.rights.fixed if name == of.name)
        made.__dict__ |= {
            "whole": of, "secret": own | self._derived(own), "fixed": fixed | own,
            "hidden": (*of.hidden, *sorted(own)),
            "columns": tuple(one for one in of.columns if self._shows_column(one)),
            "search": self._shown(of.search), "sought": self._shown(of.sought), "filters": self._shown(of.filters),
            "fields": self._groups(own), "guarded": self._shown(of.guarded), "stats": self._stats(),
            "flags": tuple(flag for flag in of.flags if self.shows(flag.path)),
            "letters": of.letters if of.letters and self.shows(of.letters) else "",
            "required_when_entered": tuple(n for n in of.required_when_entered if n not in own | fixed),
            "state_fields": tuple(n for n in of.state_fields if n not in own | fixed),
        }  # fmt: skip
        return made

    def shows(self, path: str) -> bool:
        return not hides(self.rights, self.of.model, path)

    def _shown(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(path for path in paths if self.shows(path))

    def _shows_column(self, column: Any) -> bool:
        return all(map(self.shows, (column,) if isinstance(column, str) else column.fetch))

    def _groups(self, own: frozenset[str]) -> tuple[tuple[Any, tuple[str, ...]], ...]:
        left = ((title, tuple(name for name in names if name not in own)) for title, names in self.of.fields)
        return tuple((title, names) for title, names in left if names)

    def _stats(self) -> Any:
        from liuke.core.resource import Stats

        stats = self.of.stats
        if stats is None or not self.shows(stats.by):
            return None
        return stats if not stats.total or self.shows(stats.total) else Stats(stats.by)

    def _derived(self, own: frozenset[str]) -> set[str]:
        """What is only kept to be found by, of hidden fields."""
        return {f.name for f in self.of.model._meta.concrete_fields if own & set(getattr(f, "of", ()))}


def hides(rights: FieldRights, model: type[Model], path: str) -> bool:
    """Whether a path leads to, or through, a field that is hidden."""
    return bool(rights.hidden) and _hides(rights.hidden, model, path)


@lru_cache(maxsize=5000)
def _hides(hidden: frozenset[tuple[str, str]], model: Any, path: str) -> bool:
    parts = [path] if path.startswith("x_") else path.split("__")
    for part in parts:
        if has_resource(model):
            name = resource_of(model).name
            made_of = getattr(_field(model, part), "of", ())
            if (name, part) in hidden or any((name, one) in hidden for one in made_of):
                return True
        model = getattr(_field(model, part), "related_model", None) or model
    return False


def _field(model: Any, name: str) -> Any:
    return next((field for field in model._meta.get_fields() if field.name == name), None)


# who is looking

_looking: ContextVar[Any] = ContextVar("looking", default=None)


@contextmanager
def looking(user: Any) -> Iterator[None]:
    """Within it records are printed for this person."""
    token = _looking.set(user)
    try:
        yield
    finally:
        _looking.reset(token)


def onlooker() -> FieldRights:
    """What whoever is looking may not see; nothing is hidden where nobody does, as in jobs."""
    user = _looking.get()
    return NONE if user is None else rights_of(user)


def is_hidden(model: type[Model], path: str, user: Any = None) -> bool:
    """Whether this person, or whoever is looking, may not see the field."""
    rights = onlooker() if user is None else rights_of(user)
    return hides(rights, model, path)


# records that are read out by code, field by field

_reading: ContextVar[FieldRights] = ContextVar("reading", default=NONE)


@contextmanager
def reading_out(user: Any) -> Iterator[None]:
    """Within it every record that is read from the database is empty where this person may not see what stands there.

    For code that makes texts of records, such as a timeline. Nothing is written within it: such a record cannot be.
    """
    token = _reading.set(rights_of(user))
    try:
        yield
    finally:
        _reading.reset(token)


def veil(record: Any) -> None:
    """Called for each record that was read."""
    rights = _reading.get()
    if rights.hidden:
        _empty(record, rights)


def _empty(record: Any, rights: FieldRights) -> None:
    for field in record._meta.concrete_fields:
        if field.attname in record.__dict__ and hides(rights, type(record), field.name):
            record.__dict__ |= {field.attname: _nothing(field), "is_veiled": True}


def _nothing(field: Any) -> Any:
    if isinstance(field, BooleanField):
        return None if field.null else False
    return "" if isinstance(field, CharField | TextField) and not field.null else None


def veiled(user: Any, record: Any) -> Any:
    """A copy of a record that was read already, to be read out to this person."""
    rights = rights_of(user)
    return _veiled(record, rights) if rights.hidden else record


def _veiled(record: Record, rights: FieldRights) -> Any:
    made = copy(record)
    made._state = copy(record._state)
    made._state.fields_cache = {}
    _empty(made, rights)
    fields: Any = record._meta.concrete_fields
    for field in fields:
        if field.is_relation and field.is_cached(record) and getattr(made, field.attname) is not None:
            made._state.fields_cache[field.name] = _veiled(getattr(record, field.name), rights)
    return made
