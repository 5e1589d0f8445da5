"""The register: every Resource there is. Doors, permissions, menu, API and tests walk over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from liuke.core.resource import Resource, Scene, Tab

R = TypeVar("R", bound="type[Resource]")
_resources: dict[str, Resource] = {}
_of_model: dict[type[Model], Resource] = {}  # asked of every row that is written or shown


def register(cls: R) -> R:
    """Class decorator: sign a Resource in. Its name is the class name in kebab-case."""
    resource = cls()
    _resources[resource.name] = resource
    _note_models()
    return cls


def _note_models() -> None:
    """Of two with one model the first stands for it."""
    _of_model.clear()
    for known in _resources.values():
        _of_model.setdefault(known.model, known)


def resources() -> Iterator[Resource]:
    yield from _resources.values()


def resource(name: str) -> Resource:
    return _resources[name]


def resource_of(model: type[Model]) -> Resource:
    if known := _of_model.get(model):
        return known
    raise LookupError(f"No resource is registered for {model.__name__}")


def has_resource(model: type[Model]) -> bool:
    return model in _of_model


def sign_tab(model: type[Model], tab: Tab) -> None:
    """Add a tab to another entity's detail page; upper modules sign themselves in here."""
    resource_of(model).tabs.append(tab)


def sign_scene(model: type[Model], scene: Scene) -> None:
    """Add a scene to another entity's list."""
    known = type(resource_of(model))
    known.scenes = (*known.scenes, scene)


def forget(name: str) -> None:
    """Take a Resource out again (for tests that add one of their own)."""
    _resources.pop(name, None)
    _note_models()
