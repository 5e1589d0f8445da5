"""Departments form a tree; the head of a department is a post, not a role."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import statements
from liuke.core.models import Record
from liuke.core.refusals import Refused


class Department(Record):
    """A part of the company with a head, somewhere under another one."""

    name = models.CharField(lazy("Name"), max_length=50)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children",
                               verbose_name=lazy("Part of"))  # fmt: skip
    head = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+",
                             verbose_name=lazy("Head"))  # fmt: skip
    notes = models.CharField(lazy("Notes"), max_length=200, blank=True)

    class Meta:
        verbose_name = lazy("Department")
        verbose_name_plural = lazy("Departments")
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(deleted_at=None), name="department_name_once",
                violation_error_message=lazy("A department of this name exists already"),
            )
        ]  # fmt: skip

    def clean(self) -> None:
        if self.pk and self.parent_id and self.parent_id in DepartmentTree.load().below(self.pk):
            raise ValidationError({"parent": _("A department cannot be part of itself")})

    def guard_delete(self, by: Any) -> None:
        if self.users.filter(deleted_at=None).exists() or self.children.filter(deleted_at=None).exists():
            raise Refused(_("The department still has people or departments, move them first"), "in_use")


def _all_departments() -> Any:
    return Department.objects.alive().order_by("pk").values_list("pk", "parent_id", "head_id", "name")


@dataclass
class DepartmentTree:
    """All departments at once: small, and asked many times in a request."""

    children: dict[int | None, list[int]]
    parents: dict[int, int | None]
    heads: dict[int, int | None]
    names: dict[int, str]

    @classmethod
    def load(cls) -> DepartmentTree:
        children: dict[int | None, list[int]] = defaultdict(list)
        parents: dict[int, int | None] = {}
        heads: dict[int, int | None] = {}
        names: dict[int, str] = {}
        for pk, parent, head, name in statements.rows(_all_departments):
            children[parent].append(pk)
            parents[pk], heads[pk], names[pk] = parent, head, name
        return cls(children, parents, heads, names)

    def below(self, department: int | None) -> frozenset[int]:
        """The department itself and everything under it."""
        if department is None:
            return frozenset()
        found, waiting = set(), [department]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.children.get(one, [])
        return frozenset(found)

    def above(self, department: int | None) -> list[int]:
        """The department itself and those it is part of, from below upward."""
        path: list[int] = []
        while department is not None and department not in path:
            path.append(department)
            department = self.parents.get(department)
        return path

    def led_by(self, user: int) -> frozenset[int]:
        """Every department headed by the user, with all below."""
        led: frozenset[int] = frozenset()
        for department, head in self.heads.items():
            if head == user:
                led |= self.below(department)
        return led


class Position(Record):
    """A post such as 客户经理, chosen on a user's page."""

    name = models.CharField(lazy("Name"), max_length=50)

    class Meta:
        verbose_name = lazy("Position")
        verbose_name_plural = lazy("Positions")
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(deleted_at=None), name="position_name_once",
                violation_error_message=lazy("This position exists already"),
            )
        ]  # fmt: skip

    def guard_delete(self, by: Any) -> None:
        if self.users.filter(deleted_at=None).exists():
            raise Refused(_("Still in use, it cannot be deleted"), "in_use")
