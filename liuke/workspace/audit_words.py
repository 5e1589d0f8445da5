"""What changed, in the words of its reader: names of fields, choices, permissions and settings, old → new."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.accounts.matrix import action_label
from liuke.accounts.models import FieldRule, Grant
from liuke.core import formats, grantable, options
from liuke.core.display import shown
from liuke.core.jobs import known
from liuke.core.models import JobRun
from liuke.core.pages import Change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$")
FACTS = {
    "rows": lazy("Rows"), "ids": lazy("Ids"), "note": lazy("Note"), "result": lazy("Result of the run"),
    "reason": lazy("Reason"), "method": lazy("Method"), "columns": lazy("Columns"), "asked": lazy("Filter"),
    "resource": pgettext_lazy("audit", "Kind"), "origin": lazy("Started by"), "locked": lazy("Locked"),
    "of": lazy("User"), "second_factor": lazy("Second factor"), "times": lazy("Times"),
}  # fmt: skip


def changes_of(act: str, model: Any, changes: dict[str, Any]) -> list[Change]:
    """Each field with its old and its new value; of settings each of them."""
    words = {"set_grants": _of_grant, "set_field_rules": _of_rule}.get(act)
    if words:
        return [words(name, *_pair(pair)) for name, pair in changes.items()]
    if act == "apply" and isinstance(summary := _pair(changes.get("summary"))[1], dict):
        return [_of_setting(key, *_pair(pair)) for key, pair in summary.items()]
    return [_of_field(model, name, *_pair(pair)) for name, pair in changes.items()]


def facts_of(model: Any, details: dict[str, Any]) -> list[tuple[str, str]]:
    return [(str(FACTS.get(name, name)), _fact(model, name, value)) for name, value in details.items()]


def job_label(name: str) -> str:
    return next((str(job.label) for job in known() if job.name == name), name)


def _pair(pair: Any) -> tuple[Any, Any]:
    return (pair[0], pair[1]) if isinstance(pair, list) and len(pair) == 2 else (None, pair)


def _of_field(model: Any, name: str, old: Any, new: Any) -> Change:
    try:
        field = shown(model, name)
    except (FieldDoesNotExist, AttributeError, LookupError, KeyError):  # of a model or field that is gone
        return Change(name, plain(old), plain(new))
    return Change(str(field.label), _value(field, old), _value(field, new))


def _value(field: Any, value: Any) -> str:
    """As lists and pages of the record write it; as it stands where it is no value of such a field any more."""
    if value in (None, "", [], {}) or field.field.is_relation or isinstance(value, list | dict):
        return plain(value)
    try:
        return str(field.text(field.field.to_python(value)))
    except (ValidationError, TypeError, ValueError, AttributeError):
        return plain(value)


def _of_grant(name: str, old: Any, new: Any) -> Change:
    """`name` is resource.act"""
    resource, _dot, action = name.rpartition(".")
    scopes = {str(key): str(label) for key, label in Grant.Scope.choices}
    label = f"{_resource(resource)} · {action_label(resource, action)}"
    return Change(label, scopes.get(old, plain(old)), scopes.get(new, plain(new)))


def _of_rule(name: str, old: Any, new: Any) -> Change:
    """`name` is resource.field"""
    resource, _dot, field = name.partition(".")
    levels = {str(key): str(label) for key, label in FieldRule.Level.choices}
    label = _of_field(grantable.model_of(resource), field, None, None).label
    seen = _("Visible")
    return Change(f"{_resource(resource)} · {label}", levels.get(old, seen), levels.get(new, seen))


def _of_setting(key: str, old: Any, new: Any) -> Change:
    option = next((one for one in options.declared() if one.key == key), None)
    if option is None:
        return Change(key, plain(old), plain(new))
    words = dict(option.choices)
    label = str(option.label) or _required_of(option)
    return Change(label, plain(_worded(words, old)), plain(_worded(words, new)))


def _required_of(option: Any) -> str:
    return f"{_resource(option.resource)} · {_('Required fields')}" if option.resource else option.key


def _worded(words: dict[str, Any], value: Any) -> Any:
    if isinstance(value, list):
        return "、".join(str(words.get(one, one)) for one in value)
    return str(words[value]) if isinstance(value, str) and value in words else value


def _resource(name: str) -> str:
    return next((label for known_as, label, _acts in grantable.everything() if known_as == name), name)


def _fact(model: Any, name: str, value: Any) -> str:
    if name == "ids" and isinstance(value, list):
        return "、".join(_span(*one) for one in value[:50]) + ("…" if len(value) > 50 else "")
    if name == "columns" and isinstance(value, list):
        return "、".join(_of_field(model, str(one), None, None).label for one in value)
    if name == "origin":
        return str(dict(JobRun.Origin.choices).get(value, value))
    if name == "resource":
        return _resource(str(value))
    if name == "asked" and isinstance(value, dict):
        return "、".join(_asked(model, value)) or formats.NOTHING
    return plain(value)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _asked(model: Any, asked: dict[str, Any]) -> Iterator[str]:
    for name, value in asked.items():
        yield f"{_of_field(model, name, None, None).label} = {plain(value)}"


def plain(value: Any) -> str:
    if value in (None, "", [], {}):
        return formats.NOTHING
    if isinstance(value, bool):
        return formats.yes_no(value)
    if isinstance(value, str) and (at := _moment(value)):
        return formats.moment(at)
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:300]


def _moment(text: str) -> datetime | None:
    """The moment a field held; None for a text, even one that looks like a moment and is none."""
    with suppress(ValueError):
        return parse_datetime(text) if MOMENT.match(text) else None
    return None
