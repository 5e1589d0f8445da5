"""A record's events, read as history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from liuke.core import formats
from liuke.core.display import Shown, shown
from liuke.core.models import Event
from liuke.core.pages import Change, HistoryEntry
from liuke.core.register import has_resource, resource_of

if TYPE_CHECKING:
    from liuke.core.models import Record

LOOKS = {
    "create": ("plus", "green"), "update": ("pencil", ""), "delete": ("trash", "red"), "restore": ("arrow-back-up", ""),
}  # fmt: skip


def history_of(record: Record, limit: int = 100) -> list[HistoryEntry]:
    """The newest events of a record, each with what it changed from what to what."""
    return [_entry(record, event) for event in Event.of(record)[:limit]]


def _entry(record: Record, event: Event) -> HistoryEntry:
    icon, tone = LOOKS.get(event.verb, ("bolt", "blue"))
    return HistoryEntry(
        who=str(event.actor) if event.actor else _("System"),
        what=verb_label(type(record), event.verb),
        at=event.at,
        changes=[] if event.verb in ("create", "delete", "restore") else _changes(record, event),
        icon=icon,
        tone=tone,
        note=event.note,
    )


def verb_label(model: type[Record], name: str) -> str:
    basics = {
        "create": _("created"), "update": _("changed"), "delete": _("deleted"), "restore": _("restored"),
        "set_grants": _("changed permissions"), "change_password": _("changed the password"),
    }  # fmt: skip
    if name in basics:
        return basics[name]
    verb = resource_of(model).verb(name) if has_resource(model) else None
    return str(verb.label) if verb else name


def _changes(record: Record, event: Event) -> list[Change]:
    return [Change(*_words(record, name, old, new)) for name, (old, new) in event.changes.items()]


def _words(record: Record, name: str, old: Any, new: Any) -> tuple[str, str, str]:
    try:
        known = shown(type(record), name)
    except FieldDoesNotExist:  # a field of an older version
        return name, str(old), str(new)
    return str(known.label), _word(known, old), _word(known, new)


def _word(known: Shown, value: Any) -> str:
    """Events keep plain values; times and money are read back before they are printed."""
    if value in (None, "") or known.field.is_relation:
        return str(value) if value not in (None, "") else formats.NOTHING
    return known.text(known.field.to_python(value))
