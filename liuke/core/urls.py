"""Addresses of everything in the register, pages and API."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from liuke.core.api.answers import Json, missing
from liuke.core.api.door import api
from liuke.core.api.openapi import document
from liuke.core.api.records import Records
from liuke.core.doors.acts import delete_page, restore_page, verb_page
from liuke.core.doors.choices import choices_part
from liuke.core.doors.details import detail_page
from liuke.core.doors.entry import edit_page, new_page
from liuke.core.doors.exports import export_file
from liuke.core.doors.lists import list_page
from liuke.core.doors.stats import stats_part
from liuke.core.register import resources

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.resource import Resource


def addresses() -> list[URLPattern]:
    """Every address there is; `tests` walk over the same list."""
    found: list[URLPattern] = []
    for resource in resources():
        found += [*page_addresses(resource), *api_addresses(resource)]
    return [
        *found,
        path("api/v1/openapi.json", api({"GET": lambda request: Json(document(request.user))})),
        path("api/<path:rest>", csrf_exempt(login_not_required(_elsewhere))),
    ]


def _elsewhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address with a slash too many is meant for the one without; anything else does not exist."""
    if rest.endswith("/"):
        view, args, kwargs = resolve(f"/api/{rest.rstrip('/')}")
        return view(request, *args, **kwargs)
    return missing()


def page_addresses(resource: Resource) -> list[URLPattern]:
    name = resource.name
    found = [
        path(f"{name}/", _safe(list_page, resource)),
        path(f"{name}/<int:pk>/", _safe(detail_page, resource)),
    ]
    if resource.stats:
        found.append(path(f"{name}/stats/", _safe(stats_part, resource)))
    for kind in ("csv", "xlsx"):
        found.append(path(f"{name}/export.{kind}", _safe(partial(export_file, kind=kind), resource)))
    if resource.fields:
        found += [
            path(f"{name}/new/", _form(new_page, resource)),
            path(f"{name}/choices/<slug:field>/", _safe(choices_part, resource)),
            path(f"{name}/<int:pk>/edit/", _form(edit_page, resource)),
            path(f"{name}/<int:pk>/delete/", _form(delete_page, resource)),
            path(f"{name}/<int:pk>/restore/", _form(restore_page, resource)),
        ]
    for verb in resource.verbs:
        found.append(path(f"{name}/<int:pk>/{verb.name}/", _form(partial(verb_page, name=verb.name), resource)))
    return found


def api_addresses(resource: Resource) -> list[URLPattern]:
    name, records = f"api/v1/{resource.name}", Records(resource)
    many: dict[str, Callable] = {"GET": records.list}
    one: dict[str, Callable] = {"GET": records.read}
    acts = [verb.name for verb in resource.verbs]
    if resource.fields:
        many["POST"] = records.create
        one |= {"PATCH": records.change, "DELETE": records.delete}
        acts.append("restore")
    return [
        path(name, api(many)),
        path(f"{name}/<int:pk>", api(one)),
        *(path(f"{name}/<int:pk>/{act}", api({"POST": partial(records.act, name=act)})) for act in acts),
    ]


def _safe(view: Callable, resource: Resource) -> Callable[..., HttpResponse]:
    return require_safe(_named(view, resource))


def _form(view: Callable, resource: Resource) -> Callable[..., HttpResponse]:
    return require_http_methods(["GET", "HEAD", "POST"])(_named(view, resource))


def _named(view: Callable, resource: Resource) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
        return view(request, resource, **kwargs)

    page.resource = resource  # type: ignore[attr-defined]
    return page


urlpatterns = addresses()
