"""Type-ahead for a reference field of a form: the choices a person has, by a few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, JsonResponse

from liuke.core.doors.common import require
from liuke.core.register import has_resource, resource_of

if TYPE_CHECKING:
    from liuke.core.resource import Resource

AT_MOST = 30


def choices_part(request: HttpRequest, resource: Resource, field: str) -> JsonResponse:
    require(request.user, resource, "view")
    names: dict[str, Any] = {f.name: f for f in resource.model._meta.concrete_fields if f.many_to_one}
    if field not in resource.field_names or field not in names or not has_resource(names[field].related_model):
        raise Http404
    model = names[field].related_model
    rows = resource_of(model).choices(request.user).complex_filter(names[field].get_limit_choices_to())
    if asked := request.GET.get("q", "").replace("\x00", ""):
        rows = rows.filter(**{f"{model.TEXT}__icontains": asked})
    items = [{"value": str(pk), "text": str(text)} for pk, text in rows.values_list("pk", model.TEXT)[:AT_MOST]]
    return JsonResponse({"items": items})
