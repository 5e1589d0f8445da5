"""Acts on many rows of a list: the dialog is shown once, the answer tells what became of each row.

Which rows is said by `ids` (several times, or with commas), or by `all` with the list's own `question`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from liuke.core import batches, toasts
from liuke.core.doors.addresses import asked
from liuke.core.doors.batch_forms import CountForm, PatchForm
from liuke.core.doors.common import commands, crumbs, go, list_url, once, once_of, page_title, require, screen
from liuke.core.doors.entry import duplicate_page
from liuke.core.errands import start
from liuke.core.hallway import must_be_valid
from liuke.core.listing import Listing, ids_of
from liuke.core.models import OneTimeKey
from liuke.core.pages import Action
from liuke.core.refusals import Replayed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.resource import Resource

SHOWN = 100  # failures on the page
BIN = "/recycle-bin/"
BINNED = "status=deleted"  # the question of the rows in it


@dataclass(frozen=True)
class Picked:
    """The rows somebody has chosen, and the list they were chosen in."""

    ids: tuple[int, ...]
    question: str
    all: bool

    @property
    def names(self) -> str:
        return ",".join(map(str, self.ids))


def batch_page(request: HttpRequest, resource: Resource) -> HttpResponse:
    """The acts there are, as links: where no script opens dialogs."""
    require(request.user, resource, "view")
    picked = _picked(request, resource)
    context = _frame(request, resource, picked, _("Batch")) | {
        "text": _("%(n)s chosen") % {"n": f"{len(picked.ids):,}"} if picked.ids else "",
        "refusal": "" if picked.ids else _nothing(),
        "acts": (bin_acts if picked.question == BINNED else batch_acts)(resource, request.user),
        "query": urlencode({"ids": picked.names, "question": picked.question}),
    }
    return screen(request, "core/batch.html", context, 200 if picked.ids else 422)


def batch_files(request: HttpRequest, resource: Resource, name: str) -> HttpResponse:
    """The chosen rows as a file or on paper: the list's own address, narrowed to them."""
    require(request.user, resource, "view")
    require(request.user, resource, "export")
    picked = _picked(request, resource, read=False)
    query = QueryDict(picked.question, mutable=True)
    if not picked.all:
        query["ids"] = picked.names
    target = "print/" if name == "print" else "export.xlsx"
    return HttpResponseRedirect(f"/{resource.name}/{target}?{query.urlencode()}")


def batch_act(request: HttpRequest, resource: Resource, name: str) -> HttpResponse:
    require(request.user, resource, name)
    picked = _picked(request, resource)
    if not picked.ids or len(picked.ids) > batches.MOST:
        return _dialog(request, resource, name, picked, None, 422)
    form = _form(request, resource, name, picked)
    if request.method != "POST" or "choose" in request.POST:
        return _dialog(request, resource, name, picked, form)
    try:
        if form is not None:
            must_be_valid(form)
    except ValidationError:
        return _dialog(request, resource, name, picked, form, 422)
    try:
        return _run(request, resource, name, picked)
    except Replayed:
        return duplicate_page(request, resource, None)


def _run(request: HttpRequest, resource: Resource, name: str, picked: Picked) -> HttpResponse:
    """Rows have transactions of their own; the key is used up before the first of them."""
    sent = request.POST.copy()
    for part in ("csrfmiddlewaretoken", "ids", "question", "once"):
        sent.pop(part, None)
    with transaction.atomic():
        if key := once_of(request):
            OneTimeKey.claim(request.user, request.path, key, "page")
        if len(picked.ids) > batches.AT_ONCE:
            label = f"{resource.label_plural} · {_label(resource, name)} · {len(picked.ids):,}"
            params = {"resource": resource.name, "act": name, "ids": picked.ids, "sent": sent.urlencode()}
            start("batch", request.user, label, **params)
    if len(picked.ids) > batches.AT_ONCE:
        toasts.add(request, _("It goes on in the background"), link_url="/errands/", link_label=_("Task centre"))
        return go(request, _back(resource, picked))
    return _told(request, resource, name, picked, batches.run(resource, request.user, name, picked.ids, sent))


def _told(request: HttpRequest, resource: Resource, name: str, picked: Picked, told: batches.Told) -> HttpResponse:
    """All went well: back to the list. Else the rows that were left, each with its reason."""
    if not told.failed:
        toasts.add(request, _("%(done)s done") % {"done": f"{told.done:,}"})
        return go(request, _back(resource, picked))
    counts = {"done": f"{told.done:,}", "failed": f"{told.failed:,}"}
    context = _frame(request, resource, picked, _label(resource, name)) | {
        "text": _("%(done)s done, %(failed)s failed") % counts,
        "none_done": not told.done,
        "failures": batches.named(resource, request.user, told.failures[:SHOWN]),
        "more": max(0, told.failed - SHOWN),
    }
    return screen(request, "core/batch_told.html", context)


# the dialog


def _form(request: HttpRequest, resource: Resource, name: str, picked: Picked) -> Any:
    sent = request.POST if request.method == "POST" and "choose" not in request.POST else None
    if name == "update":
        return PatchForm(sent, resource=resource, user=request.user, chosen=request.POST.get("field", ""))
    if name == "purge" or (name == "delete" and len(picked.ids) > CountForm.FROM):
        return CountForm(sent, count=len(picked.ids))
    verb = resource.verb(name)
    if verb is None or verb.form is None:
        return None
    rows = resource.rows(request.user).filter(pk__in=picked.ids[: batches.AT_ONCE])
    return verb.form(sent, record=None, user=request.user, records=list(rows.select_related(*resource.related)))


def _dialog(
    request: HttpRequest, resource: Resource, name: str, picked: Picked, form: Any, status: int = 200
) -> HttpResponse:
    verb = resource.verb(name)
    refused = _nothing() if not picked.ids else _too_many() if len(picked.ids) > batches.MOST else ""
    context = _frame(request, resource, picked, _label(resource, name)) | {
        "verb": verb,
        "text": _text(resource, name, picked),
        "form": form,
        "fields": form.visible_fields() if form else [],
        "submit_label": _("Save") if name == "update" else _label(resource, name),
        "danger": name in ("delete", "purge") or bool(verb and verb.style == "danger"),
        "post_url": f"/{resource.name}/batch/{name}/",
        "carried": [("ids", picked.names), ("question", picked.question)],
        "once": once_of(request) or once(),
        "refusal": refused,
    }
    context |= form.context() if hasattr(form, "context") else {}
    template = "core/batch_update.html" if name == "update" else verb.template if verb else "core/confirm.html"
    return screen(request, template, context, status)


def _text(resource: Resource, name: str, picked: Picked) -> str:
    words = {"n": f"{len(picked.ids):,}", "kind": resource.label.lower()}
    if name == "delete":
        return _("%(n)s × %(kind)s go to the recycle bin and can be restored") % words
    if name == "update":
        return _("%(n)s × %(kind)s get this value") % words
    if name == "restore":
        return _("%(n)s × %(kind)s come back from the recycle bin") % words
    if name == "purge":
        return _("%(n)s × %(kind)s are deleted for good and cannot be brought back") % words
    verb = resource.verb(name)
    more = "" if verb is None or callable(verb.text) else str(verb.text)
    return " ".join(part for part in (_("%(n)s × %(kind)s chosen") % words, more) if part)


def _label(resource: Resource, name: str) -> str:
    verb = resource.verb(name)
    return str(verb.label) if verb else _own_labels()[name]


def _own_labels() -> dict[str, str]:
    return {
        "update": _("Batch edit"), "delete": _("Delete"), "restore": _("Restore"), "purge": _("Delete for good"),
    }  # fmt: skip


def _frame(request: HttpRequest, resource: Resource, picked: Picked, heading: str) -> dict[str, Any]:
    return {
        "resource": resource,
        "heading": heading,
        "page_title": page_title(heading, resource.label_plural),
        "crumbs": crumbs(resource, (heading, "")),
        "commands": commands(resource, request.user),
        "cancel_url": _back(resource, picked),
    }


def _nothing() -> str:
    return _("Nothing is chosen. Tick some rows of the list first")


def _too_many() -> str:
    return _("At most %(most)s at once, narrow the list first") % {"most": f"{batches.MOST:,}"}


# what is chosen, and what can be done with it


def _picked(request: HttpRequest, resource: Resource, read: bool = True) -> Picked:
    sent = request.POST if request.method == "POST" else request.GET
    question = QueryDict(sent.get("question", "")[:4000]).urlencode()
    if not sent.get("all"):
        return Picked(ids_of(",".join(sent.getlist("ids"))), question, False)
    if not read:
        return Picked((), question, True)
    listing = Listing(resource, request.user, asked(QueryDict(question)))
    if listing.errors:
        raise ValidationError(listing.errors)
    found = listing.filtered.order_by("-id").values_list("pk", flat=True)[: batches.MOST + 1]
    return Picked(tuple(found), question, True)


def _back(resource: Resource, picked: Picked) -> str:
    """The list, or the recycle bin the rows were chosen in."""
    if picked.question == BINNED:
        return f"{BIN}?kind={resource.name}"
    return f"{list_url(resource)}?{picked.question}" if picked.question else list_url(resource)


def batch_acts(resource: Resource, user: Any) -> list[Action]:
    """The buttons over chosen rows, in their order: change, verbs, file and paper, delete."""
    here = f"/{resource.name}/batch/"
    found = []
    if resource.fields and resource.may(user, "update"):
        found.append(Action("update", _("Batch edit"), f"{here}update/", "edit", dialog=True))
    for verb in resource.verbs:
        if verb.batch and resource.may(user, verb.name):
            icon = verb.icon or "bolt"
            found.append(Action(verb.name, str(verb.label), f"{here}{verb.name}/", icon, verb.style, dialog=True))
    if resource.may(user, "export"):
        found.append(Action("export", _("Export chosen"), f"{here}export/", "download"))
        found.append(Action("print", _("Print"), f"{here}print/", "printer"))
    if resource.fields and resource.may(user, "delete"):
        found.append(Action("delete", _("Delete"), f"{here}delete/", "trash", "danger", dialog=True))
    return found


def bin_acts(resource: Resource, user: Any) -> list[Action]:
    """The buttons over chosen rows of the recycle bin."""
    here = f"/{resource.name}/batch/"
    found = [
        Action("restore", _("Restore"), f"{here}restore/", "arrow-back-up", dialog=True),
        Action("purge", _("Delete for good"), f"{here}purge/", "trash", "danger", dialog=True),
    ]
    return [one for one in found if resource.may(user, one.key)]
