"""A JSON body becomes form input: unknown names, read-only fields and wrong types are told by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core.api.shapes import as_input, as_json, fields_of, read_row
from liuke.core.forms import RecordForm, VerbForm, record_form
from liuke.core.guarded import veiled
from liuke.core.patches import as_posted

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.models import Record
    from liuke.core.resource import Resource, Verb

Errors = dict[str, list[str]]


def entry_form(resource: Resource, user: Any, body: dict[str, Any]) -> RecordForm:
    """A form for a new record: what is not sent starts as it would on the page."""
    blank = record_form(resource, user)
    errors: Errors = _read_only(resource, blank, body, {})
    data = as_posted(blank) | _sent(blank, body, errors)
    return _checked(record_form(resource, user, data=data), errors)


def change_form(resource: Resource, user: Any, record: Record, body: dict[str, Any]) -> RecordForm:
    """A form for a change: the stored values overlaid by the sent ones, then the whole form."""
    stored = record_form(resource, user, record)
    [told] = veiled(resource, user, [as_json(resource, read_row(resource, record.pk))])
    errors: Errors = _read_only(resource, stored, body, told)
    data = as_posted(stored) | _sent(stored, body, errors)
    return _checked(record_form(resource, user, record, data=data), errors)


def verb_form(verb: Verb | None, record: Record, user: Any, body: dict[str, Any]) -> VerbForm | None:
    """What a verb asks for. Raises ValidationError for names it does not know."""
    made = verb.form if verb else None
    form = made(record=record, user=user) if made else None
    known = form.fields if form else {}
    errors: Errors = {name: [_("There is no such field")] for name in body if name not in known}
    if made is None or form is None:
        _raise(errors)
        return None
    data = _sent(form, body, errors)
    return _checked(made(data, record=record, user=user), errors)


def free_form(made: Callable[..., Any], body: dict[str, Any]) -> Any:
    """A form of no record: what is not sent stays as `made()` proposes it. Raises ValidationError for unknown names."""
    blank = made()
    errors: Errors = {name: [_("There is no such field")] for name in body if name not in blank.fields}
    return _checked(made(as_posted(blank) | _sent(blank, body, errors)), errors)


def take_version(body: dict[str, Any]) -> int | None:
    """The `version` a change is based on, taken out of the body."""
    version = body.pop("version", None)
    if version is not None and type(version) is not int:
        raise ValidationError({"version": [_("Send a number")]})
    return version


def _read_only(resource: Resource, form: forms.BaseForm, body: dict[str, Any], stored: dict[str, Any]) -> Errors:
    errors: Errors = {}
    told = {f.name for f in fields_of(resource)} | {f"{f.name}__text" for f in fields_of(resource) if f.is_relation}
    for name, value in body.items():
        if name in form.fields or (name in stored and stored[name] == value):
            continue
        known = name in told or name == "deleted_at"
        errors[name] = [_("This cannot be changed") if known else _("There is no such field")]
    return errors


def _sent(form: forms.BaseForm, body: dict[str, Any], errors: Errors) -> dict[str, Any]:
    data = {}
    for name in body.keys() & form.fields.keys():
        try:
            data[name] = as_input(form.fields[name], body[name])
        except ValidationError as wrong:
            errors[name] = wrong.messages
    return data


def _checked(form: Any, errors: Errors) -> Any:
    """The form, unless names or types were wrong; then everything that is wrong is told at once."""
    if errors:
        form.is_valid()
        _raise({**{name: list(texts) for name, texts in form.errors.items()}, **errors})
    return form


def _raise(errors: Errors) -> None:
    if errors:
        raise ValidationError(errors)
