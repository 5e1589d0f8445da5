"""The row everything else is built on: numbered, versioned, soft-deleted, and changed by verbs only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, extras
from liuke.core.field_rights import veil
from liuke.core.refusals import Refused, Stale
from liuke.core.register import resource_of
from liuke.core.verbs import verb

from .numbers import next_number

if TYPE_CHECKING:
    from collections.abc import Sequence


BINNED = ("restore", "purge")  # what is done to records in the recycle bin, and to no others


class RecordQuerySet(models.QuerySet):
    def alive(self) -> Self:
        return self.filter(deleted_at=None)

    def visible_to(self, user: Any, action: str = "view") -> Self:
        """The rows this person may see (or do `action` to), by grants and the entity's own rules."""
        return resource_of(self.model).rows(user, action, self)  # type: ignore[return-value]


class Record(models.Model):
    """A business record.

    MOVES names the state changes: {(status, verb): new status}. A verb that stands in it is refused in any
    other status; a verb that does not is free. `guard_<verb>(by)` may raise Refused for finer reasons.
    """

    NUMBER_PREFIX: ClassVar[str] = ""
    MOVES: ClassVar[dict[tuple[str, str], str]] = {}
    AUTHOR: ClassVar[str] = "created_by"
    TEXT: ClassVar[str] = "name"  # the field that names the record to people
    LINKED: ClassVar[bool] = False  # whether other records' pages link to it
    MANY: ClassVar[bool] = False  # too many for a select: forms find them as somebody types

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=lazy("Created by"),
    )  # fmt: skip
    created_at = models.DateTimeField(lazy("Created at"), editable=False, default=clock.now)
    updated_at = models.DateTimeField(lazy("Updated at"), editable=False, default=clock.now)
    deleted_at = models.DateTimeField(lazy("Deleted at"), null=True, editable=False)
    version = models.PositiveIntegerField(lazy("Version"), default=1, editable=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    if TYPE_CHECKING:  # what only some records have, and what `Resource.find` notes on a record
        status: Any
        incomplete: bool
        allowed: set[str]

        def get_status_display(self) -> str: ...

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, self.TEXT, self.pk))

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        made = super().from_db(*args, **kwargs)
        veil(made)
        return made

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.__dict__.get("is_veiled"):
            raise RuntimeError("A record was read to be shown, not to be written")
        super().save(*args, **kwargs)

    # the four verbs every record has

    @verb
    def create(self, *, by: Any, many: dict[str, Any] | None = None, extra: dict[str, Any] | None = None) -> Self:
        """Enter the record for the first time; `many` are its many-to-many choices, `extra` the values of added fields.

        Raises ValidationError naming the fields.
        """
        if self.AUTHOR:
            setattr(self, self.AUTHOR, by)
        self.created_at = self.updated_at = clock.now()
        self.fill(by)
        self.full_clean(exclude={"number", *self._known_references()}, validate_constraints=False)
        self.validate_constraints()
        if self.NUMBER_PREFIX:
            self.number = next_number(self.NUMBER_PREFIX)
        self.save(force_insert=True)
        self._choose(many)
        self._extend(extra)
        return self

    @verb
    def update(self, values: dict[str, Any], *, by: Any, version: int | None = None, many: Any = None) -> Self:
        """Change some fields. Raises Stale when `version` is given and not the present one, ValidationError for
        a value that is wrong or a field that is frozen by now."""
        if version is not None and version != self.version:
            raise Stale(self)
        if frozen := self.frozen_fields() & values.keys():
            raise ValidationError({name: [_("This can no longer be changed")] for name in frozen})
        declared, added = extras.split(values)
        self.change(**{name: values[name] for name in declared})
        self._choose(many)
        self._extend({path: values[path] for path in added})
        return self

    @verb
    def delete(self, *, by: Any) -> Self:  # type: ignore[override]
        """Move to the recycle bin: exactly this row, its status kept (NFR-05)."""
        self.change(deleted_at=clock.now())
        return self

    @verb
    def restore(self, *, by: Any) -> Self:
        self.change(deleted_at=None)
        return self

    @verb
    def purge(self, *, by: Any) -> None:
        """Delete for good what lies in the recycle bin: exactly this row. Its last values stay in the event."""
        from liuke.core import purging

        self.__dict__["_also_changed"] = purging.remove(self)

    # what verbs are made of

    def fill(self, by: Any) -> None:
        """Set what the system fills in on a new record."""

    def adjust(self, values: dict[str, Any]) -> None:
        """Set what follows from a change, before it is made."""

    @classmethod
    def prepare_many(cls, records: Sequence[Self], by: Any) -> None:
        """Read at once what `fill` and the guards of many new records look at."""

    def import_state(self, values: dict[str, Any]) -> None:
        """Take over the state a record had elsewhere, if its parts fit together. Raises ValidationError."""
        raise ValidationError(_("The state of these records cannot be imported"))

    @classmethod
    def link_many(cls, records: Sequence[Self]) -> None:
        """Tie records whose state was imported to others they name."""

    def change(self, **values: Any) -> None:
        """Set fields, check the whole row, save. Only for use inside a verb."""
        self.adjust(values)
        for name, value in values.items():
            setattr(self, name, value)
        # a restored row meets those made in the meantime: there everything is checked again
        settled = set() if "deleted_at" in values else {field.name for field in self._meta.fields} - values.keys()
        self.full_clean(exclude=settled | self._known_references(), validate_constraints=False)
        if any({"deleted_at", *getattr(one, "fields", ())} & values.keys() for one in self._meta.constraints):
            self.validate_constraints()
        self.version += 1
        self.updated_at = clock.now()
        self.save()

    def guard_choices(self, many: dict[str, Any]) -> None:
        """Raises ValidationError for many-to-many choices that must not be together; `self` still has the old ones."""

    def _choose(self, many: dict[str, Any] | None) -> None:
        """Set many-to-many choices, and keep what changed for the event."""
        self.guard_choices(many or {})
        for name, chosen in (many or {}).items():
            before = [str(one) for one in getattr(self, name).all()]
            getattr(self, name).set(chosen)
            after = [str(one) for one in getattr(self, name).all()]
            if before != after:
                self.__dict__.setdefault("_also_changed", {})[name] = ["、".join(before), "、".join(after)]

    def _extend(self, values: dict[str, Any] | None) -> None:
        """Store the values of added fields, and keep what changed for the event."""
        if values:
            changed = extras.write(resource_of(type(self)), {self.pk: values})
            self.__dict__.setdefault("_also_changed", {}).update(changed[self.pk])
            self.__dict__.pop("_extras", None)

    def _known_references(self) -> set[str]:
        """References whose record is loaded already: it exists, no need to ask the database for it again."""
        fields: list[Any] = [f for f in self._meta.fields if f.is_relation]
        loaded = [f for f in fields if f.is_cached(self) and getattr(self, f.name)]
        return {f.name for f in loaded if getattr(f, "allows", _anything)(getattr(self, f.name))}

    def hold_first(self) -> None:
        """Lock what others always lock before a record of this kind: of two who wait for each other one would fail."""

    def move(self, verb_name: str, **values: Any) -> None:
        """Take the step that MOVES names for this verb, together with other fields."""
        self.change(status=self.MOVES[self.status, verb_name], **values)

    def must_allow(self, verb_name: str, by: Any) -> None:
        """Raise Refused or Forbidden when the verb is not allowed on this row now."""
        if self.deleted_at and verb_name not in BINNED:
            raise Refused(_("This record is in the recycle bin, restore it first"), "deleted")
        if not self.deleted_at and verb_name in BINNED:
            raise Refused(_("This record is not deleted"), "not_deleted")
        if guard := getattr(self, f"guard_{verb_name}", None):
            guard(by)
        starts = {status for status, name in self.MOVES if name == verb_name}
        if starts and self.status not in starts:
            raise Refused(
                _("Not possible while the status is “%(status)s”") % {"status": self.get_status_display()},
                f"is_{self.status}",
            )

    def refusal(self, verb_name: str, by: Any) -> Refused | None:
        """The reason why the verb would be refused now, or None. Draws the greyed buttons."""
        try:
            self.must_allow(verb_name, by)
        except Refused as refused:
            return refused
        return None

    def frozen_fields(self) -> set[str]:
        """Names of fields that can no longer be changed, because of the record's state."""
        return set()


def _anything(_record: Any) -> bool:
    return True
