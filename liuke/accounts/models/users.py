"""People who sign in. What they may do comes from their roles, how far from their place in the departments."""

from __future__ import annotations

from copy import copy
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.core import clock, statements
from liuke.core.fields import PhoneField
from liuke.core.models import RecordQuerySet
from liuke.core.refusals import Refused
from liuke.core.remembered import remembered
from liuke.core.verbs import verb

from .. import separation
from ..handover import must_be_free
from ..passwords import one_time_password
from .departments import DepartmentTree
from .field_rules import field_rights_of
from .handing import HandsOver

if TYPE_CHECKING:
    from collections.abc import Hashable

    from liuke.core.access import Reach
    from liuke.core.field_rights import FieldRights

    from .roles import Granted


class UserManager(BaseUserManager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str) -> User:
        return self.select_related("department").get(username=username)


@lru_cache(maxsize=1000)
def people_in(departments: frozenset[int]) -> models.QuerySet:
    """One and the same for the same departments, so that questions with it in them can be told to be equal."""
    return User.objects.filter(department__in=departments).values("pk")


def _normal_people(ids: frozenset[int]) -> models.QuerySet:
    return User.objects.filter(pk__in=sorted(ids), status="normal").order_by("pk")


class User(AbstractBaseUser, HandsOver):
    """A company employee with a login (PERM-01)."""

    class Status(models.TextChoices):
        NORMAL = "normal", lazy("Normal")
        DISABLED = "disabled", lazy("Disabled")

    class Theme(models.TextChoices):
        AUTO = "auto", lazy("Like the system")
        LIGHT = "light", lazy("Light")
        DARK = "dark", lazy("Dark")

    class Density(models.TextChoices):
        COMPACT = "compact", lazy("Compact")
        NORMAL = "normal", pgettext_lazy("density", "Normal")
        ROOMY = "roomy", lazy("Roomy")

    TONES = {"status": {"normal": "green", "disabled": "grey"}}
    MOVES = {("normal", "disable"): "disabled", ("disabled", "enable"): "normal"}

    username = models.CharField(
        lazy("User name"), max_length=50, unique=True,
        validators=[RegexValidator(r"^[\w.@+-]+$", lazy("Use letters, digits and . @ + - _ only"))],
        error_messages={"unique": lazy("This user name is taken")},
    )  # fmt: skip
    name = models.CharField(lazy("Full name"), max_length=50)
    department = models.ForeignKey("accounts.Department", models.PROTECT, null=True, blank=True,
                                   related_name="users", verbose_name=lazy("Department"))  # fmt: skip
    position = models.ForeignKey("accounts.Position", models.PROTECT, null=True, blank=True,
                                 related_name="users", verbose_name=lazy("Position"))  # fmt: skip
    roles = models.ManyToManyField("accounts.Role", blank=True, related_name="users", verbose_name=lazy("Roles"))
    phone = PhoneField(lazy("Phone"))
    email = models.EmailField(lazy("Mail"), blank=True)
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.NORMAL,
                              editable=False)  # fmt: skip
    must_change_password = models.BooleanField(lazy("Has to change the password"), default=False, editable=False)
    password_changed_at = models.DateTimeField(lazy("Password changed at"), null=True, editable=False)
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO, editable=False)
    density = models.CharField(max_length=10, choices=Density.choices, default=Density.NORMAL, editable=False)
    language = models.CharField(max_length=10, default="zh-hans", editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[Any] = UserManager()

    class Meta:
        verbose_name = lazy("User")
        verbose_name_plural = lazy("Users")
        indexes = [models.Index(fields=["department"], name="user_by_department")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Only normal users sign in or are chosen anywhere (PERM-02)."""
        return self.status == self.Status.NORMAL and self.deleted_at is None

    # what the user may do

    @cached_property
    def granted(self) -> list[Granted]:
        """The user's roles and what each allows, read once."""
        from .roles import granted_to

        return remembered(("granted", self.pk), lambda: granted_to(self))

    @property
    def needs_second_factor(self) -> bool:
        return any(row.second_factor and not row.deleted_at for row in self.granted)

    @cached_property
    def reaches(self) -> dict[tuple[str, str], Reach]:
        from .roles import reaches_of

        known = "reaches", self.known_as, self.department_id, self.is_active
        return remembered(known, lambda: reaches_of(self))

    @cached_property
    def field_rights(self) -> FieldRights:
        """What the user's roles hide from him, or show without letting him change it."""
        return field_rights_of(tuple(self.granted))

    def limited_to(self, roles: set[int]) -> User:
        """The same person with some of his roles alone: to see, or to ask, what these allow. Never saved."""
        return self._with([row for row in self.granted if row.role_id in roles])

    previews = ""  # the name of the role he looks at the product as, see `accounts.preview`

    def as_role(self, role: Any) -> User:
        """The same person with the rights of a role that need not be his, and none of his own."""
        from .roles import granted_by

        made = self._with(granted_by(role))
        made.previews = role.name
        return made

    def _with(self, granted: list[Granted]) -> User:
        made = copy(self)
        for name in ("reaches", "field_rights", "role_names"):
            made.__dict__.pop(name, None)
        made.__dict__["granted"] = granted
        made.__dict__["_known_as"] = self.pk, frozenset(row.role_id for row in granted)
        return made

    @property
    def known_as(self) -> Hashable:
        """By what things are remembered for this person: his id, and which of his roles count where not all do."""
        return self.__dict__.get("_known_as", self.pk)

    @staticmethod
    def scope_label(scope: str | None) -> str:
        from .roles import Grant

        return str(dict(Grant.Scope.choices).get(scope or "", scope or ""))

    def reach(self, resource: str, action: str) -> Reach | None:
        """How far the user's grants reach for an act, or None when no role allows it."""
        return self.reaches.get((resource, action))

    @cached_property
    def tree(self) -> DepartmentTree:
        return remembered("departments", DepartmentTree.load)

    @cached_property
    def led_departments(self) -> frozenset[int]:
        return remembered(("led", self.pk), lambda: self.tree.led_by(self.pk))

    @cached_property
    def led_people(self) -> models.QuerySet:
        """The ids of everybody in the departments this person heads: a part of other questions, never asked itself."""
        return people_in(self.led_departments)

    @staticmethod
    def people_in(departments: frozenset[int]) -> models.QuerySet:
        return people_in(departments)

    @property
    def departments_below(self) -> frozenset[int]:
        """Own department and all below, and those headed by the user."""
        return self.tree.below(self.department_id) | self.led_departments

    def superiors(self, tree: DepartmentTree | None = None) -> list[User]:
        """The heads of the user's department and of every one above it, himself excluded (PERM-05)."""
        tree = tree or self.tree
        heads = [tree.heads.get(pk) for pk in tree.above(self.department_id)]
        return statements.records(_normal_people, frozenset(h for h in heads if h and h != self.pk))

    # words

    @property
    def initial(self) -> str:
        return self.name[-1:] if self.name else "?"

    @property
    def department_name(self) -> str:
        if User.department.is_cached(self):
            return self.department.name if self.department else ""
        return self.tree.names.get(self.department_id or 0, "")

    @cached_property
    def role_names(self) -> str:
        return "、".join(dict.fromkeys(row.role for row in self.granted))

    # verbs

    def fill(self, by: Any) -> None:
        if not self.password:
            self.set_unusable_password()  # until an administrator hands out a one-time password

    def guard_choices(self, many: dict[str, Any]) -> None:
        if "roles" in many:
            separation.guard_roles(self, many["roles"])

    def guard_delete(self, by: Any) -> None:
        if by and by.pk == self.pk:
            raise Refused(_("You cannot delete yourself"), "yourself")
        must_be_free(self)

    def guard_disable(self, by: Any) -> None:
        if by and by.pk == self.pk:
            raise Refused(_("You cannot disable yourself"), "yourself")
        if self.status == self.Status.NORMAL:
            must_be_free(self)

    @verb
    def disable(self, *, by: Any) -> None:
        """Stop the user from signing in; sessions and tokens die with it."""
        self.move("disable")
        self.end_sessions()

    @verb
    def enable(self, *, by: Any) -> None:
        self.move("enable")

    @verb
    def reset_password(self, *, by: Any) -> str:
        """Give the user a one-time password, to be changed at the next sign-in. Returns it; it is kept nowhere."""
        from .past_passwords import PastPassword

        word = one_time_password()
        PastPassword.keep(self)
        self.set_password(word)
        self.change(must_change_password=True, password_changed_at=clock.now())
        self.end_sessions()
        return word

    @verb
    def change_password(self, word: str, *, by: Any, session: str | None = None) -> None:
        """Every other session ends; the one in which it is done goes on."""
        from .past_passwords import PastPassword
        from .signed_in import SignedIn

        PastPassword.keep(self)
        self.set_password(word)
        self.change(must_change_password=False, password_changed_at=clock.now())
        SignedIn.end_all(self, session)

    @verb
    def end_access(self, *, by: Any) -> None:
        """Sign the person out everywhere, programs too; signing in again is free."""
        self.end_sessions()
        self.change()

    def guard_reset_second_factor(self, by: Any) -> None:
        from .second_factor import SecondFactor

        if not SecondFactor.objects.filter(user=self).exists():
            raise Refused(_("This person has no second factor"), "none")

    @verb
    def reset_second_factor(self, *, by: Any) -> None:
        """For a lost phone: the next sign-in needs the password alone, and sets a new one up where a role asks so."""
        from .second_factor import SecondFactor

        SecondFactor.objects.filter(user=self).delete()
        self.end_sessions()
        self.change()

    def end_sessions(self) -> None:
        """Every session of the pages and every token is dead from now on."""
        from .signed_in import SignedIn
        from .tokens import ApiToken

        SignedIn.end_all(self)
        ApiToken.objects.filter(user=self, revoked_at=None).update(revoked_at=clock.now())
