"""A task of an entry of the feedback list by token (SVC-14, TASK-03): as the page makes it, with what it proposes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from liuke.core.api.door import body_of, no_parameters
from liuke.core.api.input import free_form
from liuke.core.api.openapi import KEY, describe, refusals, sent_by
from liuke.core.api.records import Records
from liuke.core.register import resource

from .giving import FeedbackTaskForm, found_for, give, proposed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.workspace.models import Task


def task_of(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What is not sent is as the page would fill it in."""
    entry = found_for(request.user, kind, pk)
    no_parameters(request)
    body = body_of(request)

    def work(key: Any) -> Task:
        made = partial(FeedbackTaskForm, user=request.user, initial=proposed(entry))
        return give(request.user, entry, free_form(made, body), key)

    return Records(resource("tasks")).once(request, body, work, 201)


@describe
def described() -> tuple[dict[str, Any], dict[str, Any]]:
    """Its part of the OpenAPI document."""
    named = [
        {"name": "kind", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
    ]
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Task"}}}}
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/FeedbackTask"}}}
    operation = {
        "operationId": "feedback.task", "tags": ["reports"], "parameters": [KEY],
        "requestBody": {"required": False, "content": body},
        "responses": {"201": {"description": "Done", **answer}, "200": {"description": "Done before", **answer}}
        | refusals(),
    }  # fmt: skip
    path = {"/api/v1/feedback/{kind}/{id}/task": {"parameters": named, "post": operation}}
    return path, {"FeedbackTask": sent_by(FeedbackTaskForm.base_fields, required=())}
