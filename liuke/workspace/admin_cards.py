"""What an administrator finds on the home page: people, base data, jobs that failed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from liuke.accounts.models import Department, Role, User
from liuke.base.models import DictionaryItem, Industry
from liuke.core import formats
from liuke.core.models import JobRun
from liuke.core.register import resource

from .cards import Card, Figure, Line, card


@card(70, "people")
def people(user: Any) -> Card | None:
    if not resource("users").may(user, "update"):
        return None
    rows = User.objects.alive()
    states = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    newest = rows.order_by("-id")[:6]
    return Card(
        "people",
        _("Users and roles"),
        "/users/",
        figures=[
            Figure(_("Normal users"), formats.number(states.get("normal", 0)), "/users/?status=normal"),
            Figure(_("Disabled users"), formats.number(states.get("disabled", 0)), "/users/?status=disabled"),
            Figure(_("Roles"), _n(Role.objects.alive()), "/roles/"),
            Figure(_("Departments"), _n(Department.objects.alive()), "/departments/"),
        ],
        lines=[Line(one.name, f"/users/{one.pk}/", formats.ago(one.created_at), icon="user") for one in newest],
    )


@card(80, "base_data")
def base_data(user: Any) -> Card | None:
    if not resource("dictionary-items").may(user, "update"):
        return None
    failed = JobRun.objects.filter(state="failed").count()
    return Card(
        "base_data",
        _("Base data"),
        "/dictionary-items/",
        figures=[
            Figure(_("Dictionary items"), _n(DictionaryItem.objects.alive()), "/dictionary-items/"),
            Figure(_("Industries"), _n(Industry.objects.alive()), "/industries/"),
            Figure(_("Failed jobs"), formats.number(failed), "/jobs/?state=failed", "red" if failed else ""),
        ],
    )


def _n(rows: Any) -> str:
    return formats.number(rows.count())
