"""A change of some fields: what is stored, as a form would post it, overlaid by what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from liuke.core.forms import RecordForm, record_form

if TYPE_CHECKING:
    from liuke.core.models import Record
    from liuke.core.resource import Resource


def patched_form(resource: Resource, user: Any, record: Record, sent: dict[str, Any]) -> RecordForm:
    """The whole form of a record with `sent` in it, so that every rule of a full save holds."""
    stored = record_form(resource, user, record)
    return record_form(resource, user, record, data=as_posted(stored) | sent)


def as_posted(form: forms.BaseForm) -> dict[str, Any]:
    """What the form would send if nobody touched it; frozen fields send nothing."""
    frozen = getattr(form, "frozen", ())
    fields = {name: field for name, field in form.fields.items() if name not in frozen}
    return {name: _raw(field, form.get_initial_for_field(field, name)) for name, field in fields.items()}


def _raw(field: forms.Field, value: Any) -> Any:
    value = field.prepare_value(value)
    if isinstance(field, forms.BooleanField):
        return "on" if value else ""
    if isinstance(value, list | tuple):
        return [str(getattr(one, "pk", one)) for one in value]
    return "" if value is None else str(value)
