"""Roles to begin with that no house has of itself: the three administrators of MLPS, each with a duty of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from liuke.core import grantable, options, toasts
from liuke.core.doors.common import go, page_title, require, screen
from liuke.core.pages import Action, Link
from liuke.core.register import resource

from .models import Role
from .separation import Duty, people_with_several

if TYPE_CHECKING:
    from django.http import HttpRequest

HERE = "/roles/templates/"
KEEPS = ("view", "create", "update", "delete", "export", "import")
BASE_DATA = ("departments", "positions", "dictionary-items", "industries", "cities", "sales-stages", "custom-fields",
             "calendar-days", "customer-statuses", "customer-categories")  # fmt: skip


@dataclass(frozen=True)
class Template:
    """`fields` are kept back: shown and not written."""

    code: str
    duty: Duty
    icon: str
    name: Any
    text: Any
    does: tuple[Any, ...]
    grants: dict[str, tuple[str, ...]]
    fields: tuple[tuple[str, str], ...] = field(default=())


TEMPLATES = (
    Template(
        "three-system", Duty.SYSTEM, "server-cog", lazy("System administrator (MLPS)"),
        lazy("Runs the house, gives no rights and reads no audit log"),
        (lazy("Enters and disables users, without giving them roles"), lazy("Departments, dictionary and base data"),
         lazy("Jobs, monitor, backups, the sales system")),
        {"users": ("view", "create", "update", "disable", "enable", "export", "import"), "roles": ("view",),
         **dict.fromkeys(BASE_DATA, KEEPS), "jobs": ("view", "run"), "monitor": ("view",),
         "backups": ("view", "create", "fetch", "restore", "clear"), "sales-system": ("view", "run", "link", "push")},
        (("users", "roles"),),
    ),
    Template(
        "three-security", Duty.SECURITY, "shield-lock", lazy("Security administrator (MLPS)"),
        lazy("Gives rights and sets the rules, changes no data and reads no audit log"),
        (lazy("Roles, permissions and field permissions, and who has which role"),
         lazy("One-time passwords, sessions, tokens, second factors"), lazy("Settings, the password rules among them")),
        {"users": ("view", "update", "reset_password"), "roles": KEEPS, "settings": ("update",),
         "departments": ("view",), "positions": ("view",)},
        tuple(("users", name) for name in ("department", "position", "phone", "email")),
    ),
    Template(
        "three-audit", Duty.AUDIT, "eye-check", lazy("Auditor (MLPS)"),
        lazy("Reads what the other two and everybody else do, and changes nothing"),
        (lazy("Reads, searches and exports the audit log, and looks whether all seals hold"),
         lazy("Sees users, departments and roles")),
        {"audit": ("view", "export", "verify"), "users": ("view",), "roles": ("view",), "departments": ("view",),
         "positions": ("view",)},
    ),
)  # fmt: skip


def make(template: Template, by: Any) -> Role:
    """The role as rows, to be changed like any other. Whoever has it needs a second factor."""
    offered = {(name, act) for name, _label, acts in grantable.everything() for act in acts}
    wanted = {(name, act): "all" for name, acts in template.grants.items() for act in acts}
    with transaction.atomic():
        role = Role(code=template.code, name=str(template.name), description=str(template.text), second_factor=True)
        role.create(by=by)
        role.set_field_rules(dict.fromkeys(template.fields, "read"), by=by)
        role.set_grants({key: scope for key, scope in wanted.items() if key in offered}, by=by)
    return role


@require_safe
def templates_page(request: HttpRequest) -> HttpResponse:
    require(request.user, resource("roles"), "create")
    there = dict(Role.objects.filter(deleted_at=None).values_list("code", "pk"))
    title = _("Role templates")
    context = {
        "page_title": page_title(title), "title": title,
        "crumbs": [Link(_("Roles"), "/roles/"), Link(title, HERE, current=True)],
        "commands": [Action("help", _("Help"), "/help/#three", "help-circle", access_key="h")],
        "templates": [(one, there.get(one.code)) for one in TEMPLATES],
        "separated": options.get("separated_duties"),
        "may_set": request.user.reach("settings", "update") is not None,
        "several": people_with_several(),
    }  # fmt: skip
    return screen(request, "accounts/role_templates.html", context)


@require_POST
def make_role(request: HttpRequest, template: Template) -> HttpResponse:
    """Once: the second click leads to the role that is there."""
    require(request.user, resource("roles"), "create")
    role = Role.objects.filter(code=template.code, deleted_at=None).first()
    if role is None:
        role = make(template, request.user)
        toasts.add(request, _("Saved"))
    return go(request, f"/roles/{role.pk}/?tab=grants")


template_urls = [
    path("roles/templates/", templates_page),
    *(path(f"roles/templates/{one.code}/", make_role, {"template": one}) for one in TEMPLATES),
]
