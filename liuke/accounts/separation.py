"""三员 of 等保, off by default: whoever runs the house, gives rights and reads the audit log are three people.

What a role is for is told by what it may do, not by its name: a role that is widened later is no way around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.core import options
from liuke.core.options import Option
from liuke.core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import Role, User


class Duty(models.TextChoices):
    SYSTEM = "system", pgettext_lazy("duty", "System administration")
    SECURITY = "security", pgettext_lazy("duty", "Security administration")
    AUDIT = "audit", pgettext_lazy("duty", "Audit")


ACTS = {  # any of these makes a role one of this duty
    Duty.SYSTEM: {("backups", "restore"), ("backups", "clear"), ("users", "create"), ("users", "disable")},
    Duty.SECURITY: {("roles", "create"), ("roles", "update"), ("settings", "update")},
    Duty.AUDIT: {("audit", "view"), ("audit", "export"), ("audit", "verify")},
}
GIVES_ROLES = ("users", "update"), ("users", "roles")  # an act that is one of security unless this field is kept back


def _conflicts(old: Any, new: Any) -> str:
    """What switching it on means: whom it concerns."""
    held = people_with_several() if new and not old else []
    if not held:
        return ""
    names = "、".join(f"{person.name} ({person.username})" for person in held[:10])
    return _("These people hold several of the three duties and keep them until their roles are changed: %(names)s") % {
        "names": names
    }


options.declare(
    Option("separated_duties", False, "bool", lazy("Three administrators of MLPS"),
           lazy("Nobody may run the house, give rights and read the audit log: at most one of the three"),
           asks=_conflicts)
)  # fmt: skip


def duties_of(roles: Iterable[Role]) -> set[Duty]:
    """Of all these roles together."""
    return {duty for role in roles for duty in _duties(role)}


def _duties(role: Role) -> set[Duty]:
    granted = {(grant.resource, grant.action) for grant in role.grants.all()}
    found = {duty for duty, acts in ACTS.items() if acts & granted}
    act, field = GIVES_ROLES
    kept_back = any((rule.resource, rule.field) == field for rule in role.field_rules.all())
    return found | ({Duty.SECURITY} if act in granted and not kept_back else set())


def guard_roles(person: User, chosen: Iterable[Role]) -> None:
    """Raises ValidationError where these roles, of which one is new to this person, are more than one duty."""
    if not options.get("separated_duties"):
        return
    had = set(person.roles.values_list("pk", flat=True)) if person.pk else set()
    chosen = list(chosen)
    if {role.pk for role in chosen} <= had:
        return
    duties = duties_of(chosen)
    if len(duties) > 1:
        raise ValidationError({"roles": [_said(duties)]})


def guard_grants(role: Role) -> None:
    """Raises Refused where this role, as it is now, or somebody who has it, has more than one duty."""
    if not options.get("separated_duties"):
        return
    if len(duties := duties_of([role])) > 1:
        raise Refused(_said(duties), "separated_duties")
    for person in role.users.filter(deleted_at=None).prefetch_related("roles__grants", "roles__field_rules"):
        if len(duties := duties_of(_alive(person))) > 1:
            raise Refused(f"{person.name}: {_said(duties)}", "separated_duties")


def people_with_several() -> list[User]:
    """Whoever can sign in and holds more than one of the three."""
    from .models import User

    people = User.objects.filter(deleted_at=None, status=User.Status.NORMAL, roles__grants__resource__in=_resources())
    several = people.distinct().order_by("id").prefetch_related("roles__grants", "roles__field_rules")
    return [person for person in several if len(duties_of(_alive(person))) > 1]


def _resources() -> set[str]:
    return {"users", *(resource for acts in ACTS.values() for resource, _act in acts)}


def _alive(person: User) -> list[Role]:
    return [role for role in person.roles.all() if role.deleted_at is None]


def _said(duties: set[Duty]) -> str:
    return _("These duties belong to different people: %(duties)s") % {
        "duties": "、".join(str(duty.label) for duty in Duty if duty in duties)
    }
