"""What a role sees of an entity, field by field: the tab of its page, and what that page sends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core.display import shown
from liuke.core.field_rights import restrictable
from liuke.core.pages import Link
from liuke.core.register import resource, resources

from .models import FieldRule

if TYPE_CHECKING:
    from liuke.core.resource import Resource

    from .models import Role

Level = FieldRule.Level


@dataclass(frozen=True)
class FieldRow:
    """One field of the entity, and what the role may do with it ("" for as much as its acts allow)."""

    name: str
    label: str
    level: str
    needed: bool  # no record can be without it: whoever may enter one is asked, whatever stands here
    entered: bool  # a person fills it in; others are only seen


def field_tab(role: Role, asked: str) -> dict[str, Any]:
    """The entities to choose from, each with the number of fields kept back, and the fields of one of them."""
    of = chosen(asked)
    rules = {(one.resource, one.field): one.level for one in role.field_rules.all()}
    counts = {one.name: sum(name == one.name for name, _field in rules) for one in resources()}
    entities = [
        Link(one.label_plural, one.name, one is of, str(counts[one.name] or ""), one.name)
        for one in sorted(resources(), key=lambda one: not one.menu)
        if restrictable(one)
    ]
    return {
        "entities": entities,
        "of": of,
        "field_rows": [_row(of, name, rules.get((of.name, name), "")) for name in restrictable(of)],
        "levels": [("", _("Visible")), *Level.choices],
        "kept_back": len(rules),
    }


def chosen(asked: str) -> Resource:
    """The entity an address names, else the first of the business."""
    known = {one.name: one for one in resources()}
    return known.get(asked) or known.get("customers") or next(iter(known.values()))


def _row(of: Resource, name: str, level: str) -> FieldRow:
    known = shown(of.model, name)
    entered = name in of.field_names or name.startswith("x_")
    needed = name in of.field_names and not known.field.blank and not known.field.has_default()
    return FieldRow(name, str(known.label), level, needed, entered)


def rules_with(role: Role, name: str, sent: Any) -> dict[tuple[str, str], str]:
    """The rules of the role with those of one entity as a form sends them; names nobody declared are left out."""
    kept = {(one.resource, one.field): one.level for one in role.field_rules.all() if one.resource != name}
    levels = {(name, field): sent.get(f"field-{field}", "") for field in restrictable(resource(name))}
    return kept | {key: level for key, level in levels.items() if level in Level.values}
