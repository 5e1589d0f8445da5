"""The audit log to read, search and carry out (AUD-01). No address changes or deletes an entry."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import FileResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from liuke.core import audit, clock, files, toasts
from liuke.core.audit import keeping
from liuke.core.conditions import condition, containing, readable
from liuke.core.display import badge, shown
from liuke.core.doors.common import go, page_title, screen, whole
from liuke.core.errands import Outcome, errand, start
from liuke.core.exports import Counted
from liuke.core.field_rights import is_hidden
from liuke.core.history import verb_label
from liuke.core.jobs import enqueue
from liuke.core.jobs.monitor import overview_of
from liuke.core.jobs.store import is_waiting
from liuke.core.models import AuditEntry
from liuke.core.pages import Action, Change, FilterBox, Link
from liuke.core.refusals import Forbidden
from liuke.core.register import resource, resources
from liuke.core.tables import write_csv, write_xlsx

from .audit_words import changes_of, facts_of, job_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

HERE = "/audit/"
SIZE = 50
AT_ONCE = 5_000  # rows of a file that comes at once; more go to the background
PARAMETERS = ("search", "who", "act", "kind", "outcome", "at__gte", "at__lte", "before")
VERIFY = "verify-audit"
# Acts that are no verbs of a record.
ACTS = {
    "signed_in": lazy("signed in"), "sign_in_failed": lazy("failed to sign in"), "signed_out": lazy("signed out"),
    "refused": lazy("was refused"), "export": lazy("exported"), "print": lazy("printed"), "report": lazy("exported"),
    "import": lazy("imported"), "import-check": lazy("checked an import"), "import-undo": lazy("took back an import"),
    "batch": lazy("did to many"), "hand_over": lazy("handed over work"), "job": lazy("ran a job"),
    "audit-export": lazy("exported"), "apply": lazy("changed settings"),
    "session_ended": lazy("ended a session"), "sessions_ended": lazy("ended sessions"),
    "second_factor_set_up": lazy("set up a second factor"), "second_factor_removed": lazy("removed a second factor"),
    "recovery_used": lazy("used a recovery code"), "recovery_renewed": lazy("made new recovery codes"),
    "token_made": lazy("made a token"), "token_killed": lazy("ended a token"),
    "token_refused": lazy("came with a bad token"),
    "moved": lazy("moved to another database"), "moved_here": lazy("moved to this database"),
    keeping.REMOVED: lazy("removed old audit entries"),
    "audit_log_replaced": lazy("took over the audit log of a backup"),
}  # fmt: skip
KINDS = {"core.JobRun": lazy("Jobs"), "core.Errand": lazy("Background tasks"), "accounts.ApiToken": lazy("API tokens")}


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    entry: AuditEntry
    at: str
    who: str
    act: str
    kind: str
    url: str
    text: str
    outcome: Any
    door: str
    changes: list[Change]
    facts: list[tuple[str, str]]


@require_safe
def audit_page(request: HttpRequest) -> HttpResponse:
    _require(request, "view")
    params = _params(request.GET)
    entries = list(_asked(params, request.user)[: SIZE + 1])
    further = urlencode(params | {"before": entries[SIZE - 1].pk}) if len(entries) > SIZE else ""
    filters = urlencode({name: value for name, value in params.items() if name != "before"})
    may = {act: request.user.reach("audit", act) is not None for act in ("export", "verify")}
    context = {
        "page_title": page_title(_("Audit log")),
        "title": _("Audit log"),
        "crumbs": [Link(_("Audit log"), HERE, current=True)],
        "commands": [Action("help", _("Help"), "/help/#audit", "help-circle", access_key="h")],
        "filters": _boxes(params),
        "search": params.get("search", ""),
        "search_hint": _("Number, object or person"),
        "list_url": HERE,
        "lines": [line_of(entry, request.user) for entry in entries[:SIZE]],
        "next_url": f"{HERE}?{further}" if further else "",
        "filtered": bool(params),
        "exports": [Link(label, f"{HERE}export.{kind}?{filters}", key=kind) for kind, label in KINDS_OF_FILES.items()]
        if may["export"] else [],
        "may_verify": may["verify"],
        "verified": overview_of(VERIFY),
    }  # fmt: skip
    return screen(request, "workspace/audit.html", context)


def _params(sent: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in sent.items() if value and name in PARAMETERS}


def _asked(params: Mapping[str, str], user: Any) -> Any:
    """What cannot be read as a filter finds nothing."""
    try:
        return AuditEntry.objects.filter(_condition(params, user)).order_by("-id")
    except (ValueError, ValidationError, OverflowError):
        return AuditEntry.objects.none()


def _condition(params: Mapping[str, str], user: Any) -> Q:
    found = Q()
    if word := params.get("search", "")[:100].strip():
        if not readable(word):
            raise ValueError(word)
        text = Q(**{f"text__{containing(word)}": word}) & ~Q(kind__in=_nameless(user))
        found &= Q(number=word) | text | Q(**{f"name__{containing(word)}": word})
    if who := params.get("who"):
        found &= Q(who=whole(who, 0))
    for name in ("act", "kind", "outcome"):
        if value := params.get(name):
            if not readable(value):
                raise ValueError(value)
            found &= Q(**{name: value})
    for name in ("at__gte", "at__lte"):
        if day := params.get(name):
            found &= condition(shown(AuditEntry, "at"), name.removeprefix("at__"), day)
    if before := params.get("before"):
        found &= Q(pk__lt=whole(before, 0))
    return found


def _nameless(user: Any) -> list[str]:
    """Kinds of records whose name a role hides from this reader: nobody finds out by asking what he is not shown."""
    models = (one.model for one in resources())
    return [model._meta.label for model in models if model.TEXT and is_hidden(model, model.TEXT, user)]


def _boxes(params: Mapping[str, str]) -> list[FilterBox]:
    users: Any = resource("users").model
    people = users._base_manager.order_by("name").values_list("pk", "name")[:1000]
    return [
        FilterBox("who", _("By"), "choice", params.get("who", ""), choices=[(str(pk), name) for pk, name in people]),
        FilterBox("act", _("Act"), "choice", params.get("act", ""), choices=_acts()),
        FilterBox("at", _("Date"), "range", params.get("at__gte", ""), params.get("at__lte", ""), date=True),
        FilterBox("kind", pgettext("audit", "Kind"), "choice", params.get("kind", ""), choices=_kinds()),
        FilterBox("outcome", _("Outcome"), "choice", params.get("outcome", ""),
                  choices=[(key, str(label)) for key, label in AuditEntry.Outcome.choices]),
    ]  # fmt: skip


def _acts() -> list[tuple[str, str]]:
    basics = ("create", "update", "delete", "restore", "purge", "imported", "set_grants", "change_password",
              "backed_up", "fetched_backup", "restored", "cleared")  # fmt: skip
    user = resource("users").model
    found = {name: verb_label(user, name) for name in basics} | {name: str(label) for name, label in ACTS.items()}
    for one in resources():
        for verb in one.verbs:
            found.setdefault(verb.name, str(verb.label))
    return sorted(found.items(), key=lambda one: one[1])


def _kinds() -> list[tuple[str, str]]:
    own = {one.model._meta.label: one.label_plural for one in resources()}
    return sorted((own | {label: str(text) for label, text in KINDS.items()}).items(), key=lambda one: one[1])


# one entry in words


def line_of(entry: AuditEntry, user: Any) -> Line:
    model = _model(entry.kind)
    details = told_to(user, model, _read(entry.details))
    changes = details.pop("changes", None) or {}
    return Line(
        entry=entry,
        at=timezone.localtime(entry.at, timezone.get_default_timezone()).isoformat(" ", "seconds")[:19],
        who=(job_label(entry.name) if entry.door == AuditEntry.Door.JOB and not entry.who else entry.name)
        or _("System"),
        act=act_label(entry.act, model),
        kind=str(KINDS.get(entry.kind) or (model._meta.verbose_name if model else entry.kind)),
        url=_url(model, entry, user),
        text=text_of(entry, model, user),
        outcome=badge(AuditEntry.TONES["outcome"][entry.outcome], entry.get_outcome_display())
        if entry.outcome != AuditEntry.Outcome.DONE else "",
        door=entry.get_door_display(),
        changes=changes_of(entry.act, model, changes),
        facts=facts_of(model, details),
    )  # fmt: skip


def told_to(user: Any, model: Any, details: dict[str, Any]) -> dict[str, Any]:
    """Without the fields a role hides from this reader, and without notes that may quote them."""
    changes = details.get("changes")
    if not model or not isinstance(changes, dict):
        return details
    seen = {name: pair for name, pair in changes.items() if not is_hidden(model, name, user)}
    left_out = ("note",) if len(seen) < len(changes) else ()
    return {name: value for name, value in details.items() if name not in left_out} | {"changes": seen}


def text_of(entry: AuditEntry, model: Any, user: Any) -> str:
    """The record by name, unless a role hides its name from this reader; a job by what people call it."""
    if entry.kind == "core.JobRun":
        return job_label(entry.text)
    named = getattr(model, "TEXT", "")
    return f"#{entry.object_id}" if named and entry.object_id and is_hidden(model, named, user) else entry.text


def act_label(act: str, model: Any = None) -> str:
    if act in ACTS:
        return str(ACTS[act])
    return verb_label(model or resource("users").model, act)


def _model(label: str) -> Any:
    try:
        return apps.get_model(label) if label.count(".") == 1 else None
    except LookupError:  # of a module that is gone
        return None


def _url(model: Any, entry: AuditEntry, user: Any) -> str:
    """Where the record is looked at, for whoever may look at such records."""
    known = next((one for one in resources() if one.model is model), None)
    return f"/{known.name}/{entry.object_id}/" if known and entry.object_id and known.may(user, "view") else ""


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:  # cut off at the length an entry may have
        return {"details": text[:500]}
    return found if isinstance(found, dict) else {}


# out of the house


KINDS_OF_FILES = {"xlsx": "Excel", "csv": "CSV"}


@require_safe
def audit_file(request: HttpRequest, kind: str) -> HttpResponse | FileResponse:
    _require(request, "view")
    _require(request, "export")
    params = _params(request.GET)
    if len(_asked(params, request.user).values("pk")[: AT_ONCE + 1]) > AT_ONCE:
        start("audit-export", request.user, _("Export of %(what)s") % {"what": _("Audit log")}, kind=kind, asked=params)
        toasts.add(request, _("The export runs in the background, its file will be kept here"))
        return go(request, "/errands/")
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it when it has been sent
    _write(file, kind, params, request.user)
    file.seek(0)
    return files.answer(file, _name(kind))


@errand("audit-export")
def export_in_background(work: Any, progress: Any) -> Outcome:
    if any(work.user.reach("audit", act) is None for act in ("view", "export")):
        raise Forbidden
    target = files.new_path("exports", work.params["kind"])
    try:
        with files.create(target) as file:
            count = _write(file, work.params["kind"], work.params["asked"], work.user)
    except BaseException:
        files.remove(target)
        raise
    words = _("%(count)s rows") % {"count": f"{count:,}"}
    return Outcome(words, file=target, file_name=_name(work.params["kind"]))


def _write(file: Any, kind: str, params: Mapping[str, str], user: Any) -> int:
    head = [_("ID"), _("Time"), "UTC", _("Act"), _("Outcome"), pgettext("audit", "Person"), _("Door"), _("From"),
            pgettext("audit", "Kind"), _("Number"), _("Object"), _("Details")]  # fmt: skip
    rows = Counted(_rows(params, user), None)
    if kind == "csv":
        write_csv(file, head, rows)
    else:
        write_xlsx(file, head, rows, wide=(10, 11))
    audit.note("export", by=user, kind=AuditEntry._meta.label, text=_name(kind),
               details={"rows": rows.count, "asked": dict(params)})  # fmt: skip
    return rows.count


def _rows(params: Mapping[str, str], user: Any) -> Iterator[list[Any]]:
    for entry in _asked(params, user).iterator(chunk_size=2000):
        line = line_of(entry, user)
        details = json.dumps(told_to(user, _model(entry.kind), _read(entry.details)), ensure_ascii=False)
        yield [entry.pk, line.at, entry.at.isoformat(), line.act, entry.get_outcome_display(), line.who, line.door,
               entry.address, line.kind, entry.number, line.text, details]  # fmt: skip


def _name(kind: str) -> str:
    return f"{_('Audit log')}-{clock.today():%Y%m%d}.{kind}"


@require_POST
def verify_now(request: HttpRequest) -> HttpResponse:
    """Seal what is new and look through all of it, in the background."""
    _require(request, "verify")
    if is_waiting(VERIFY):
        toasts.add(request, _("A run of this job is waiting already"))
    else:
        enqueue(VERIFY)
        toasts.add(request, _("The job has been started"))
    return go(request, HERE)


def _require(request: HttpRequest, action: str) -> None:
    if request.user.reach("audit", action) is None:
        raise Forbidden


audit_urls = [
    path("audit/", audit_page),
    *(path(f"audit/export.{kind}", audit_file, {"kind": kind}) for kind in KINDS_OF_FILES),
    path("audit/verify/", verify_now),
]
