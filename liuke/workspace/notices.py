"""A person's notices: the list, opening one, the bell. Only one's own; another's does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liuke.core import toasts
from liuke.core.doors.common import go, page_title, screen
from liuke.core.field_rights import rights_of
from liuke.core.models import Notice
from liuke.core.notices import kind_of, mark_read, unread_count
from liuke.core.pages import Link, Pager

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from liuke.core.notices import Kind

LIST = "/notices/"
SIZE = 20
LAST_PAGE = 100


@dataclass(frozen=True)
class Line:
    """One notice, ready to print."""

    notice: Notice
    kind: Kind
    text: str

    @property
    def url(self) -> str:
        return _local(self.notice.url)


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    scene = "unread" if request.GET.get("scene") == "unread" else "all"
    rows = _own(request.user, unread=scene == "unread")
    number = _page_number(request)
    lines = list(_lines(rows.order_by("-id")[(number - 1) * SIZE : number * SIZE + 1], request.user))
    unread = unread_count(request.user)
    context = {
        "page_title": page_title(_("Notices")),
        "title": _("Notices"),
        "crumbs": [Link(_("Workbench"), "/"), Link(_("Notices"), LIST, current=True)],
        "scenes": _scenes(scene, unread),
        "lines": lines[:SIZE],
        "pager": _pager(scene, number, more=len(lines) > SIZE),
        "unread_here": unread,
        "newest": _newest(request.user),
        "scene": scene,
    }
    return screen(request, "workspace/notices.html", context)


def _lines(rows: QuerySet[Notice], user: Any) -> Iterator[Line]:
    for notice in rows.select_related("event") if rights_of(user) else rows:
        yield Line(notice, kind_of(notice.kind), notice.text_for(user))


def _newest(user: Any) -> int:
    return _own(user).order_by("-id").values_list("pk", flat=True).first() or 0


def _own(user: Any, *, unread: bool = False) -> QuerySet[Notice]:
    rows = Notice.objects.filter(user=user)
    return rows.filter(read_at=None) if unread else rows


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1


def _scenes(scene: str, unread: int) -> list[Link]:
    count = "" if not unread else "99+" if unread > 99 else str(unread)
    return [
        Link(_("All"), LIST, current=scene == "all", key="all"),
        Link(_("Unread"), f"{LIST}?scene=unread", current=scene == "unread", count=count, key="unread"),
    ]


def _pager(scene: str, number: int, *, more: bool) -> Pager | None:
    if number == 1 and not more:
        return None
    here = f"{LIST}?scene={scene}&page="
    return Pager(
        total="",
        pages=[Link(str(number), f"{here}{number}", current=True)],
        previous_url=f"{here}{number - 1}" if number > 1 else "",
        next_url=f"{here}{number + 1}" if more and number < LAST_PAGE else "",
        page=number,
    )


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read and go where it points. By POST: what only fetches addresses, such as a prefetch, reads nothing."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    mark_read(request.user, [notice.pk])
    return go(request, _local(notice.url) or LIST)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read that the page showed or could have shown."""
    newest = request.POST.get("newest", "")
    mark_read(request.user, up_to=int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 19 else 0)
    toasts.add(request, _("All notices are marked as read"))
    return go(request, LIST)


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The inside of the bell button, to be fetched anew."""
    return screen(request, "workspace/bell.html", {"unread": unread_count(request.user)})


def _local(url: str) -> str:
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""


notice_urls = [
    path("notices/", notice_list),
    path("notices/read/", read_all),
    path("notices/bell/", bell),
    path("notices/<int:pk>/open/", open_notice),
]
