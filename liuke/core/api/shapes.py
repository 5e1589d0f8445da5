"""How records look in JSON: which fields, of which type, and how a sent value becomes form input."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from liuke.core import extras
from liuke.core.display import shown, text_field

if TYPE_CHECKING:
    from liuke.core.resource import Resource

NEVER = {"password", "last_login"}


def fields_of(resource: Resource) -> list[Any]:
    """The model's fields that the API shows, in their order, and those that administrators have added."""
    unseen = NEVER | set(resource.hidden) | {"deleted_at"}
    own = [field for field in resource.model._meta.concrete_fields if field.name not in unseen]
    return [*own, *(one.field for one in extras.of(resource))]


def read_row(resource: Resource, pk: int) -> dict[str, Any]:
    """What `as_json` tells, of one record, as it stands in the database."""
    names, row = fetches(resource), resource.model.objects.filter(pk=pk)
    return extras.annotated(row, resource, names).values(*names).get()


def fetches(resource: Resource) -> list[str]:
    """What to read from the database for one record."""
    names: list[str] = ["deleted_at"]
    for field in fields_of(resource):
        names.append(field.name)
        if field.is_relation:
            names += [f"{field.name}__{part}" for part in (text_field(field.related_model), _code(field)) if part]
    return list(dict.fromkeys([*names, *(shown(resource.model, path).fetch for path in further(resource))]))


def further(resource: Resource) -> list[str]:
    """Columns of the list that belong to another record, such as a contact's customer's owner."""
    return [path for path in resource.columns if isinstance(path, str) and "__" in path]


def as_json(resource: Resource, row: dict[str, Any]) -> dict[str, Any]:
    """A value row as the API tells it: references as id (dictionary choices as their value) with the text beside."""
    told: dict[str, Any] = {}
    for field in fields_of(resource):
        value = row[field.name]
        if field.is_relation:
            told[field.name] = row[f"{field.name}__{_code(field)}"] if _code(field) else value
            told[f"{field.name}__text"] = row[f"{field.name}__{text_field(field.related_model)}"]
        else:
            told[field.name] = plain(value)
    for path in further(resource):
        told[path] = plain(row[shown(resource.model, path).fetch])
    if "status" in told and row["deleted_at"]:
        told["status"] = "deleted"
    told["deleted_at"] = plain(row["deleted_at"])
    return told


def with_many(resource: Resource, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add many-to-many choices as lists of ids: one question for each such field, however many records."""
    for field in resource.model._meta.many_to_many:
        if field.name in resource.field_names:
            rows = resource.model._base_manager.filter(
                pk__in=[one["id"] for one in told], **{f"{field.name}__isnull": False}
            )
            chosen: dict[int, list[int]] = {}
            for pk, other in rows.order_by(field.name).values_list("pk", field.name):
                chosen.setdefault(pk, []).append(other)
            for one in told:
                one[field.name] = chosen.get(one["id"], [])
    return told


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _code(field: models.Field) -> str:
    return getattr(field, "code_field", "")


def as_input(field: forms.Field, value: Any) -> Any:
    """A JSON value as the text a form reads. Raises ValidationError when it is of another type."""
    if value is None:
        return ""
    if hasattr(field, "from_json"):
        return field.from_json(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [as_input(forms.IntegerField(), one) for one in _typed(value, list)]
    if isinstance(field, forms.BooleanField):
        return "on" if _typed(value, bool) else ""
    if isinstance(field, forms.DecimalField):
        return str(_typed(value, int, Decimal, str))  # money is told as text, so that no digit is lost
    if takes_number(field):
        return str(_typed(value, int, Decimal))
    return _typed(value, str)


def _typed(value: Any, *types: type) -> Any:
    if type(value) not in types:
        raise ValidationError(_wanted(types[0]), code="type")
    return value


def _wanted(kind: type) -> str:
    words = {list: _("Send a list"), bool: _("Send true or false"), int: _("Send a number"), str: _("Send a text")}
    return words[kind]


def takes_number(field: forms.Field) -> bool:
    if isinstance(field, forms.ModelChoiceField):
        return field.to_field_name in (None, "id")
    return isinstance(field, forms.IntegerField | forms.FloatField) or (
        isinstance(field, forms.TypedChoiceField) and field.coerce is int
    )
