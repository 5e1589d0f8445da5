"""The wizard: template, upload, columns. Each step is a page of its own that works by a plain POST."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _

from liuke.core import files
from liuke.core.display import badge
from liuke.core.doors.common import crumbs, go, list_url, page_title, require, screen
from liuke.core.errands import start
from liuke.core.imports.outputs import template
from liuke.core.imports.sheets import DELIMITERS, ENCODINGS, Source, examine
from liuke.core.imports.targets import fingerprint, guess, remembered, targets_of
from liuke.core.models import Import
from liuke.core.pages import Link
from liuke.core.refusals import Refused
from liuke.core.verbs import in_transaction

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse

    from liuke.core.resource import Resource

State = Import.State
SAMPLES = 3


def upload_page(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "import")
    if request.method != "POST":
        return _upload(request, resource)
    sent = request.FILES.get("file")
    if sent is None:
        return _upload(request, resource, _("Choose a file"))
    try:
        made = receive(request.user, resource, sent)
    except Refused as refused:
        return _upload(request, resource, refused.message)
    return go(request, made.url)


def receive(user: Any, resource: Resource, sent: Any) -> Import:
    """Keep an uploaded file and read its header. Raises Refused for what cannot be imported."""
    options = examine(sent, sent.name or "")
    path = files.new_path("imports", options["kind"])
    try:
        with files.create(path) as kept:
            for part in sent.chunks():
                kept.write(part)
        made = Import(user=user, resource=resource.name, file=path, file_name=_base_name(sent.name), options=options)
        read_header(made, resource, first=True)
        made.save()
    except BaseException:
        files.remove(path)
        raise
    return made


def _base_name(name: str | None) -> str:
    """What the file was called, without any folder: it is shown and given back, never opened."""
    last = PureWindowsPath(PurePosixPath(name or "").name).name.replace("\x00", "")
    return last[-150:] or "import"


def read_header(of: Import, resource: Resource, first: bool = False) -> None:
    """Read the first line and say what its columns are, by memory or by their names."""
    source = Source(of.file, of.options)
    if source.is_excel and "sheet" not in of.options:
        of.options["sheet"] = next(iter(source.sheets()), "")
        source = Source(of.file, of.options)
    targets = targets_of(resource, of.user)
    of.header = source.header()
    of.fingerprint = fingerprint(resource, of.header)
    before = remembered(of.user, of.fingerprint, targets) if first else None
    of.columns = guess(of.header, targets)
    for name, value in (before or {}).items():
        setattr(of, name, value)


def _upload(request: HttpRequest, resource: Resource, error: str = "") -> HttpResponse:
    person: Any = request.user
    recent = Import.objects.filter(user=person, resource=resource.name).order_by("-id")[:10]
    context = frame(resource, 1) | {
        "error": error,
        "recent": [(one, badge(Import.TONES["state"][one.state], one.get_state_display())) for one in recent],
        "templates": [Link(kind.upper(), f"/{resource.name}/import/template.{kind}", key=kind) for kind in files.KINDS],
    }
    return screen(request, "core/import_upload.html", context, 422 if error else 200)


def frame(resource: Resource, step: int, **more: Any) -> dict[str, Any]:
    """What every page of the wizard shows: where one is."""
    title = _("Import %(what)s") % {"what": resource.label_plural.lower()}
    names = (_("Upload"), _("Match columns"), _("Check"), _("Result of the import"))
    return {
        "resource": resource,
        "title": title,
        "page_title": page_title(title),
        "crumbs": crumbs(resource, (title, "")),
        "commands": [],
        "steps": [(number, name) for number, name in enumerate(names, start=1)],
        "step": step,
        "list_url": list_url(resource),
        "import_url": f"/{resource.name}/import/",
    } | more


def template_file(request: HttpRequest, resource: Resource, kind: str) -> FileResponse:
    require(request.user, resource, "import")
    name = f"{resource.label_plural}-{_('template')}.{kind}"
    return files.answer(template(resource, request.user, kind), name)


def own(request: HttpRequest, resource: Resource, pk: int) -> Import:
    """One's own import of this Resource; another's does not exist."""
    require(request.user, resource, "import")
    person: Any = request.user
    rows = Import.objects.select_related("user", "errand").filter(user=person, resource=resource.name)
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def columns_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    of = own(request, resource, pk)
    if of.state not in (State.UPLOADED, State.CHECKED):
        return go(request, f"{of.url}{'check' if of.state == State.CHECKING else 'result'}/")
    if request.method != "POST":
        return _columns(request, resource, of)
    try:
        if "read" in request.POST:
            return _read_again(request, resource, of)
        errors = _take_columns(request, resource, of)
    except Refused as refused:
        errors = [refused.message]
    if errors:
        return _columns(request, resource, of, errors)
    start_check(of)
    return go(request, f"{of.url}check/")


def start_check(of: Import) -> None:
    """Save what was chosen and put the check into the queue, both or neither."""

    def work() -> None:
        of.save()
        label = _("Check of %(file)s") % {"file": of.file_name}
        of.step(State.CHECKING, out_of=(State.UPLOADED, State.CHECKED), errand=start(
            "import-check", of.user, label, **{"import": of.pk}), report={})  # fmt: skip

    in_transaction(work)


def _read_again(request: HttpRequest, resource: Resource, of: Import) -> HttpResponse:
    """With another sheet, encoding or delimiter the columns are others, too."""
    choices = {
        "encoding": ENCODINGS,
        "delimiter": tuple(DELIMITERS),
        "sheet": tuple(Source(of.file, of.options).sheets()),
    }
    for name, known in choices.items():
        if request.POST.get(name) in known:
            of.options[name] = request.POST[name]
    read_header(of, resource)
    of.save()
    return go(request, of.url)


def _take_columns(request: HttpRequest, resource: Resource, of: Import) -> list[str]:
    targets = targets_of(resource, of.user)
    sent = [request.POST.get(f"column_{place}", "") for place in range(len(of.header))]
    of.columns = [name if name in targets else "" for name in sent]
    of.empties = {
        name: text
        for place, name in enumerate(of.columns)
        if name and (text := request.POST.get(f"empty_{place}", "").strip()[:500])
    }
    of.constants = {
        name: text
        for name in targets
        if name not in of.columns and (text := request.POST.get(f"constant_{name}", "").strip()[:500])
    }
    return list(_wrong(resource, of, targets))


def _wrong(resource: Resource, of: Import, targets: dict[str, Any]) -> Any:
    chosen = [name for name in of.columns if name]
    if not chosen:
        yield _("Choose a field for at least one column")
    for name in dict.fromkeys(chosen):
        if chosen.count(name) > 1:
            yield _("“%(field)s” is chosen for several columns") % {"field": targets[name].label}
    given = {*chosen, *of.constants, *resource.initial(of.user)}
    missing = [target.label for name, target in targets.items() if target.required and name not in given]
    if missing and "number" not in chosen:
        yield _("Choose a column, or enter a value for all rows: %(fields)s") % {"fields": "、".join(missing)}


def _columns(request: HttpRequest, resource: Resource, of: Import, errors: list[str] | None = None) -> HttpResponse:
    targets = targets_of(resource, of.user)
    source = Source(of.file, of.options)
    context = frame(resource, 2) | {
        "of": of,
        "errors": errors or [],
        "sheets": source.sheets(),
        "encodings": [] if source.is_excel else ENCODINGS,
        "delimiters": [] if source.is_excel else _delimiters(),
        "targets": list(targets.values()),
        "columns": _samples(of, source),
        "needed": [one for name, one in targets.items() if one.required and name not in of.columns],
        "others": [
            one for name, one in targets.items() if not one.required and not one.is_key and name not in of.columns
        ],
    }
    return screen(request, "core/import_columns.html", context, 422 if errors else 200)


def _delimiters() -> list[tuple[str, str]]:
    return [("comma", _("Comma")), ("semicolon", _("Semicolon")), ("tab", _("Tab stop"))]


def _samples(of: Import, source: Source) -> list[dict[str, Any]]:
    from itertools import islice

    from liuke.core.imports.running import shown

    rows = [row for _line, row in islice(source.rows(), SAMPLES)]
    return [
        {
            "place": place, "header": header, "target": name, "empty": of.empties.get(name, "") if name else "",
            "samples": [shown(row[place]) for row in rows if place < len(row)],
        }
        for place, (header, name) in enumerate(zip(of.header, of.columns, strict=True))
    ]  # fmt: skip
