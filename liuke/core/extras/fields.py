"""What an added field is, which there are now, and who keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.core.exceptions import FieldDoesNotExist

from liuke.core.display import ADDED, Shown
from liuke.core.register import resource_of

if TYPE_CHECKING:
    from django.db.models import Model, Q

    from liuke.core.extras.ordering import Order
    from liuke.core.resource import Resource

Values = dict[str, Any]  # by path


class Picked(NamedTuple):
    """The value of a field that chooses from the dictionary."""

    pk: int
    text: str
    code: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Extra(Shown):
    """An added field. Its path, such as `x_voltage`, is its name in addresses, API and files."""

    key: int = 0  # of its definition
    column: str = ""  # where its values stand
    required: bool = False
    listed: bool = False  # a column of the list for everybody who has not chosen his own
    entries: Mapping[str, Picked] = field(default_factory=dict, compare=False)  # what it chooses from, by value

    @property
    def stored(self) -> Shown:
        """The field as its values are stored: what conditions are made of."""
        return Shown(self.column, self.field, self.label, self.column, self.kind)


class Store(Protocol):
    """Where definitions and values are kept."""

    def of(self, resource: str) -> Mapping[str, Extra]: ...

    def columns(self, extra: Extra) -> Mapping[str, Any]: ...

    def read(self, extras: Sequence[Extra], pks: Sequence[int]) -> dict[int, Values]: ...

    def write(self, extras: Sequence[Extra], values: Mapping[int, Values]) -> None: ...

    def holding(self, extra: Extra, condition: Q) -> Q: ...

    def order(self, extra: Extra, down: bool) -> Order: ...


_store: Store | None = None


def keep_in(store: Store) -> None:
    global _store
    _store = store


# which there are


def by_path(resource: Resource) -> Mapping[str, Extra]:
    """The added fields of an entity as they stand now, in their order."""
    every = _store.of(resource.name) if _store and resource.extensible else {}
    return {path: one for path, one in every.items() if path not in resource.secret} if resource.secret else every


def of(resource: Resource) -> list[Extra]:
    return list(by_path(resource).values())


def listed(resource: Resource) -> tuple[str, ...]:
    """The paths of those that are columns of the list."""
    return tuple(one.path for one in of(resource) if one.listed)


def known(model: type[Model], path: str) -> Extra:
    """Raises FieldDoesNotExist for one that was never added, or has been deleted."""
    try:
        return by_path(resource_of(model))[path]
    except LookupError:
        raise FieldDoesNotExist(path) from None


def is_path(name: str) -> bool:
    return name.startswith(ADDED)


def split(names: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of declared fields, and those of added ones."""
    every = frozenset(names)
    added = frozenset(filter(is_path, every))
    return every - added, added


def holding(extra: Extra, condition: Q) -> Q:
    """The records whose value meets the condition, which is one on `extra.column`."""
    return store().holding(extra, condition)


def store() -> Store:
    """Raises RuntimeError where nobody keeps any."""
    if _store is None:
        raise RuntimeError("Nobody keeps added fields")
    return _store
