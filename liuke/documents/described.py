"""The part of the OpenAPI document that tells of files."""

from __future__ import annotations

from typing import Any

from liuke.core.api.openapi import KEY, refusals

from .register import places

Schema = dict[str, Any]
FILE = {"$ref": "#/components/schemas/Attachment"}


def described() -> tuple[Schema, Schema]:
    paths: Schema = {}
    for resource in places():
        paths |= _paths(resource.name)
    return paths, _schemas()


def _paths(name: str) -> Schema:
    base = f"/api/v1/{name}/{{id}}/attachments"
    record, file = _number("id"), _number("file")
    added = {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/AttachmentInput"}}}
    larger = {"413": {**refusals()["422"], "description": "Too large"}}
    add = _act(name, "add", {**_json(201, FILE), **_json(200, FILE), **larger})
    add |= {"requestBody": {"required": True, "content": added}, "parameters": [KEY]}
    fetched = {
        "200": {"description": "The file", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    }
    gone = {"204": {"description": "Deleted"}}
    return {
        base: {
            "parameters": [record],
            "get": _act(name, "list", _json(200, {"$ref": "#/components/schemas/AttachmentList"})),
            "post": add,
        },
        f"{base}/{{file}}": {
            "parameters": [record, file],
            "get": _act(name, "read", fetched),
            "delete": _act(name, "remove", gone),
        },
        f"{base}/{{file}}/restore": {"parameters": [record, file], "post": _act(name, "restore", _json(200, FILE))},
    }


def _act(name: str, act: str, answers: Schema) -> Schema:
    return {"operationId": f"{name}.attachments.{act}", "tags": [name], "responses": {**refusals(), **answers}}


def _json(status: int, schema: Schema) -> Schema:
    return {str(status): {"description": "Done", "content": {"application/json": {"schema": schema}}}}


def _number(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}


def _schemas() -> Schema:
    properties: Schema = {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "created_by": {"type": ["integer", "null"]},
        "created_by__text": {"type": ["string", "null"]},
        "created_at": {"type": "string"},
    }
    page: Schema = {
        "items": {"type": "array", "items": FILE},
        "count": {"type": "integer"},
        "count_is_capped": {"type": "boolean"},
        "next": {"type": "null"},
    }
    sent = {"files": {"type": "string", "format": "binary"}}
    return {
        "Attachment": {"type": "object", "properties": properties, "required": list(properties)},
        "AttachmentList": {"type": "object", "properties": page, "required": list(page)},
        "AttachmentInput": {"type": "object", "properties": sent, "required": ["files"]},
    }
