from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liuke.core import (
    remembered,
    security,  # noqa: F401  declares settings
)
from liuke.core.api import door
from liuke.core.backups import clearing
from liuke.core.register import register
from liuke.core.resource import Menu, Resource, Tab, Verb

from . import passwords  # noqa: F401  declares settings
from .forms import HandOverForm
from .models import ApiToken, Department, Position, Role, SecondFactor, SignedIn, User

clearing.keep("accounts")
remembered.watch(
    "accounts.Role", "accounts.Grant", "accounts.Grant_departments", "accounts.User_roles", "accounts.Department",
    "accounts.Position", "accounts.FieldRule",
)  # fmt: skip
remembered.watch("accounts.User", but=("last_login", "theme", "density", "language"))

door.sign_in_by(ApiToken.user_of)


def _access(person: User, user: User) -> dict[str, Any]:
    tokens = ApiToken.objects.filter(user=person, revoked_at=None).order_by("-id")
    return {"sessions": SignedIn.of(person), "tokens": tokens,
            "second_factor": SecondFactor.objects.filter(user=person).first()}  # fmt: skip


@register
class Users(Resource):
    model = User
    icon = "users"
    menu = Menu("admin", 10, needs="update")
    columns = ("username", "name", "department", "position", "status", "created_at")
    search = ("username", "name", "phone")
    filters = ("status", "department")
    fields = (
        (_("Person"), ("username", "name", "department", "position", "phone", "email")),
        (_("Permissions"), ("roles",)),
    )
    hidden = ("password", "last_login", "must_change_password", "password_changed_at", "theme", "density", "language")
    verbs = (
        Verb("reset_password", _("Reset password"), icon="key", tells="password",
             text=_("The user gets a one-time password and has to choose a new one at the next sign-in"),
             template="accounts/reset_password.html"),
        Verb("hand_over", _("Hand over work"), HandOverForm, "arrows-exchange", grant="disable",
             text=_("Everything that is open goes to others, by its own rules and with a notice to each"),
             template="accounts/hand_over.html"),
        Verb("end_access", _("Sign out everywhere"), icon="logout", grant="reset_password",
             text=_("All sessions and API tokens of this person end at once; signing in again is free")),
        Verb("reset_second_factor", _("Reset second factor"), icon="shield-lock", grant="reset_password",
             text=_("For a lost phone: the next sign-in needs the password alone. All sessions and tokens end")),
        Verb("disable", _("Disable"), icon="user-off", style="danger",
             text=_("The user can no longer sign in or be chosen; sessions and tokens end")),
        Verb("enable", _("Enable"), icon="user-check"),
    )  # fmt: skip
    ordering = "id"
    choice_order = ("department", "id")

    def __init__(self) -> None:
        super().__init__()
        self.tabs.append(Tab("access", _("Sessions and tokens"), "accounts/_access.html", _access, "reset_password"))

    def choosable(self, user: Any) -> Q:
        """Only normal users may be chosen anywhere (PERM-02)."""
        return Q(deleted_at=None, status="normal")

    def done(self, record: Any, verb: Verb, result: Any) -> str:
        if verb.name == "hand_over":
            return result.text
        if verb.name == "reset_password":
            return gettext("One-time password of %(name)s: %(word)s") % {"name": record.name, "word": result}
        return super().done(record, verb, result)


@register
class Departments(Resource):
    model = Department
    icon = "sitemap"
    menu = Menu("admin", 11, needs="update")
    columns = ("name", "parent", "head", "notes", "updated_at")
    search = ("name",)
    filters = ("parent",)
    fields = ((_("Department"), ("name", "parent", "head", "notes")),)
    ordering = "id"
    choice_order = ("id",)
    chosen_by_all = True


@register
class Positions(Resource):
    model = Position
    icon = "id-badge-2"
    menu = Menu("admin", 12, needs="update")
    columns = ("name", "updated_at")
    search = ("name",)
    fields = ((_("Position"), ("name",)),)
    ordering = "id"
    choice_order = ("id",)
    chosen_by_all = True


def _grant_matrix(role: Role, user: User) -> dict[str, Any]:
    from .matrix import matrix_of

    return {"matrix": matrix_of(role), "may_edit": Roles.may_edit(user)}


def _field_matrix(role: Role, user: User) -> dict[str, Any]:
    from .field_matrix import field_tab

    return {**field_tab(role, ""), "may_edit": Roles.may_edit(user)}


@register
class Roles(Resource):
    model = Role
    icon = "shield-lock"
    menu = Menu("admin", 13, needs="update")
    columns = ("name", "code", "description", "updated_at")
    search = ("name", "code")
    fields = ((_("Role"), ("name", "code", "description", "second_factor")),)
    ordering = "id"
    choice_order = ("id",)
    chosen_by_all = True
    templates = {"list": "accounts/roles.html"}

    def around(self, user: User, door: str) -> dict[str, Any]:
        return {"may_make": self.may(user, "create")} if door == "list" else {}

    def __init__(self) -> None:
        super().__init__()
        self.tabs.append(Tab("grants", _("Permissions"), "accounts/_grants.html", _grant_matrix))
        self.tabs.append(Tab("fields", _("Field permissions"), "accounts/_fields.html", _field_matrix))

    @staticmethod
    def may_edit(user: User) -> bool:
        return user.reach("roles", "update") is not None
