"""Addresses below each record that takes files; the file's id counts only together with its record's."""

from __future__ import annotations

from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, include, path

from liuke.core.api.door import api
from liuke.core.api.openapi import describe

from . import views
from .api import Files
from .described import described
from .register import places

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.resource import Resource


def _of(resource: Resource) -> list[URLPattern | URLResolver]:
    base, files = f"{resource.name}/<int:pk>/attachments", Files(resource)
    pages = [
        path("", _page(views.upload, resource)),
        path("<int:file>/", _page(views.download, resource)),
        path("<int:file>/delete/", _page(views.remove, resource)),
        path("<int:file>/restore/", _page(views.restore, resource)),
    ]
    return [
        path(f"{base}/", include(pages)),
        path(f"api/v1/{base}", api({"GET": files.list, "POST": files.add})),
        path(f"api/v1/{base}/<int:file>", api({"GET": files.read, "DELETE": files.remove})),
        path(f"api/v1/{base}/<int:file>/restore", api({"POST": files.restore})),
    ]


def _page(view: Callable[..., Any], resource: Resource) -> Callable[..., Any]:
    return update_wrapper(partial(view, resource=resource), view)


urlpatterns = [address for resource in places() for address in _of(resource)]
describe(described)
