"""A second record from the first: for firms that keep branches of one customer apart (CUST-10)."""

from __future__ import annotations

from typing import Any, Self

from django.utils.translation import gettext as _

from liuke.core.models import Record
from liuke.core.verbs import verb

KEPT_BACK = {"primary_contact", "last_follow_at", "origin"}  # what belongs to the first alone, beside its contacts


class Copied(Record):
    """Can be copied by those whose role says so."""

    name: Any
    copied_to: Any = None  # what the verb has just made

    class Meta:
        abstract = True

    @verb
    def copy(self, *, by: Any) -> Self:
        """Enter a new customer with the same data, under a number of its own. Returns it."""
        names = [field.name for field in self._meta.concrete_fields if field.editable and not field.primary_key]
        twin = type(self)(**{name: getattr(self, name) for name in names if name not in KEPT_BACK})
        most, suffix = self._meta.get_field("name").max_length or 0, _(" (copy)")
        twin.name = f"{self.name[: most - len(suffix)]}{suffix}"
        many = {field.name: list(getattr(self, field.name).all()) for field in self._meta.many_to_many}
        self.copied_to = twin.create(by=by, many=many)
        return self.copied_to
