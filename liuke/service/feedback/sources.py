"""Where feedback comes from: each source signs its rows in, and where in them customer, staff and words stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from liuke.core.field_rights import is_hidden
from liuke.core.register import resource_of

if TYPE_CHECKING:
    from django.db.models import Model

    from liuke.core.resource import Resource


@dataclass(frozen=True)
class Source:
    """Records in which a customer says something; who may see them says their Resource.

    `at`, `satisfaction` and `text` are fields of the record, the others may be paths to other ones.
    """

    key: str
    label: Any
    model: type[Model]
    at: str  # the moment it was said: an index in its falling order keeps the list quick
    customer: str  # path to the customer
    staff: str  # path to the person it was about, or who took it up
    text: str  # what was said
    title: str  # path to a line that says what it is about
    page: str = ""  # address of the page it stands on, with %s for the value of `page_of`; its own page when empty
    page_of: str = "pk"
    satisfaction: str = ""  # a mark from 1 to 5, where the source has one
    only: Q = field(default_factory=Q)  # which of the records are feedback

    @property
    def resource(self) -> Resource:
        return resource_of(self.model)

    def link(self, pk: int) -> str:
        """What a task about an entry is tied to."""
        return f"{self.resource.name}/{pk}"

    def url(self, page_of: Any) -> str:
        return self.page % page_of if self.page else f"/{self.resource.name}/{page_of}/"

    def seen(self, user: Any, action: str = "view") -> Q:
        """The entries this person may see, or carry away; in reach of no grant there are none."""
        return self.resource.where(user, action) & self.only

    def may(self, user: Any, action: str) -> bool:
        """Whoever sees the records, and of them all that an entry tells."""
        told = {self.at, self.customer, self.staff, self.text, self.title, self.satisfaction} - {""}
        seen = not any(is_hidden(self.model, path, user) for path in told)
        return seen and self.resource.may(user, "view") and self.resource.may(user, action)


_sources: dict[str, Source] = {}


def sign(source: Source) -> None:
    """Sign a source in. They are offered in the order they are signed in."""
    _sources[source.key] = source


def sources() -> list[Source]:
    return list(_sources.values())


def source(key: str) -> Source | None:
    return _sources.get(key)
