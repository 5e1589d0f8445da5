"""Roles are data: a role is a set of grants, a grant says which act on which rows (PERM-03, PERM-04)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.db.models import CharField, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import statements
from liuke.core.access import Reach
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import verb

from .. import separation
from .field_rules import FieldRule

if TYPE_CHECKING:
    from .users import User


class Role(Record):
    """A named set of permissions."""

    name = models.CharField(lazy("Name"), max_length=50)
    code = models.SlugField(lazy("Code"), max_length=40, help_text=lazy("Short Latin name, for the API"))
    description = models.CharField(lazy("What it is for"), max_length=200, blank=True)
    second_factor = models.BooleanField(
        lazy("Second factor required"), default=False,
        help_text=lazy("Whoever has this role signs in with a code of his phone as well"),
    )  # fmt: skip

    class Meta:
        verbose_name = lazy("Role")
        verbose_name_plural = lazy("Roles")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(deleted_at=None), name="role_code_once",
                violation_error_message=lazy("A role of this code exists already"),
            )
        ]  # fmt: skip

    def guard_delete(self, by: Any) -> None:
        if self.users.filter(deleted_at=None).exists():
            raise Refused(_("People still have this role, take it from them first"), "in_use")

    @verb
    def set_grants(self, grants: dict[tuple[str, str], str], *, by: Any) -> None:
        """Replace what the role allows: {(resource, action): scope}. Custom scopes keep their departments."""
        kept = {(g.resource, g.action): g for g in self.grants.all()}
        self.__dict__["_also_changed"] = {
            ".".join(key): [kept[key].scope if key in kept else None, grants.get(key)]
            for key in sorted(kept.keys() | grants.keys())
            if key not in kept or kept[key].scope != grants.get(key)
        }
        for key, grant in kept.items():
            if key not in grants:
                grant.delete()
        for (resource, action), scope in grants.items():
            Grant.objects.update_or_create(role=self, resource=resource, action=action, defaults={"scope": scope})
        separation.guard_grants(self)
        self.change()

    @verb
    def preview(self, *, by: Any) -> None:
        """Somebody looks at the product as this role; the event is all that is kept of it."""

    @verb
    def set_field_rules(self, rules: dict[tuple[str, str], str], *, by: Any) -> None:
        """Replace what the role hides or shows to read only: {(resource, field): level}."""
        kept = {(one.resource, one.field): one for one in self.field_rules.all()}
        self.__dict__["_also_changed"] = {
            ".".join(key): [kept[key].level if key in kept else None, rules.get(key)]
            for key in sorted(kept.keys() | rules.keys())
            if key not in kept or kept[key].level != rules.get(key)
        }
        self.field_rules.exclude(pk__in=[one.pk for key, one in kept.items() if key in rules]).delete()
        for (resource, field), level in rules.items():
            FieldRule.objects.update_or_create(role=self, resource=resource, field=field, defaults={"level": level})
        separation.guard_grants(self)
        self.change()


class Grant(models.Model):
    """One permission of a role: an act on a resource, over a range of rows."""

    class Scope(models.TextChoices):
        OWN = "own", lazy("Own")
        DEPARTMENT = "department", lazy("Department")
        BELOW = "below", lazy("Department and below")
        ALL = "all", lazy("All")
        CUSTOM = "custom", lazy("Chosen departments")

    role = models.ForeignKey(Role, models.CASCADE, related_name="grants")
    resource = models.CharField(max_length=50)
    action = models.CharField(max_length=30)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.ALL)
    departments = models.ManyToManyField("accounts.Department", blank=True)  # for the custom scope

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "resource", "action"], name="one_grant_of_an_act")]


class Granted(NamedTuple):
    """A role of a person and one grant of it; a role without any grant has one row of nothing.

    With `field` it is a rule for that field, and `scope` says which.
    """

    role_id: int
    role: str
    deleted_at: Any
    resource: str | None
    action: str | None
    scope: str | None
    grant: int | None
    field: str
    second_factor: bool = False


def granted_to(user: User) -> list[Granted]:
    """In one question: a page asks for them all the time."""
    return _sorted(statements.rows(_granted_to, user.pk))


def granted_by(role: Role) -> list[Granted]:
    """The same of one role, whoever has it."""
    return _sorted(list(_granted(Role.objects.filter(pk=role.pk).order_by())))


def _sorted(rows: list[Any]) -> list[Granted]:
    return sorted((Granted(*row) for row in rows), key=lambda one: one.role_id)


def _granted_to(user_id: int) -> Any:
    return _granted(Role.objects.filter(users=user_id).order_by())


def _granted(roles: Any) -> Any:
    grants, rules = (
        tuple(f"{part}__{name}" for name in names)
        for part, names in (("grants", ("resource", "action", "scope", "pk")), ("field_rules", ("resource", "level")))
    )
    return roles.values_list("pk", "name", "deleted_at", *grants, Value("", CharField()), "second_factor").union(
        roles.filter(field_rules__isnull=False).values_list(
            "pk", "name", "deleted_at", rules[0], Value("", CharField()), rules[1], "field_rules__pk",
            "field_rules__field", "second_factor",
        ),
        all=True,
    )  # fmt: skip


def reaches_of(user: User) -> dict[tuple[str, str], Reach]:
    """Everything a user's roles allow, with how far it reaches; several roles: the union."""
    if not user.is_active:
        return {}
    scopes = {row.scope for row in user.granted}
    below = user.departments_below if Grant.Scope.BELOW in scopes else frozenset()
    chosen = _chosen(user.granted) if Grant.Scope.CUSTOM in scopes else ()
    return _reaches(tuple(user.granted), user.department_id, below, chosen)


def _chosen(granted: list[Granted]) -> tuple[tuple[int | None, frozenset[int]], ...]:
    """The departments of each grant that names its own."""
    custom = [row.grant for row in granted if row.scope == Grant.Scope.CUSTOM]
    return tuple((pk, frozenset(Grant(pk=pk).departments.values_list("pk", flat=True))) for pk in custom)


@lru_cache(maxsize=1000)
def _reaches(
    granted: tuple[Granted, ...], department: int | None, below: frozenset[int], chosen: tuple[Any, ...]
) -> dict[tuple[str, str], Reach]:
    """Worked out once for equal grants and places; nobody changes what it returns."""
    scopes: dict[str | None, Reach] = {
        Grant.Scope.ALL: Reach(everything=True),
        Grant.Scope.OWN: Reach(own=True),
        Grant.Scope.DEPARTMENT: Reach(departments=frozenset([department] if department else []), own=True),
        Grant.Scope.BELOW: Reach(departments=below, own=True),
    }
    custom = {grant: Reach(departments=departments, own=True) for grant, departments in chosen}
    reaches: dict[tuple[str, str], Reach] = {}
    for row in granted:
        if row.resource and row.action and not row.field and not row.deleted_at:
            reach = custom[row.grant] if row.scope == Grant.Scope.CUSTOM else scopes[row.scope]
            key = row.resource, row.action
            reaches[key] = reaches.get(key, Reach()) | reach
    return reaches
