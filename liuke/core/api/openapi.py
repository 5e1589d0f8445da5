"""The OpenAPI document, written from the register: what is declared is what is described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from liuke.core.api.shapes import fields_of, further
from liuke.core.display import shown
from liuke.core.field_rights import seen_by
from liuke.core.forms import VerbForm, record_form
from liuke.core.listing import filterable
from liuke.core.register import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from liuke.core.resource import Resource, Verb

Schema = dict[str, Any]
KEY = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 200}}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
REFUSALS = {
    401: "Not signed in", 403: "No permission", 404: "No such record", 409: "Not possible now", 422: "Not valid",
}  # fmt: skip

_further: list[Callable[[], tuple[Schema, Schema]]] = []


def describe(told: Callable[[], tuple[Schema, Schema]]) -> None:
    """A module signs in what it serves beside its Resources: (paths, component schemas)."""
    _further.append(told)


def document(user: Any) -> Schema:
    paths: Schema = {}
    schemas: Schema = {"Problem": _problem()}
    for resource in (seen_by(one, user) for one in resources()):
        schemas |= _schemas(resource, user)
        paths |= _paths(resource)
    for told in _further:
        more_paths, more_schemas = told()
        paths, schemas = paths | more_paths, schemas | more_schemas
    return {
        "openapi": "3.1.0",
        "info": {"title": "Liuke", "version": "1"},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _name(resource: Resource) -> str:
    return resource.model.__name__


def _paths(resource: Resource) -> Schema:
    base, name = f"/api/v1/{resource.name}", _name(resource)
    pk = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    one: Schema = {"parameters": [pk], "get": _operation(resource, "read", _answers(200, name))}
    many: Schema = {
        "get": _operation(resource, "list", _answers(200, f"{name}List")) | {"parameters": _parameters(resource)}
    }
    if resource.fields:
        many["post"] = _operation(resource, "create", _answers(201, name) | _answers(200, name), f"{name}Input", True)
        one["patch"] = _operation(resource, "change", _answers(200, name), f"{name}Change")
        one["delete"] = _operation(resource, "delete", {"204": {"description": "Deleted"}} | refusals())
    paths: Schema = {base: many, f"{base}/{{id}}": one}
    for verb in _acts(resource):
        act = verb.name if verb else "restore"
        operation = _operation(resource, act, _answers(200, name), _verb_schema(resource, verb), True)
        paths[f"{base}/{{id}}/{act}"] = {"parameters": [pk], "post": operation}
    if resource.fields:
        purge = _operation(resource, "purge", {"204": {"description": "Deleted for good"}} | refusals())
        paths[f"{base}/{{id}}/purge"] = {"parameters": [pk], "post": purge}
    return paths


def _acts(resource: Resource) -> list[Verb | None]:
    """The verbs, and None for `restore` where records can be deleted."""
    return [*resource.verbs, *([None] if resource.fields else [])]


def _operation(resource: Resource, act: str, answers: Schema, body: str = "", key: bool = False) -> Schema:
    told: Schema = {"operationId": f"{resource.name}.{act}", "tags": [resource.name], "responses": answers}
    if body:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{body}"}}}
        told["requestBody"] = {"required": True, "content": content}
    if key:
        told["parameters"] = [KEY]
    return told


def _answers(status: int, name: str) -> Schema:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {str(status): {"description": "Done", "content": content}} | refusals()


def refusals() -> Schema:
    content = {"application/problem+json": {"schema": PROBLEM}}
    return {str(status): {"description": text, "content": content} for status, text in REFUSALS.items()}


def _parameters(resource: Resource) -> list[Schema]:
    names = ["search", "ordering", "after", *sorted(filterable(resource))]
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}}
    texts = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    kinds = {name: shown(resource.model, name).kind for name in filterable(resource)}
    ordered = [name for name, kind in kinds.items() if kind in ("date", "datetime", "money", "percent", "number")]
    bounds = [
        {"name": f"{name}__{end}", "in": "query", "schema": {"type": "string"}}
        for name in sorted(ordered)
        for end in ("gte", "lte")
    ]
    return [limit, *texts, *bounds]


def _schemas(resource: Resource, user: Any) -> Schema:
    name = _name(resource)
    record = {"type": "object", "properties": _record(resource)}
    page = {
        "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
        "count": {"type": "integer"},
        "count_is_capped": {"type": "boolean"},
        "next": {"type": ["string", "null"]},
    }
    found: Schema = {name: record, f"{name}List": {"type": "object", "properties": page, "required": list(page)}}
    if resource.fields:
        form = record_form(resource, user)
        taken = {key: field for key, field in form.fields.items() if key not in form.frozen}
        inputs = {key: _input(field) for key, field in taken.items()}
        required = [key for key, field in taken.items() if field.required and not _given(form, key)]
        found[f"{name}Input"] = _object(inputs, required)
        found[f"{name}Change"] = _object(inputs | {"version": {"type": "integer"}}, [])
    for verb in _acts(resource):
        found[_verb_schema(resource, verb)] = _verb_input(resource, verb, user)
    return found


def _given(form: forms.BaseForm, name: str) -> bool:
    return form.get_initial_for_field(form.fields[name], name) not in (None, "")


def _record(resource: Resource) -> Schema:
    told: Schema = {}
    for field in fields_of(resource):
        told[field.name] = _output(field)
        if field.is_relation:
            told[f"{field.name}__text"] = {"type": ["string", "null"]}
    for many in resource.model._meta.many_to_many:
        if many.name in resource.field_names:
            told[many.name] = {"type": "array", "items": {"type": "integer"}}
    return told | {path: {} for path in further(resource)} | {"deleted_at": {"type": ["string", "null"]}}


def _output(field: models.Field) -> Schema:
    kind = "string"
    if isinstance(field, models.BooleanField):
        kind = "boolean"
    elif isinstance(field, models.IntegerField) or (field.is_relation and not getattr(field, "code_field", "")):
        kind = "integer"
    elif isinstance(field, models.JSONField):
        return {}
    return {"type": [kind, "null"] if field.null else kind}


def _input(field: forms.Field) -> Schema:
    from liuke.core.api.shapes import takes_number

    if hasattr(field, "schema"):
        return field.schema
    if isinstance(field, forms.ModelMultipleChoiceField):
        return {"type": "array", "items": {"type": "integer"}}
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, forms.DecimalField):
        return {"type": ["number", "string"] if field.required else ["number", "string", "null"]}
    kind = "string"
    if takes_number(field):
        kind = "integer" if isinstance(field, forms.ModelChoiceField | forms.TypedChoiceField) else "number"
        kind = "integer" if type(field) is forms.IntegerField else kind
    described: Schema = {"type": kind if field.required else [kind, "null"]}
    if isinstance(field, forms.DateField):
        described["format"] = "date"
    if isinstance(field, forms.DateTimeField):
        described["format"] = "date-time"
    if isinstance(field, forms.CharField) and field.max_length:
        described["maxLength"] = field.max_length
    for key, name in (("min_value", "minimum"), ("max_value", "maximum")):
        if isinstance(bound := getattr(field, key, None), int):
            described[name] = bound
    return described


def sent_by(fields: dict[str, forms.Field], required: Iterable[str]) -> Schema:
    """What a form outside of the register takes."""
    return _object({key: _input(field) for key, field in fields.items()}, list(required))


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _verb_schema(resource: Resource, verb: Verb | None) -> str:
    return f"{_name(resource)}{verb.name.title().replace('_', '') if verb else 'Restore'}"


def _verb_input(resource: Resource, verb: Verb | None, user: Any) -> Schema:
    form = verb.form if verb else None
    fields: dict[str, forms.Field] = dict(form.base_fields) if form and issubclass(form, VerbForm) else {}
    return _object({key: _input(f) for key, f in fields.items()}, [key for key, f in fields.items() if f.required])


def _problem() -> Schema:
    properties: Schema = {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    }
    return {"type": "object", "properties": properties, "required": ["title", "status", "code"]}
