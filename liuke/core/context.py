"""What every page is given beside its own content: menu, person, toasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from liuke.core import clock, formats, menu, options, toasts
from liuke.core.frame import Frame, Framed, Who, filled, printed
from liuke.core.remembered import remembered

if TYPE_CHECKING:
    from django.http import HttpRequest

URLS = {
    "home": "/", "notices": "/notices/", "profile": "/profile/", "password": "/password/", "logout": "/logout/",
    "relogin": "/relogin/", "login": "/login/", "theme": "/preferences/theme/", "language": "/preferences/language/",
    "density": "/preferences/density/",
    "errands": "/errands/", "help": "/help/", "search": "/search/",
}  # fmt: skip


BOTTOM = {URLS["home"], "/customers/", URLS["notices"], URLS["profile"]}  # what the phone's bar leads to


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    shared = bare(request) | {
        "company_name": _company_name(),
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),  # worked out once for all forms of a page
    }
    if not user or not user.is_authenticated:
        return shared
    return shared | signed_in(request, user, shared)


def language_of(request: HttpRequest) -> str:
    """The language of somebody who has not signed in: as chosen on an earlier visit, else that of the house."""
    chosen = request.COOKIES.get("language", "")
    return chosen if chosen in ("zh-hans", "en") else settings.LANGUAGE_CODE


def bare(request: HttpRequest) -> dict[str, Any]:
    """What a page needs that is printed while no database answers."""
    return {
        "request": request,
        "urls": URLS,
        "lang": "zh-CN" if (get_language() or "").startswith("zh") else "en",
        "theme": "auto",
        "part": is_part(request),
        "company_name": "留客",
    }


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asked for a fragment (and not for a whole page it restores from history)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def signed_in(request: HttpRequest, user: Any, shared: dict[str, Any]) -> dict[str, Any]:
    if shared["part"]:
        return {"user": user, "toasts": [], "now": clock.now(), "clock": formats.moment(clock.now())}
    from liuke.core.errands import corner_counts

    waiting = menu.waiting_for(user)
    unread, errands, counts = corner_counts(user, tuple(waiting.values()))
    here = menu.entry_at(user, getattr(request, "menu_path", "") or request.get_full_path())
    theme, collapsed = user.theme, request.COOKIES.get("nav") == "collapsed"
    at_bottom = request.path if request.path in BOTTOM else ""
    key = "frame", user.known_as, get_language(), theme, at_bottom, here, unread, errands, tuple(counts), collapsed

    def framed() -> Framed:
        groups = menu.menu_of(user, here, dict(zip(waiting, counts, strict=True)))
        frame = Frame(
            user=Who(user.name, user.department_name, user.role_names),
            lang=shared["lang"],
            theme=theme,
            path=at_bottom,
            menu=tuple(groups),
            new=menu.new_links(user),
            urls=tuple({**URLS, **menu.lists_of(user)}.items()),
            unread=unread,
            errands=errands,
            nav_collapsed=collapsed,
        )
        return Framed(frame, printed(frame), next((group.label for group in groups if group.current), ""))

    known = remembered(key, framed, weight=10)
    return {
        "user": user,
        "theme": theme,
        "density": user.density,
        "frame": filled(known.parts, shared["csrf_input"]),
        "module_label": known.module_label,
        "toasts": toasts.take(request),
        "nav_collapsed": collapsed,
        "now": clock.now(),
        "clock": formats.moment(clock.now()),
        "time_zone": settings.TIME_ZONE,
        "urls": dict(known.frame.urls),
        "new": known.frame.new,
    }


def _company_name() -> str:
    try:
        return str(options.get("company_name"))
    except KeyError:
        return "留客"
