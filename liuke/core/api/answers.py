"""Answers of the API: records, and problems by RFC 9457."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from liuke.core.api.shapes import as_json, read_row, with_many
from liuke.core.guarded import veiled

if TYPE_CHECKING:
    from liuke.core.refusals import Refused
    from liuke.core.resource import Resource


class Json(JsonResponse):
    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, json_dumps_params={"ensure_ascii": False}, **kwargs)
        self["Cache-Control"] = "no-store"


def record_answer(
    resource: Resource, user: Any, pk: int, status: int = 200, told: dict[str, Any] | None = None
) -> Json:
    """One record as it stands in the database, with what a verb tells beside it (a one-time password)."""
    found = veiled(resource, user, with_many(resource, [as_json(resource, read_row(resource, pk))]))
    return Json(found[0] | (told or {}), status=status)


def problem(status: int, code: str, title: str, **extra: Any) -> Json:
    answer = Json({"type": "about:blank", "title": title, "status": status, "code": code, **extra}, status=status)
    answer["Content-Type"] = "application/problem+json"
    return answer


def refusal(refused: Refused) -> Json:
    return problem(refused.status, refused.code, refused.message, **refused.extra)


def invalid(errors: dict[str, list[str]]) -> Json:
    return problem(422, "invalid", _("Some values are not valid"), errors=errors)


def missing() -> Json:
    return problem(404, "not_found", _("There is no such record, or you may not see it"))


def unsigned() -> Json:
    answer = problem(401, "unauthorized", _("Sign in with a valid token"))
    answer["WWW-Authenticate"] = 'Bearer realm="liuke"'
    return answer


def wrong_method(request: HttpRequest, allowed: list[str]) -> Json:
    answer = problem(405, "method_not_allowed", _("This address does not take %(method)s") % {"method": request.method})
    answer["Allow"] = ", ".join(allowed)
    return answer
