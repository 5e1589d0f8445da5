"""References whose name is told only to whoever sees the record they lead to (`Resource.guarded`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core.links import kind_of
from liuke.core.register import resource_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db import models

    from liuke.core.resource import Resource


def unseen(resource: Resource, user: Any, rows: Sequence[dict[str, Any]]) -> dict[str, set[int]]:
    """By guarded field, the ids in these rows whose records this person does not see: one question for each field."""
    found = {}
    for name in resource.guarded:
        if pks := {row[name] for row in rows if row.get(name)}:
            other = resource_of(_model(resource, name))
            seen = other.rows(user).filter(pk__in=pks) if other.may(user, "view") else other.model.objects.none()
            found[name] = pks - set(seen.values_list("pk", flat=True))
    return found


def unseen_of(resource: Resource, user: Any, record: Any) -> dict[str, str]:
    """By guarded field of one record, what stands there for whoever does not see where it leads."""
    told = {name: getattr(record, f"{name}_id") for name in resource.guarded}
    return {name: words(resource, name, told[name]) for name, pks in unseen(resource, user, [told]).items() if pks}


def words(resource: Resource, name: str, pk: int) -> str:
    link = f"{resource_of(_model(resource, name)).name}/{pk}"
    return _("%(record)s: deleted, or outside of your range") % {"record": kind_of(link)}


def veiled(resource: Resource, user: Any, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records as the API tells them, without the texts this person may not know."""
    for name, pks in unseen(resource, user, told).items():
        for one in told:
            if one[name] in pks:
                one[f"{name}__text"] = None
    return told


def _model(resource: Resource, name: str) -> type[models.Model]:
    model: type[models.Model] = resource.model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model
