"""The wizard, after the columns: check, import, result, the file of errors, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _

from liuke.core import files, toasts
from liuke.core.doors.common import go, screen
from liuke.core.doors.imports import frame, own, start_check
from liuke.core.errands import start
from liuke.core.imports.outputs import choices_of, error_file
from liuke.core.imports.running import result_words
from liuke.core.imports.targets import targets_of
from liuke.core.models import Import, ImportedRow
from liuke.core.verbs import in_transaction

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse

    from liuke.core.resource import Resource

State = Import.State
TOLD = 100


def check_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    of = own(request, resource, pk)
    if of.state == State.UPLOADED:
        return go(request, of.url)
    if of.state not in (State.CHECKING, State.CHECKED):
        return go(request, f"{of.url}result/")
    if request.method == "POST":
        return _go_on(request, resource, of)
    context = frame(resource, 3) | {
        "of": of,
        "running": of.state == State.CHECKING and not of.is_broken_off,
        "broken": of.is_broken_off,
        "report": of.report,
        "rules": Import.Rule.choices,
        "unknown": _unknown(resource, of) if of.state == State.CHECKED else [],
        "verdicts": {"fresh": _("Can be imported"), "double": _("Double"), "wrong": _("Error")},
    }
    return screen(request, "core/import_check.html", context)


def _unknown(resource: Resource, of: Import) -> list[dict[str, Any]]:
    """The value table: for each field the words of the file nobody knows, and what they may mean."""
    targets = targets_of(resource, of.user)
    return [
        {"target": targets[name], "words": list(enumerate(words.items())), "choices": _choices(of, targets[name])}
        for name, words in of.report.get("unknown", {}).items()
        if name in targets
    ]


def _choices(of: Import, target: Any) -> list[str]:
    if target.kind == "choice":
        return [str(label) for _key, label in target.field.flatchoices]
    if hasattr(target.field, "words"):
        return [str(label) for key, label in target.field.words() if key]
    return choices_of(of.user, target)


def _go_on(request: HttpRequest, resource: Resource, of: Import) -> HttpResponse:
    if of.is_broken_off:
        of.step(State.CHECKED, out_of=(State.CHECKING,))
        start_check(of)
    elif "words" in request.POST:
        _take_words(request, of)
        start_check(of)
    elif request.POST.get("rule") in Import.Rule.values:
        begin(of, request.POST["rule"])
        return go(request, f"{of.url}result/")
    return go(request, f"{of.url}check/")


def _take_words(request: HttpRequest, of: Import) -> None:
    """`word_level_3` says what is meant by the fourth unknown word of the level."""
    for name, words in of.report.get("unknown", {}).items():
        known = of.words.setdefault(name, {})
        for place, word in enumerate(words):
            meant = request.POST.get(f"word_{name}_{place}", "").strip()[:200]
            if meant:
                known[word] = "" if meant == "-" else meant


def begin(of: Import, rule: str) -> None:
    """Put the import into the queue; a second click finds it begun."""

    def work() -> None:
        if of.step(State.IMPORTING, out_of=(State.CHECKED,), rule=rule):
            _start(of, "import", _("Import of %(file)s") % {"file": of.file_name})

    in_transaction(work)


def _start(of: Import, kind: str, label: str) -> None:
    of.errand = start(kind, of.user, label, **{"import": of.pk})
    of.save(update_fields=["errand"])


def result_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    of = own(request, resource, pk)
    if of.state in (State.UPLOADED, State.CHECKING, State.CHECKED):
        return go(request, f"{of.url}check/")
    if request.method == "POST":
        return _continue(request, of)
    context = frame(resource, 4) | {
        "of": of,
        "running": of.state in Import.BUSY and not of.is_broken_off,
        "broken": of.is_broken_off,
        "words": result_words(of),
        "failed": list(of.rows.filter(outcome=ImportedRow.Outcome.FAILED).order_by("line")[:TOLD]),
        "kept": list(of.rows.filter(outcome=ImportedRow.Outcome.KEPT).order_by("line")[:TOLD]),
        "may_undo": of.state == State.DONE and bool(of.created + of.updated),
    }
    return screen(request, "core/import_result.html", context)


def _continue(request: HttpRequest, of: Import) -> HttpResponse:
    """Go on with what was broken off."""
    kinds = {State.IMPORTING: "import", State.UNDOING: "import-undo"}
    if of.is_broken_off:
        in_transaction(lambda: _start(of, kinds[State(of.state)], str(of)))
    return go(request, f"{of.url}result/")


def errors_file(request: HttpRequest, resource: Resource, pk: int) -> FileResponse:
    of = own(request, resource, pk)
    if not of.failed:
        raise Http404
    try:
        return files.answer(*error_file(of))
    except FileNotFoundError:  # its time is over
        raise Http404 from None


def undo_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    of = own(request, resource, pk)
    if request.method != "POST":
        context = frame(resource, 4) | {
            "heading": _("Undo this import?"),
            "text": _("%(new)s new records go to the recycle bin, %(updated)s get their old values back. What "
                      "somebody has touched since stays as it is and is listed")
            % {"new": of.created, "updated": of.updated},
            "submit_label": _("Undo"), "danger": True, "post_url": request.path, "refusal": "",
            "cancel_url": f"{of.url}result/",
        }  # fmt: skip
        return screen(request, "core/confirm.html", context)

    def work() -> None:
        if of.step(State.UNDOING, out_of=(State.DONE,)):
            _start(of, "import-undo", _("Undoing the import of %(file)s") % {"file": of.file_name})
            toasts.add(request, _("The import is being undone"))

    in_transaction(work)
    return go(request, f"{of.url}result/")
