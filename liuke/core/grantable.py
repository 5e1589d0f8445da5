"""Everything that can be granted: the acts of each Resource, and what modules sign in beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liuke.core.register import resources

if TYPE_CHECKING:
    from liuke.core.models import Record

_more: dict[str, tuple[Any, tuple[str, ...]]] = {}


def declare(name: str, label: Any, actions: tuple[str, ...]) -> None:
    """Sign in something that is no Resource but needs permission, such as the settings page."""
    _more[name] = label, actions


def everything() -> list[tuple[str, str, list[str]]]:
    """(name, label, acts) in the order of the menu."""
    found = [(resource.name, resource.label_plural, resource.actions) for resource in resources()]
    return found + [(name, str(label), list(actions)) for name, (label, actions) in _more.items()]


def model_of(name: str) -> type[Record] | None:
    return next((resource.model for resource in resources() if resource.name == name), None)
