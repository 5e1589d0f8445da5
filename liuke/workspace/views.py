"""The first page after signing in, and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liuke.core import clock
from liuke.core.doors.common import page_title, screen
from liuke.core.menu import menu_of
from liuke.core.pages import Action, Link

from .cards import cards_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "page_title": page_title(_("Home")),
        "heading": _greeting(),
        "crumbs": [Link(_("Home"), "/", current=True)],
        "commands": [Action("help", _("Help"), "/help/", "help-circle", access_key="h")],
        "cards": cards_for(request.user),
        "today": clock.today(),
    }
    return screen(request, "workspace/home.html", context)


def _greeting() -> str:
    hour = timezone.localtime(clock.now()).hour
    return _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    context = {
        "page_title": page_title(_("Help")),
        "heading": _("Help"),
        "crumbs": [Link(_("Help"), "/help/", current=True)],
        "commands": [],
        "groups": menu_of(request.user, request.path),
    }
    return screen(request, "workspace/help.html", context)
