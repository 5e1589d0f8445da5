"""A list's own address: everything about a list stands in its URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from django.http import QueryDict

    from liuke.core.resource import Resource

STEPS = {"page", "after", "limit"}
SHAPE = {*STEPS, "scene", "ordering", "columns"}  # parameters that are no filter


def asked(query: QueryDict) -> dict[str, Any]:
    """The parameters of an address. Ticked rows are sent one by one, and read as one list; conditions stay apart."""
    params: dict[str, Any] = query.dict()
    if "ids" in params:
        params["ids"] = ",".join(query.getlist("ids"))
    if "where" in params:
        params["where"] = tuple(line for line in query.getlist("where") if line)
    return params


@dataclass(frozen=True)
class Address:
    """The present address of a list, from which others are made by changing parts of it.

    A saved view is named as long as one only pages through it; any other change is a question of its own.
    """

    resource: Resource
    params: dict[str, Any]
    view: int = 0

    @property
    def home(self) -> str:
        return f"/{self.resource.name}/"

    def query(self, **changes: Any) -> str:
        kept = {k: v for k, v in self.params.items() if k in STEPS} | {"view": self.view}
        params = kept if self.view and changes and changes.keys() <= STEPS else self.params
        return urlencode({k: v for k, v in {**params, **changes}.items() if v not in ("", None)}, doseq=True)

    def but(self, **changes: Any) -> str:
        """The address with changes, back on page 1 unless a page is named."""
        return f"{self.home}?{self.query(**{'page': None, 'after': None, **changes})}"

    def only(self, *names: str) -> str:
        params = {k: v for k, v in self.params.items() if k in names}
        return f"{self.home}?{urlencode(params, doseq=True)}"

    @property
    def whole(self) -> str:
        """The question without its page, every part of it named."""
        return Address(self.resource, self.params).query(page=None, after=None)

    @property
    def is_filtered(self) -> bool:
        return any(value and name not in SHAPE for name, value in self.params.items())
