"""What people keep for a list: the columns they have set, and questions under a name."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core import clock, statements
from liuke.core.remembered import remembered, watch

watch("core.ListSetting")


class ListSetting(models.Model):
    """A question to a list (scene, filters, order, columns) as its address carries it.

    Without a name it holds the columns its owner has set; with one it is a tab above the list, of the owner or shared.
    It keeps a question and never rows: whoever opens a shared one sees of them what he sees anyway.
    """

    MOST_NAMED = 30  # of one person for one list

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    resource = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=30, blank=True)
    query = models.CharField(max_length=4000, blank=True)
    widths = models.TextField(blank=True, default="")  # of columns, in pixels: name:120,phone:96
    shared = models.BooleanField(_("Shared with everybody who sees this list"), default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "resource", "name"], name="one_setting_of_a_name"),
        ]
        indexes = [models.Index(fields=["resource"], condition=Q(shared=True), name="shared_list_setting")]

    def __str__(self) -> str:
        return self.name


class Kept(NamedTuple):
    """One of them, read."""

    pk: int
    user_id: int
    name: str
    query: str
    shared: bool
    widths: str = ""


class Settings(NamedTuple):
    """All that a person's list is made with."""

    columns: str  # the query with the columns he has set
    views: list[Kept]
    widths: str = ""  # of the columns he has dragged

    def view(self, pk: int) -> Kept | None:
        return next((one for one in self.views if one.pk == pk), None)


def settings_of(user: Any, resource: str) -> Settings:
    """The own ones and those shared, in one question."""
    return remembered(("list settings", user.pk, resource), lambda: _settings_of(user, resource))


def _settings_of(user: Any, resource: str) -> Settings:
    kept = [Kept(*row) for row in statements.rows(_kept, user.pk, resource)]
    own = [one for one in kept if one.user_id == user.pk and not one.name]
    query, widths = (own[0].query, own[0].widths) if own else ("", "")
    return Settings(query, [one for one in kept if one.name], widths)


def _kept(user_id: int, resource: str) -> Any:
    rows = ListSetting.objects.filter(Q(user=user_id) | Q(shared=True) & ~Q(name=""), resource=resource)
    return rows.order_by("shared", "id").values_list("pk", "user", "name", "query", "shared", "widths")[:200]
