"""What is kept here or comes from the sales system: in the second case nobody changes it by hand."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from liuke.core.models import Record

from ..source import must_be_kept_here


class Sourced(Record):
    """A record of commerce. `external_id` is what the sales system calls it."""

    external_id = models.CharField(lazy("Number in the sales system"), max_length=100, blank=True)

    class Meta:
        abstract = True

    def guard_create(self, by: Any) -> None:
        must_be_kept_here(by)

    def guard_update(self, by: Any) -> None:
        must_be_kept_here(by)

    def guard_delete(self, by: Any) -> None:
        must_be_kept_here(by)

    def guard_restore(self, by: Any) -> None:
        must_be_kept_here(by)

    def guard_purge(self, by: Any) -> None:
        must_be_kept_here(by)


def external_once(name: str) -> models.UniqueConstraint:
    """What the sales system calls one thing, it calls no other; deleted ones keep their name."""
    return models.UniqueConstraint(
        fields=["external_id"],
        condition=~models.Q(external_id=""),
        name=name,
        violation_error_message=lazy("This number of the sales system is taken"),
    )
