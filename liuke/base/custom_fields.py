"""Fields that administrators add to an entity, and the values they have."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.display import ADDED, shown
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.register import resource, resources

MOST = 100  # fields of an entity
CODE = r"\A[a-z](_?[a-z0-9])*\Z"  # never two _ in a row: they part a path


def entities() -> list[tuple[str, Any]]:
    """The entities that fields can be added to."""
    return [(one.name, one.label) for one in resources() if one.extensible]


class CustomField(Record):
    """One added field: of which entity, how it is called, what it holds."""

    class Kind(models.TextChoices):
        TEXT = "text", lazy("One line of text")
        NUMBER = "number", lazy("Number")
        MONEY = "money", lazy("Amount of money")
        DATE = "date", lazy("Date")
        CHOICE = "choice", lazy("Choice from the dictionary")
        YES_NO = "yes_no", lazy("Yes or no")
        LINK = "link", lazy("Link")

    TEXT = "label"

    resource = models.CharField(lazy("Entity"), max_length=50, choices=entities)
    label = models.CharField(lazy("Field name"), max_length=50)
    code = models.CharField(
        lazy("Code"), max_length=30, blank=True,
        validators=[RegexValidator(CODE, lazy("Small letters, digits and single _, a letter first"))],
        help_text=lazy("The name in API and files, behind x_; it never changes. Left empty, one is made."),
    )  # fmt: skip
    kind = models.CharField(lazy("Kind of field"), max_length=10, choices=Kind.choices, default=Kind.TEXT,
                            help_text=lazy("Stays as it is once the field has values"))  # fmt: skip
    category = models.CharField(lazy("Dictionary category"), max_length=50, blank=True,
                                help_text=lazy("What people choose from, for a choice"))  # fmt: skip
    required = models.BooleanField(lazy("Must be filled in"), default=False)
    listed = models.BooleanField(lazy("Column of the list"), default=True)
    position = models.PositiveSmallIntegerField(lazy("Order"), default=0)
    help = models.CharField(lazy("Help text"), max_length=200, blank=True)

    class Meta:
        verbose_name = lazy("Custom field")
        verbose_name_plural = lazy("Custom fields")
        constraints = [
            models.UniqueConstraint(  # deleted ones too: what a code once meant stays true
                fields=["resource", "code"], name="custom_field_code_once",
                violation_error_message=lazy("This code is taken, be it by a deleted field"),
            ),
            models.UniqueConstraint(
                fields=["resource", "label"], condition=Q(deleted_at=None), name="custom_field_label_once",
                violation_error_message=lazy("This entity has a field of this name already"),
            ),
        ]  # fmt: skip

    @property
    def path(self) -> str:
        return f"{ADDED}{self.code}"

    def fill(self, by: Any) -> None:
        self.code = self.code or self._free_code()

    def _free_code(self) -> str:
        taken = set(CustomField.objects.filter(resource=self.resource).values_list("code", flat=True))
        return next(code for n in range(1, len(taken) + 2) if (code := f"f{n}") not in taken)

    def guard_create(self, by: Any) -> None:
        if CustomField.objects.alive().filter(resource=self.resource).count() >= MOST:
            raise Refused(_("An entity takes %(most)s fields at most") % {"most": MOST}, "too_many")

    guard_restore = guard_create

    def guard_purge(self, by: Any) -> None:
        raise Refused(_("A custom field stays in the recycle bin, so that its code is never used again"), "kept")

    def clean(self) -> None:
        self.label = self.label.strip()
        self._must_not_repeat_a_declared_field()
        if self.kind != self.Kind.CHOICE:
            self.category = ""
        elif not self.category:
            raise ValidationError({"category": _("Choose the category that people choose from")})

    def _must_not_repeat_a_declared_field(self) -> None:
        """Files name columns by their label: two of one name could not be told apart."""
        if self.resource not in dict(entities()):
            return  # the field itself says so
        of = resource(self.resource)
        if self.label in {str(shown(of.model, name).label) for name in of.field_names}:
            raise ValidationError({"label": _("This entity has a field of this name already")})

    def frozen_fields(self) -> set[str]:
        settled = {"resource", "code"}
        return settled | {"kind", "category"} if self.values.exists() else settled


class CustomValue(models.Model):
    """What one record has in one added field, in the column of the field's kind."""

    field = models.ForeignKey(CustomField, models.PROTECT, related_name="values", db_index=False)
    record = models.BigIntegerField()
    text = models.CharField(max_length=500, null=True)
    number = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    day = models.DateField(null=True)
    item = models.ForeignKey("base.DictionaryItem", models.PROTECT, null=True, related_name="+", db_index=False)
    flag = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "record"], name="custom_value_once")]
        indexes = [
            *(
                models.Index(fields=["field", column, "record"], condition=Q(**{f"{column}__isnull": False}),
                             name=f"custom_value_by_{column}")
                for column in ("text", "number", "day", "item", "flag")
            ),
            models.Index(fields=["item"], condition=Q(item__isnull=False), name="custom_value_of_item"),
        ]  # fmt: skip
