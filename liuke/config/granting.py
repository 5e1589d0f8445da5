"""The seeded roles as rows: made once, and given their part of whatever an upgrade brings to a house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from liuke.accounts.models import Grant, Role, SeenAct
from liuke.config.roles import ROLES
from liuke.core import grantable
from liuke.core.models import Event
from liuke.core.register import resources

if TYPE_CHECKING:
    from liuke.config.roles import Grants

Acts = set[tuple[str, str]]
ADMINISTRATORS = ("system_admin", "super_admin")


def seed_roles(making: bool = True) -> None:
    """Make the roles that do not exist yet; the others get what they have by default of acts this house never saw.

    Each act is given once: what an administrator takes away from a role afterwards stays away.
    """
    offered = {(name, action) for name, _label, actions in grantable.everything() for action in actions}
    if not making and not offered - set(SeenAct.objects.values_list("resource", "action")):
        return
    with transaction.atomic():
        there = {role.code: role for role in Role.objects.select_for_update().filter(code__in=ROLES)}
        new = offered - _seen_before(offered)
        for code, role in there.items():
            if role.deleted_at is None:
                _give(role, {key: scope for key, scope in _defaults(code).items() if key in new})
        for code in ROLES if making else ():
            if code not in there:
                _make(code)
        seen = [SeenAct(resource=name, action=act) for name, act in sorted(offered)]
        SeenAct.objects.bulk_create(seen, ignore_conflicts=True)


def _seen_before(offered: Acts) -> Acts:
    """A house older than this memory has seen each act that one of its roles has, or that was ever given or taken."""
    seen = set(SeenAct.objects.values_list("resource", "action"))
    if seen:
        return seen
    changes = Event.objects.filter(verb="set_grants").values_list("changes", flat=True)
    known = {name for change in changes for name in change}
    known |= {f"{name}.{act}" for name, act in Grant.objects.values_list("resource", "action")}
    return {(name, act) for name, act in offered if f"{name}.{act}" in known}


def _give(role: Role, more: dict[tuple[str, str], str]) -> None:
    granted = {(grant.resource, grant.action): grant.scope for grant in role.grants.all()}
    if more.keys() - granted.keys():
        role.set_grants({**more, **granted}, by=None)


def _make(code: str) -> None:
    name, description, _grants = ROLES[code]
    role = Role(code=code, name=name, description=description).create(by=None)
    Grant.objects.bulk_create(
        Grant(role=role, resource=resource, action=action, scope=scope)
        for (resource, action), scope in _defaults(code).items()
    )


def _defaults(code: str) -> dict[tuple[str, str], str]:
    """{(resource, act): scope} a role starts with."""
    grants = ROLES[code][2]
    if code in ADMINISTRATORS:
        grants = _with_purging(grants)
    return {(name, act): scope for name, acts in grants.items() for act, scope in acts.items()}


def _with_purging(grants: Grants) -> Grants:
    """Administrators delete for good whatever lies in the recycle bin (SYS-12)."""
    names = [resource.name for resource in resources() if "purge" in resource.actions]
    return {name: {**grants.get(name, {}), "purge": "all"} for name in dict.fromkeys([*grants, *names])}
