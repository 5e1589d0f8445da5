"""Whether a line means a record that is there already, by the fields its Resource names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import UniqueConstraint

from liuke.core.field_rights import rights_of
from liuke.core.fields import DerivedField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.many import Draft
    from liuke.core.resource import Resource

    Key = tuple[tuple[str, ...], tuple[Any, ...]]


def keys_of(resource: Resource) -> list[tuple[str, ...]]:
    """Alternatives, the first of which that a line fills in counts: number, unique fields, else the name."""
    model: Any = resource.model
    number: list[tuple[str, ...]] = [("number",)] if model.NUMBER_PREFIX else []
    if resource.match:
        return [*number, *resource.match]
    single: list[tuple[str, ...]] = [
        (f.name,) for f in model._meta.concrete_fields if f.unique and f.editable and not f.primary_key
    ]
    together = [tuple(one.fields) for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    named: list[tuple[str, ...]] = [(model.TEXT,)] if model.TEXT in resource.field_names else []
    return [*number, *single, *together] if number or single or together else named


class Matcher:
    """Finds the records that drafts mean, with one question for each way to know them."""

    def __init__(self, resource: Resource, user: Any) -> None:
        self.model: Any = resource.model
        hidden = {field for name, field in rights_of(user).hidden if name == resource.name}
        self.ways = [way for way in keys_of(resource) if not hidden & set(way)]  # or the answer would tell of it
        act = "view" if resource.may(user, "view") else "import"
        self.rows = self.model._base_manager.filter(resource.where(user, act)).order_by()

    def key(self, draft: Draft) -> Key | None:
        for way in self.ways:
            values = tuple(_plain(_value(draft, name)) for name in way)
            if values[0] is not None:
                return way, values
        return None

    def found(self, drafts: Sequence[Draft]) -> dict[Key, Any]:
        """{key: the record it names}; the oldest where there are several."""
        wanted: dict[tuple[str, ...], set[tuple[Any, ...]]] = {}
        for draft in drafts:
            if key := self.key(draft):
                wanted.setdefault(key[0], set()).add(key[1])
        return {(way, values): record for way, keys in wanted.items() for values, record in self._ask(way, keys)}

    def _ask(self, way: tuple[str, ...], keys: set[tuple[Any, ...]]) -> Any:
        columns = [{values[place] for values in keys} for place in range(len(way))]
        telling = [one for one in range(len(way)) if None not in columns[one]]
        place = max(telling, key=lambda one: len(columns[one]))
        for record in self.rows.filter(**{f"{way[place]}__in": columns[place]}).order_by("-pk"):
            values = tuple(_plain(getattr(record, self.model._meta.get_field(name).attname)) for name in way)
            if values in keys:
                yield values, record


def _value(draft: Draft, name: str) -> Any:
    if name == "number":
        return draft.number
    field = draft.record._meta.get_field(name)
    if isinstance(field, DerivedField):
        return field.derive(lambda of: draft.values.get(of) or "")
    return draft.values.get(name, draft.state.get(name))


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value) if value != "" else None
