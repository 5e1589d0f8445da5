"""What a role may not see or change of an entity; a field without a rule is seen and changed as the role's acts say."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from liuke.core.field_rights import HIDDEN, NONE, READ, FieldRights

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from .roles import Granted

WRITES: frozenset[str | None] = frozenset({"create", "update", "import", "import_history"})


class FieldRule(models.Model):
    """One field that a role has hidden, or to read only (PERM-03)."""

    class Level(models.TextChoices):
        READ = READ, lazy("Read only")
        HIDDEN = HIDDEN, lazy("Hidden")

    role = models.ForeignKey("accounts.Role", models.CASCADE, related_name="field_rules")
    resource = models.CharField(max_length=50)
    field = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=Level.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "resource", "field"], name="one_rule_of_a_field")]


@lru_cache(maxsize=1000)
def field_rights_of(granted: tuple[Granted, ...]) -> FieldRights:
    """Several roles: what one of them shows is seen, what one of them lets change is changed.

    A role has a say only where it grants the act itself: one that does not show customers does not uncover a field
    of theirs. Where no role shows an entity, what any of them hides stays hidden in the lists of others.
    """
    rules = [row for row in granted if row.field and not row.deleted_at]
    if not rules:
        return NONE
    levels = {(row.role_id, str(row.resource), row.field): str(row.scope) for row in rules}
    names = {(str(row.resource), row.field) for row in rules}
    return FieldRights(
        frozenset(one for one in names if _hidden(*one, levels, _granting(granted, one[0], {"view"}))),
        frozenset(one for one in names if _fixed(*one, levels, _granting(granted, one[0], WRITES))),
    )


def _granting(granted: Iterable[Granted], resource: str, acts: Container[str | None]) -> set[int]:
    """The roles that grant one of the acts on the entity."""
    return {row.role_id for row in granted if row.resource == resource and row.action in acts and not row.deleted_at}


def _hidden(resource: str, field: str, levels: dict[tuple[int, str, str], str], seeing: set[int]) -> bool:
    if not seeing:
        return any(level == HIDDEN for (_role, *key), level in levels.items() if key == [resource, field])
    return all(levels.get((role, resource, field)) == HIDDEN for role in seeing)


def _fixed(resource: str, field: str, levels: dict[tuple[int, str, str], str], writing: set[int]) -> bool:
    return all((role, resource, field) in levels for role in writing)
