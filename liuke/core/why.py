"""Why a person may do something to a record, or why not: told by the conditions that decide, asked of this record.

Nothing is worked out a second time. A role's part in an answer is what the same conditions say of somebody with this
role alone; what is told of a field is a part of such a condition that holds for the record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.translation import gettext as _

from liuke.core.display import shown
from liuke.core.field_rights import is_hidden
from liuke.core.history import verb_label
from liuke.core.resource import marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liuke.core.models import Record
    from liuke.core.resource import Resource

LOOKUPS = ("in", "lt", "gt", "lte", "gte", "isnull")


@dataclass(frozen=True)
class Reason:
    """A role that allows it by itself, how far it reaches, and what of the record lies within."""

    role: str
    scope: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """`reasons` where it is allowed, `obstacles` where it is not; `now` is what the record's state says against it."""

    allowed: bool
    reasons: tuple[Reason, ...] = ()
    obstacles: tuple[str, ...] = ()
    now: str = ""
    belongs: tuple[str, ...] = field(default=())  # whose the record is, by the fields that decide


class Leaf(NamedTuple):
    """A part of a condition: a field of the record, or of what it belongs to, and what it is held against."""

    path: str
    lookup: str
    value: Any


def act_label(resource: Resource, action: str) -> str:
    words = {"view": _("View"), "create": _("New"), "update": _("Edit"), "delete": _("Delete"), "export": _("Export")}
    verb = resource.verb(action)
    return str(words.get(action) or (verb.label if verb else verb_label(resource.model, action)))


def may_each(resource: Resource, record: Record, people: Sequence[Any], action: str = "view") -> set[int]:
    """Those of the people who may do it, in one question: each of them is a mark on the record."""
    able = {one.pk: resource.where(one, action) for one in people if one.is_active and resource.may(one, action)}
    if not able:
        return set()
    rows = resource.model._base_manager.filter(pk=record.pk)
    row = marked(rows, tuple((str(pk), where) for pk, where in able.items())).values().get()
    return {pk for pk in able if row[f"may_{pk}"]}


def explain(resource: Resource, record: Record, person: Any, action: str = "view", reader: Any = None) -> Answer:
    """What decides whether this person may do it; `reader` is who asks, and is told no field hidden from him."""
    if not person.is_active:
        return Answer(False, obstacles=(_("The user is disabled"),))
    if not resource.may(person, action):
        return Answer(False, obstacles=(_no_grant(resource, person, action),))
    belongs = tuple(_told(resource, record, reader, _leaves(resource.reached(person, action)), everything=True))
    if not _reached(resource, record, person, action):
        return Answer(False, obstacles=tuple(_obstacles(resource, record, person, action)), belongs=belongs)
    refused = record.refusal(action, person) if action != "view" else None
    reasons = tuple(_reasons(resource, record, person, action, reader))
    return Answer(True, reasons, now=refused.message if refused else "", belongs=belongs)


def _reached(resource: Resource, record: Record, person: Any, action: str) -> bool:
    """The engine's condition, and no other."""
    return bool(resource.model._base_manager.filter(resource.where(person, action), pk=record.pk).exists())


# why


def _reasons(resource: Resource, record: Record, person: Any, action: str, reader: Any) -> Iterator[Reason]:
    """Each role that would do alone; where none would, all of them together."""
    found = False
    for role_id, name in _roles(person):
        alone = person.limited_to({role_id})
        if resource.may(alone, action) and _reached(resource, record, alone, action):
            found = True
            words = _told(resource, record, reader, _leaves(resource.reached(alone, action)))
            yield Reason(name, _scopes(resource, alone, action), tuple(words))
    if not found:
        words = _told(resource, record, reader, _leaves(resource.reached(person, action)))
        yield Reason(_("All roles together"), "", tuple(words))


def _roles(person: Any) -> list[tuple[int, str]]:
    alive = [(row.role_id, row.role) for row in person.granted if not row.deleted_at]
    return list(dict.fromkeys(alive))


def _scopes(resource: Resource, person: Any, action: str) -> str:
    """How far the grants reach for the act; for an entity with a rule of its own, the grants that it reads."""
    grant = resource.grant_of(action)
    rows = [row for row in person.granted if row.resource == resource.name and row.action == grant and not row.field]
    return " / ".join(dict.fromkeys(person.scope_label(row.scope) for row in rows))


def _leaves(condition: Q, negated: bool = False) -> Iterator[Leaf]:
    """What the condition wants of the record; what it does not want of it is no reason."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from _leaves(child, negated != condition.negated)
        elif isinstance(child, tuple) and negated == condition.negated:
            path, value = child
            before, _sep, last = path.rpartition("__")
            yield Leaf(before, last, value) if last in LOOKUPS and before else Leaf(path, "", value)


def _told(
    resource: Resource, record: Record, reader: Any, leaves: Iterator[Leaf], everything: bool = False
) -> list[str]:
    """The fields whose part of the condition holds, in words; with `everything` all that say whose the record is."""
    found: dict[str, None] = {}
    for leaf in leaves:
        known = _known(resource, leaf.path, reader)
        if known is None or leaf.value is None or leaf.path in ("pk", "id", "deleted_at"):
            continue
        person = known.field.related_model is get_user_model()
        if (person and everything) or (not everything and _holds(resource, record, leaf)):
            found[f"{known.label}{_(': ')}{_value(record, leaf.path)}"] = None
    return list(found)


def _known(resource: Resource, path: str, reader: Any) -> Any:
    """The field, unless it is none of the record or hidden from whoever asks."""
    try:
        known = shown(resource.model, path)
    except (FieldDoesNotExist, AttributeError):
        return None
    return None if reader is not None and is_hidden(resource.model, path, reader) else known


def _holds(resource: Resource, record: Record, leaf: Leaf) -> bool:
    name = f"{leaf.path}__{leaf.lookup}" if leaf.lookup else leaf.path
    return resource.model._base_manager.filter(pk=record.pk, **{name: leaf.value}).exists()


def _value(record: Any, path: str) -> str:
    known, value = shown(type(record), path), record
    for part in path.split("__"):
        value = getattr(value, part) if value is not None else None
    if value is None:
        return "--"
    department = getattr(value, "department_name", "") if known.kind == "reference" else ""
    text = known.text(value) if known.kind == "choice" else str(value)
    return f"{text} ({department})" if department else text


# why not


def _no_grant(resource: Resource, person: Any, action: str) -> str:
    words = {"act": act_label(resource, action), "what": resource.label_plural, "roles": person.role_names or "--"}
    return _("No role grants “%(act)s” on %(what)s; the roles are: %(roles)s") % words


def _obstacles(resource: Resource, record: Record, person: Any, action: str) -> Iterator[str]:
    if record.deleted_at and action not in ("restore", "purge"):
        yield _("The record is in the recycle bin")
    for role_id, name in _roles(person):
        alone = person.limited_to({role_id})
        if resource.may(alone, action):
            yield _("%(role)s grants “%(act)s” for: %(scope)s. The record lies outside of it") % {
                "role": name, "act": act_label(resource, action), "scope": _scopes(resource, alone, action) or "--",
            }  # fmt: skip


def lacking(resource: Resource, person: Any, action: str) -> str:
    """For whoever was refused: what he would need, in words he can pass on."""
    if not resource.may(person, action):
        return _no_grant(resource, person, action)
    words = {"act": act_label(resource, action), "scope": _scopes(resource, person, action) or "--"}
    return _("You may do “%(act)s” for: %(scope)s. This record lies outside of that") % words
