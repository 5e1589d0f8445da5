"""What all page doors share: the checks in their order, and how a page is answered."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from liuke.core import clock
from liuke.core.context import is_part, page
from liuke.core.gaps import Print, gap
from liuke.core.pages import Action, Link
from liuke.core.refusals import Forbidden, Refused
from liuke.core.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from liuke.core.models import Record
    from liuke.core.resource import Resource

DIFFERENT = ("csrf_input", "clock")  # on each page that is sent, beside its frame


def require(user: Any, resource: Resource, action: str) -> None:
    """Function permission, the first question of every door. Raises Forbidden."""
    if not resource.may(user, action):
        raise Forbidden(needs=f"{resource.name}.{resource.grant_of(action)}")
    if action in ("create", "import") and (reason := resource.closed()):
        raise Refused(reason, "read_only")


def find(user: Any, resource: Resource, pk: int, actions: Iterable[str] = ()) -> Any:
    """The record, if it is in this person's range; else it does not exist. Raises Http404."""
    record = resource.find(user, pk, actions) if pk < 2**63 else None
    if record is None:
        raise Http404
    return record


def find_for(user: Any, resource: Resource, pk: int, action: str, also: Iterable[str] = ()) -> Any:
    """The record for an act: function, then row, then whether the act reaches it, then whether it is possible now."""
    require(user, resource, action)
    record = find(user, resource, pk, (action, *also))
    refused = record.refusal(action, user)
    if isinstance(refused, Forbidden):
        raise refused
    if action not in record.allowed:
        raise Forbidden(needs=f"{resource.name}.{resource.grant_of(action)}")
    if refused:
        raise refused
    return record


def whole(text: str | None, default: int) -> int:
    """A number of a page or a version, as an address or a form carries it."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def once() -> str:
    """A fresh one-time key for a form."""
    return secrets.token_urlsafe(16)


def once_of(request: HttpRequest) -> str:
    """The key a form came with; anything else than one of ours is none."""
    sent = request.POST.get("once", "")
    return sent if re.fullmatch(r"[\w-]{1,64}", sent, re.ASCII) else ""


def screen(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return _kept_nowhere(render(request, template, context, status=status))


def screen_of(
    request: HttpRequest, template: str, make: Callable[[], dict[str, Any]], gaps: Mapping[str, Any], key: Hashable
) -> HttpResponse:
    """The same for a page that is printed once for all who ask alike: `make` gives its words with `gap`s in them.

    The key names all that `make` follows from beside what `remembered` watches; with None the page is printed anew.
    """
    shared = page(request)
    values = {**gaps, **shared.get("frame", {}), **{name: shared[name] for name in DIFFERENT if name in shared}}
    framed = {name: shared.get(name) for name in ("lang", "theme", "density", "part", "nav_collapsed", "module_label")}

    def printed() -> Print:
        words = {**shared, "frame": {part: gap(part) for part in shared.get("frame", {})}}
        words |= {name: gap(name) for name in DIFFERENT if name in shared}
        loaded: Any = get_template(template)
        return Print(loaded.template.render(words | make()))

    if key is None or shared.get("toasts"):
        text = printed().filled(values)
    else:
        whole = "page", template, request.user.known_as, request.path, tuple(framed.values()), clock.today(), key
        text = remembered(whole, printed, weight=20).filled(values)
    return _kept_nowhere(HttpResponse(text))


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Vary"] = "HX-Request, Cookie"
    return response


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser on: a redirect, or for htmx the header that makes it load the whole page."""
    if is_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def list_url(resource: Resource) -> str:
    return f"/{resource.name}/"


def record_url(resource: Resource, record: Record) -> str:
    return f"/{resource.name}/{record.pk}/"


def crumbs(resource: Resource, *more: tuple[str, str]) -> list[Link]:
    steps = [Link(resource.label_plural, list_url(resource)), *(Link(label, url) for label, url in more)]
    return [*steps[:-1], Link(steps[-1].label, steps[-1].url, current=True)]


_further: list[Callable[[Any, Resource, Record], Action | None]] = []


def command(make: Callable[[Any, Resource, Record], Action | None]) -> Callable[..., Action | None]:
    """A module signs in a command for the pages of all records: it returns None where the person has no use of it."""
    _further.append(make)
    return make


def commands(resource: Resource, user: Any, record: Record | None = None, form: str = "") -> list[Action]:
    """The command bar (UI-02), always in the same order; what cannot be done now says why."""
    bar = []
    if resource.may(user, "create") and not form:
        closed = resource.closed()
        bar.append(Action("new", _("New"), f"{list_url(resource)}new/", "plus", reason=closed, access_key="n"))
    if form:
        bar.append(Action("save", _("Save"), "", "device-floppy", access_key="s"))
    if record is not None and record.pk and resource.may(user, "delete"):
        bar.append(_delete(resource, user, record))
    if record is None and not form:
        bar.append(Action("query", _("Query"), "#search", "search", access_key="q"))
    if record is not None and record.pk and not form:
        bar += [action for make in _further if (action := make(user, resource, record))]
        history = f"{record_url(resource, record)}?tab=history"
        bar.append(Action("info", _("Info"), history, "info-circle", access_key="i"))
    bar.append(Action("help", _("Help"), f"/help/#{resource.name}", "help-circle", access_key="h"))
    return bar


def _delete(resource: Resource, user: Any, record: Record) -> Action:
    refused = record.refusal("delete", user)
    reason = refused.message if refused else "" if "delete" in record.allowed else _("No permission")
    url = f"{record_url(resource, record)}delete/"
    return Action("delete", _("Delete"), url, "trash", dialog=True, reason=reason, access_key="d")


def page_title(*words: str) -> str:
    return " · ".join([*words, _("Liuke")])
