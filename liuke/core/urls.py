"""Addresses of everything in the register, pages and API."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from liuke.core.api.answers import Json, missing
from liuke.core.api.door import api
from liuke.core.api.openapi import document
from liuke.core.api.records import Records
from liuke.core.doors.acts import delete_page, verb_page
from liuke.core.doors.batch import batch_act, batch_files, batch_page
from liuke.core.doors.bin import purge_page, recycle_bin, restore_page
from liuke.core.doors.choices import choices_part
from liuke.core.doors.column_settings import column_settings
from liuke.core.doors.details import detail_page
from liuke.core.doors.entry import edit_page, new_page
from liuke.core.doors.exports import export_file, export_page
from liuke.core.doors.imported import check_page, errors_file, result_page, undo_page
from liuke.core.doors.imports import columns_page, template_file, upload_page
from liuke.core.doors.lists import count_part, list_page
from liuke.core.doors.prints import print_page
from liuke.core.doors.search import palette_part, search_page, suggestions_part
from liuke.core.doors.stats import stats_part
from liuke.core.doors.sums import sums_part
from liuke.core.doors.views import delete_view, edit_view, new_view
from liuke.core.doors.where_form import where_page
from liuke.core.field_rights import seen_by
from liuke.core.register import resources
from liuke.core.reports.urls import report_addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.resource import Resource


def addresses() -> list[URLPattern | URLResolver]:
    """Every address there is; `tests` walk over the same list.

    In groups: what is asked for is held against each pattern in turn, and there are hundreds of them.
    """
    return [
        *(path(f"{resource.name}/", include(page_addresses(resource))) for resource in resources()),
        path("api/v1/", include([one for resource in resources() for one in api_addresses(resource)])),
        *report_addresses(),
        path("recycle-bin/", recycle_bin),
        path("search/", search_page),
        path("search/suggestions/", suggestions_part),
        path("palette/", palette_part),
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
    """Behind the name of the resource."""
    found = [
        path("", _safe(list_page, resource)),
        path("<int:pk>/", _safe(detail_page, resource)),
        path("count/", _safe(count_part, resource)),
    ]
    if resource.stats:
        found.append(path("stats/", _safe(stats_part, resource)))
    found.append(path("export/", _form(export_page, resource)))
    for kind in ("csv", "xlsx"):
        found.append(path(f"export.{kind}", _safe(partial(export_file, kind=kind), resource)))
    found += [
        path("print/", _safe(print_page, resource)),
        path("sums/", _safe(sums_part, resource)),
        path("where/", _safe(where_page, resource)),
        path("columns/", _form(column_settings, resource)),
        path("views/new/", _form(new_view, resource)),
        path("views/<int:pk>/edit/", _form(edit_view, resource)),
        path("views/<int:pk>/delete/", _form(delete_view, resource)),
    ]
    found.append(path("batch/", _safe(batch_page, resource)))
    for kind in ("export", "print"):
        found.append(path(f"batch/{kind}/", _safe(partial(batch_files, name=kind), resource)))
    for act in batch_names(resource):
        found.append(path(f"batch/{act}/", _form(partial(batch_act, name=act), resource)))
    if resource.fields:
        found += [
            path("new/", _form(new_page, resource)),
            *import_addresses(resource),
            path("choices/<slug:field>/", _safe(choices_part, resource)),
            path("<int:pk>/edit/", _form(edit_page, resource)),
            path("<int:pk>/delete/", _form(delete_page, resource)),
            path("<int:pk>/restore/", _form(restore_page, resource)),
            path("<int:pk>/purge/", _form(purge_page, resource)),
        ]
    for verb in resource.verbs:
        found.append(path(f"<int:pk>/{verb.name}/", _form(partial(verb_page, name=verb.name), resource)))
    return found


def batch_names(resource: Resource) -> list[str]:
    """The acts that can be done to many rows at once."""
    own = ["update", "delete", "restore", "purge"] if resource.fields else []
    return own + [verb.name for verb in resource.verbs if verb.batch]


def import_addresses(resource: Resource) -> list[URLPattern]:
    here = "import/"
    return [
        path(here, _form(upload_page, resource)),
        path(f"{here}template.csv", _safe(partial(template_file, kind="csv"), resource)),
        path(f"{here}template.xlsx", _safe(partial(template_file, kind="xlsx"), resource)),
        path(f"{here}<int:pk>/", _form(columns_page, resource)),
        path(f"{here}<int:pk>/check/", _form(check_page, resource)),
        path(f"{here}<int:pk>/result/", _form(result_page, resource)),
        path(f"{here}<int:pk>/errors/", _safe(errors_file, resource)),
        path(f"{here}<int:pk>/undo/", _form(undo_page, resource)),
    ]


def api_addresses(resource: Resource) -> list[URLPattern | URLResolver]:
    """Behind `api/v1/`."""
    name, does = resource.name, partial(partial, _records, resource)
    many: dict[str, Callable] = {"GET": does("list")}
    one: dict[str, Callable] = {"GET": does("read")}
    acts = [verb.name for verb in resource.verbs]
    if resource.fields:
        many["POST"] = does("create")
        one |= {"PATCH": does("change"), "DELETE": does("delete")}
        acts.append("restore")
    below = [path("<int:pk>", api(one))]
    if resource.fields:
        below.append(path("<int:pk>/purge", api({"POST": does("purge")})))
    below += [path(f"<int:pk>/{act}", api({"POST": partial(does("act"), name=act)})) for act in acts]
    return [path(name, api(many)), path(f"{name}/", include(below))]


def _records(resource: Resource, act: str, request: HttpRequest, **kwargs: object) -> HttpResponse:
    """What the API does with the entity as this person may know it."""
    return getattr(Records(seen_by(resource, request.user)), act)(request, **kwargs)


def _safe(view: Callable, resource: Resource) -> Callable[..., HttpResponse]:
    return require_safe(_named(view, resource))


def _form(view: Callable, resource: Resource) -> Callable[..., HttpResponse]:
    return require_http_methods(["GET", "HEAD", "POST"])(_named(view, resource))


def _named(view: Callable, resource: Resource) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
        return view(request, seen_by(resource, request.user), **kwargs)

    page.resource = resource  # type: ignore[attr-defined]
    return page


urlpatterns = addresses()
