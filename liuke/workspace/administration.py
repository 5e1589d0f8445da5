"""The entry of the administration area (SYS-10): everything an administrator does, by groups, with the state of each.

What stands here is what stands in the menu, so that a module that signs in there is here, too; a line that is worth a
glance says so itself, by `tell`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, Value
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from liuke.core import formats, menu
from liuke.core.doors.common import page_title, screen
from liuke.core.pages import Action, Link
from liuke.core.refusals import Forbidden
from liuke.core.register import resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

HERE = "/administration/"


@dataclass(frozen=True)
class State:
    """What stands at the right of a line: plain, or as a badge where it has a tone."""

    text: str
    tone: str = ""
    worry: str = ""  # what somebody should see to now, said above all groups


@dataclass(frozen=True)
class Told:
    group: str
    text: Any
    state: Callable[[], State] | None


@dataclass(frozen=True)
class Row:
    label: str
    url: str
    icon: str
    text: str
    state: State


GROUPS = (
    ("people", lazy("People and rights")), ("running", lazy("Running the house")),
    ("rules", lazy("Rules and records")), ("base", lazy("Base data")),
)  # fmt: skip
_told: dict[str, Told] = {}


def tell(url: str, group: str, text: Any, state: Callable[[], State] | None = None) -> None:
    """Sign in what the line of this menu entry says; one nobody tells of stands with the base data."""
    _told[url] = Told(group, text, state)


def manages(user: Any) -> bool:
    """Whether this person finds anything here."""
    return menu.has_part_in("admin", user, but=HERE)


@require_safe
def administration_page(request: HttpRequest) -> HttpResponse:
    rows = rows_for(request.user)
    if not rows:
        raise Forbidden
    title = pgettext("page", "Administration")
    context = {
        "page_title": page_title(title),
        "title": title,
        "crumbs": [Link(title, HERE, current=True)],
        "commands": [Action("help", _("Help"), "/help/#administration", "help-circle", access_key="h")],
        "worries": [(row.state.tone, row.state.worry, row.url) for _group, row in rows if row.state.worry],
        "groups": [(str(label), found) for key, label in GROUPS if (found := [row for at, row in rows if at == key])],
    }
    return screen(request, "workspace/administration.html", context)


def rows_for(user: Any) -> list[tuple[str, Row]]:
    """(group, line) of everything this person administers."""
    entries = [one for one in menu.entries_in("admin", user) if one.url != HERE]
    counts = _counts([entry.list for entry in entries if entry.list], user)
    return [(_of(entry.url).group, _row(entry, counts)) for entry in entries]


def _of(url: str) -> Told:
    return _told.get(url) or Told("base", "", None)


def _row(entry: Any, counts: dict[str, int]) -> Row:
    told = _of(entry.url)
    if told.state:
        state = told.state()
    else:
        state = State(formats.number(counts[entry.list]) if entry.list else "")
    return Row(str(entry.label), entry.url, entry.icon, str(told.text), state)


def _counts(names: list[str], user: Any) -> dict[str, int]:
    """How many rows this person finds in each list, in one question."""
    asked = [
        resource(name).model.objects.visible_to(user).filter(deleted_at=None).order_by()
        .annotate(of=Value(name, CharField())).values("of").annotate(n=Count("pk")).values_list("of", "n")
        for name in names
    ]  # fmt: skip
    found = dict(asked[0].union(*asked[1:], all=True)) if asked else {}
    return {name: found.get(name, 0) for name in names}


administration_urls = [path("administration/", administration_page)]
