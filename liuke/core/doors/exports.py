"""The way out of a list: which columns, which kind of file, now or in the background."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from liuke.core import files, toasts
from liuke.core.display import shown
from liuke.core.doors.addresses import STEPS, asked
from liuke.core.doors.columns import field_paths
from liuke.core.doors.common import crumbs, go, list_url, page_title, require, screen
from liuke.core.errands import start
from liuke.core.exports import KINDS, Export, all_paths
from liuke.core.tables import ENCODINGS

if TYPE_CHECKING:
    from django.http import QueryDict

    from liuke.core.resource import Resource

OURS = ("columns", "kind", "encoding", "csrfmiddlewaretoken")  # what is asked of the file, not of the list


def export_page(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Choose columns and kind. A small file comes at once, a large one from the task centre."""
    require(request.user, resource, "view")
    require(request.user, resource, "export")
    if request.method != "POST":
        return _choices(request, resource)
    kind = request.POST.get("kind", "")
    kind = kind if kind in KINDS else "xlsx"
    export = _export(request, resource, request.POST)
    if not export.is_large:
        return go(request, f"/{resource.name}/export.{kind}?{urlencode(_again(request.POST))}")
    label = _("Export of %(what)s") % {"what": resource.label_plural}
    order = {"params": _params(request.POST), "columns": _columns(request.POST)}
    encoding = _encoding(request.POST)
    start("export", request.user, label, resource=resource.name, kind=kind, encoding=encoding, **order)
    toasts.add(request, _("The export runs in the background, its file will be kept here"))
    return go(request, "/errands/")


def _again(sent: QueryDict) -> list[tuple[str, str]]:
    left_out = ("csrfmiddlewaretoken", "kind")
    return [(name, value) for name, values in sent.lists() if name not in left_out for value in values]


def _choices(request: HttpRequest, resource: Resource) -> HttpResponse:
    export = _export(request, resource, request.GET)
    heading = _("Export %(what)s") % {"what": resource.label_plural.lower()}
    listed = set(_columns(request.GET)) or set(field_paths(resource))
    context = {
        "resource": resource,
        "heading": heading,
        "page_title": page_title(heading),
        "crumbs": crumbs(resource, (heading, "")),
        "commands": [],
        "wide": True,
        "count": export.listing.count_text,
        "large": export.is_large,
        "columns": [(path, shown(resource.model, path).label, path in listed) for path in all_paths(resource)],
        "encodings": list(ENCODINGS),
        "hidden": _carried(_params(request.GET)),
        "post_url": f"/{resource.name}/export/",
        "cancel_url": list_url(resource),
    }  # fmt: skip
    return screen(request, "core/export.html", context)


def _carried(params: dict[str, Any]) -> list[tuple[str, str]]:
    """The list's question, for hidden fields: conditions stand one by one."""
    asked = ((name, value) for name, value in params.items() if name not in STEPS)
    return [(name, one) for name, value in asked for one in (value if isinstance(value, tuple) else (value,))]


def export_file(request: HttpRequest, resource: Resource, kind: str) -> HttpResponse | FileResponse:
    require(request.user, resource, "view")
    require(request.user, resource, "export")
    export = _export(request, resource, request.GET)
    if export.is_large:
        return go(request, f"/{resource.name}/export/?{request.GET.urlencode()}")
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it when it has been sent
    export.write(file, kind, _encoding(request.GET))
    file.seek(0)
    return files.answer(file, f"{export.name}.{kind}")


def _export(request: HttpRequest, resource: Resource, sent: QueryDict) -> Export:
    return Export(resource, request.user, _params(sent), _columns(sent))


def _columns(sent: QueryDict) -> list[str]:
    """As a form sends them, one by one, or as the list's own address names them."""
    return [name for names in sent.getlist("columns") for name in names.split(",")]


def _params(sent: QueryDict) -> dict[str, Any]:
    return {name: value for name, value in asked(sent).items() if name not in OURS}


def _encoding(sent: QueryDict) -> str:
    return sent.get("encoding", "") if sent.get("encoding") in ENCODINGS else "utf-8"
