"""A record's events, read as history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from liuke.core import extras, formats
from liuke.core.display import Shown, shown
from liuke.core.field_rights import is_hidden, onlooker
from liuke.core.models import Event
from liuke.core.pages import Change, HistoryEntry
from liuke.core.register import has_resource, resource_of

if TYPE_CHECKING:
    from collections.abc import Container

    from liuke.core.models import Record

_names: dict[tuple[type[Record], str], Any] = {}

LOOKS = {
    "create": ("plus", "green"), "update": ("pencil", ""), "delete": ("trash", "red"), "restore": ("arrow-back-up", ""),
    "imported": ("file-import", "green"),
}  # fmt: skip


def name_verb(model: type[Record], name: str, label: Any) -> None:
    """Tell what an act is called that has no button."""
    _names[model, name] = label


def history_of(record: Record, limit: int = 100, unseen: Container[str] = ()) -> list[HistoryEntry]:
    """The newest events of a record, each with what it changed from what to what."""
    return [history_entry(record, event, unseen) for event in Event.newest(record, limit)]


def history_entry(record: Record, event: Event, unseen: Container[str] = ()) -> HistoryEntry:
    """One event in words."""
    icon, tone = LOOKS.get(event.verb, ("bolt", "blue"))
    return HistoryEntry(
        who=str(event.actor) if event.actor else _("System"),
        what=verb_label(type(record), event.verb),
        at=event.at,
        changes=[] if event.verb in ("create", "delete", "restore", "imported") else _changes(record, event, unseen),
        icon=icon,
        tone=tone,
        note=note_of(record, event),
    )


def verb_label(model: type[Record], name: str) -> str:
    basics = {
        "create": _("created"), "update": _("changed"), "delete": _("deleted"), "restore": _("restored"),
        "imported": _("imported"),
        "purge": _("deleted for good"),
        "backed_up": _("made a backup"), "fetched_backup": _("fetched a backup"), "restored": _("restored a backup"),
        "cleared": _("cleared business data"),
        "set_grants": _("changed permissions"), "set_field_rules": _("changed field permissions"),
        "preview": _("looked at the product as this role"),
        "change_password": _("changed the password"),
    }  # fmt: skip
    if name in basics:
        return basics[name]
    if (model, name) in _names:
        return str(_names[model, name])
    verb = resource_of(model).verb(name) if has_resource(model) else None
    return str(verb.label) if verb else name


def _changes(record: Record, event: Event, unseen: Container[str]) -> list[Change]:
    hidden = resource_of(type(record)).hidden if has_resource(type(record)) else ()
    return [
        Change(*_words(record, name, old, new))
        for name, (old, new) in event.changes.items()
        if name not in unseen
        and name not in hidden
        and not is_hidden(type(record), name)
        and (not extras.is_path(name) or _is_there(record, name))
    ]


def note_of(record: Record, event: Event) -> str:
    """What was said to it, unless that stands in a field which whoever is looking may not see."""
    return "" if _quotes_hidden(record, event) else event.note


def _quotes_hidden(record: Record, event: Event) -> bool:
    told = event.note and onlooker().hidden
    hidden = [f for f in record._meta.concrete_fields if is_hidden(type(record), f.name)] if told else []
    values = {str(getattr(record, f.attname)) for f in hidden}
    return bool(told) and event.note in values | {
        str(new) for name, (_old, new) in event.changes.items() if is_hidden(type(record), name)
    }


def _is_there(record: Record, path: str) -> bool:
    """A deleted field is shown nowhere, its past neither."""
    return path in extras.by_path(resource_of(type(record)))


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
