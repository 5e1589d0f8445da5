"""Type-ahead for a reference field of a form: the choices a person has, by a few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404, HttpRequest, JsonResponse

from liuke.core.conditions import readable
from liuke.core.doors.common import require
from liuke.core.field_rights import seen_by
from liuke.core.links import LinkField
from liuke.core.register import has_resource, resource_of, resources
from liuke.core.search.everywhere import suggested
from liuke.core.search.found import searched
from liuke.core.search.parts import LONGEST

if TYPE_CHECKING:
    from liuke.core.resource import Resource

AT_MOST, SOME = 30, 6  # choices; of each kind where any record may be chosen


def choices_part(request: HttpRequest, resource: Resource, field: str) -> JsonResponse:
    require(request.user, resource, "view")
    asked = request.GET.get("q", "").replace("\x00", "")
    if field in resource.field_names and isinstance(resource.model._meta.get_field(field), LinkField):
        return JsonResponse({"items": _anything(request.user, asked)})
    names: dict[str, Any] = {f.name: f for f in resource.model._meta.concrete_fields if f.many_to_one}
    if field not in resource.field_names or field not in names or not has_resource(names[field].related_model):
        raise Http404
    model = names[field].related_model
    rows = resource_of(model).choices(request.user).complex_filter(names[field].get_limit_choices_to())
    if asked:
        rows = rows.filter(_meant(seen_by(resource_of(model), request.user), request.user, asked))
    items = [{"value": str(pk), "text": str(text)} for pk, text in rows.values_list("pk", model.TEXT)[:AT_MOST]]
    return JsonResponse({"items": items})


def _anything(user: Any, asked: str) -> list[dict[str, str]]:
    """Records of every kind this person may see, each with what sort it is."""
    labels = {one.name: one.label for one in resources()}
    kinds = suggested(user, asked[:LONGEST], AT_MOST, SOME) if asked.strip() and readable(asked) else []
    return [
        {"value": hit.url.strip("/"), "text": f"{labels[kind.name]} {hit.name}"} for kind in kinds for hit in kind.hits
    ]


def _meant(resource: Resource, user: Any, asked: str) -> Q:
    """Found like in their list. Who may choose what he does not see in a list finds that by its name alone."""
    by_name = Q(**{f"{resource.model.TEXT}__icontains": asked})
    if resource.chosen_by_all:
        return by_name | (searched(resource, asked) & resource.where(user))
    return searched(resource, asked) if resource.search or resource.sought else by_name
