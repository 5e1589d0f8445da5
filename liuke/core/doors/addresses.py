"""A list's own address: everything about a list stands in its URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from liuke.core.resource import Resource

SHAPE = ("scene", "ordering", "limit", "page", "after")  # parameters that are no filter


@dataclass(frozen=True)
class Address:
    """The present address of a list, from which others are made by changing parts of it."""

    resource: Resource
    params: dict[str, str]

    def query(self, **changes: Any) -> str:
        return urlencode({k: v for k, v in {**self.params, **changes}.items() if v not in ("", None)})

    def but(self, **changes: Any) -> str:
        """The address with changes, back on page 1 unless a page is named."""
        return f"/{self.resource.name}/?{self.query(**{'page': None, 'after': None, **changes})}"

    def only(self, *names: str) -> str:
        return f"/{self.resource.name}/?{urlencode({k: v for k, v in self.params.items() if k in names})}"

    @property
    def is_filtered(self) -> bool:
        return any(value and name not in SHAPE for name, value in self.params.items())
