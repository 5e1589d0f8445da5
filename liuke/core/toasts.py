"""Short messages shown after the next page has loaded."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass
class Toast:
    text: str
    level: str = "success"
    link_url: str = ""
    link_label: str = ""
    post: bool = False  # the link changes something: a small form, not an address


def add(request: HttpRequest, text: str, **more: object) -> None:
    request.session.setdefault("toasts", []).append(asdict(Toast(str(text), **more)))  # type: ignore[arg-type]
    request.session.modified = True


def take(request: HttpRequest) -> list[Toast]:
    """The waiting messages; they are gone afterwards."""
    waiting = request.session.pop("toasts", []) if "toasts" in request.session else []
    return [Toast(**one) for one in waiting]
