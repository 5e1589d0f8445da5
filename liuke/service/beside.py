"""What stands at hand while a case is handled: modules sign in parts of the column at the right (SVC-10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.accounts.models import User

    from .models import ServiceRequest

    Fill = Callable[[ServiceRequest, User], dict[str, Any] | None]


@dataclass(frozen=True)
class Part:
    """A titled box; its template prints `part`, which is what `fill` returned."""

    order: int
    title: Any
    template: str
    fill: Fill


_parts: list[Part] = []


def sign(order: int, title: Any, template: str) -> Callable[[Fill], Fill]:
    """Sign a function in: it returns what its template prints, or None where there is nothing for this person."""

    def sign_in(fill: Fill) -> Fill:
        _parts.append(Part(order, title, template, fill))
        return fill

    return sign_in


def at_hand(record: ServiceRequest, user: User) -> list[tuple[Part, dict[str, Any]]]:
    filled = ((part, part.fill(record, user)) for part in sorted(_parts, key=lambda one: one.order))
    return [(part, found) for part, found in filled if found]
