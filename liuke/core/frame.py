"""The frame around every page: top bar, menu, bottom bar. Printed once for everybody it looks the same to.

A page changes what stands inside of it; the frame is the same for hundreds of requests and is a quarter of a page.
Whatever its templates print is in `Frame`, and equal frames are printed alike: nothing else may be asked in them.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.template.loader import get_template
from markupsafe import Markup

if TYPE_CHECKING:
    from liuke.core.pages import Link, MenuGroup

PARTS = ("top", "nav", "bottom")
FORGERY = secrets.token_hex()  # stands where each request has a field of its own against forgery; nobody can write it


class Who(NamedTuple):
    """The person in the corner."""

    name: str
    department_name: str
    role_names: str


class Frame(NamedTuple):
    """All that the frame's templates may print."""

    user: Who
    lang: str
    theme: str
    path: str
    menu: tuple[MenuGroup, ...]
    new: tuple[Link, ...]  # what may be entered from the ＋
    urls: tuple[tuple[str, str], ...]
    unread: int
    errands: int  # that wait or run
    nav_collapsed: bool


class Framed(NamedTuple):
    """A frame, printed."""

    frame: Frame
    parts: dict[str, str]
    module_label: str  # of the group of the menu one is in


def printed(frame: Frame) -> dict[str, str]:
    """The parts by name, with a gap where each request has a field of its own."""
    return {part: _printed(part, frame) for part in PARTS}


def filled(parts: dict[str, str], csrf_input: Any) -> dict[str, Markup]:
    """The parts ready to be put into the layout."""
    field = str(csrf_input)
    return {part: Markup(text.replace(FORGERY, field)) for part, text in parts.items()}


@lru_cache(maxsize=2000)
def _printed(part: str, frame: Frame) -> str:
    words = frame._asdict() | {"urls": dict(frame.urls), "csrf_input": Markup(FORGERY)}
    template: Any = get_template(f"core/_{part}.html")
    return str(template.template.render(words))
