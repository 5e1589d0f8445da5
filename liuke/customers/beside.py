"""What modules put on a customer's page beside their tabs: a line on top of it, a box in the column at the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from liuke.accounts.models import User
    from liuke.core.pages import Action

    from .models import Customer


@dataclass(frozen=True)
class Banner:
    """What everybody who opens the customer must know first."""

    tone: str
    text: str
    action: Action | None = None


@dataclass(frozen=True)
class Box:
    title: str
    html: Markup


@dataclass(frozen=True)
class Beside:
    banners: tuple[Banner, ...] = ()
    boxes: tuple[Box, ...] = ()


_makers: list[Callable[[Customer, User], Beside]] = []


def sign(maker: Callable[[Customer, User], Beside]) -> Callable[[Customer, User], Beside]:
    """Sign a function in: it shows what this person may see."""
    _makers.append(maker)
    return maker


def beside(customer: Customer, user: User) -> Beside:
    found = [maker(customer, user) for maker in _makers]
    banners = tuple(one for each in found for one in each.banners)
    return Beside(banners, tuple(one for each in found for one in each.boxes))
