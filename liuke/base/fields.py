"""Model fields whose choices come from the dictionary (DICT-01)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models


class DictField(models.ForeignKey):
    """A choice from one category of the dictionary. API and import read and write the item's `value`."""

    code_field = "value"

    def __init__(self, verbose_name: Any = None, *, category: str, **kwargs: Any) -> None:
        self.category = category
        kwargs |= {"to": "base.DictionaryItem", "on_delete": models.PROTECT, "related_name": "+"}
        kwargs |= {"limit_choices_to": {"category": category}, "null": True, "blank": True}
        super().__init__(verbose_name=verbose_name, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        for given in ("to", "on_delete", "related_name", "limit_choices_to", "null", "blank"):
            kwargs.pop(given, None)
        return name, "liuke.base.fields.DictField", args, kwargs | {"category": self.category}

    def allows(self, item: Any) -> bool:
        """Whether an item is of this field's category."""
        return item.category == self.category

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"to_field_name": self.code_field, **kwargs})


class RatingField(models.PositiveSmallIntegerField):
    """1 to 5, with the words of a dictionary category."""

    stars = True

    def __init__(self, verbose_name: Any = None, *, category: str, **kwargs: Any) -> None:
        self.category = category
        super().__init__(verbose_name, null=True, blank=True, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("null", None)
        kwargs.pop("blank", None)
        return name, "liuke.base.fields.RatingField", args, kwargs | {"category": self.category}

    def formfield(self, **kwargs: Any) -> Any:
        return forms.TypedChoiceField(
            choices=self.words, coerce=int, empty_value=None, required=False,
            label=self.verbose_name, help_text=self.help_text,
        )  # fmt: skip

    def words(self) -> list[tuple[str, str]]:
        from .models import DictionaryItem

        rows = DictionaryItem.objects.alive().filter(category=self.category)
        known = sorted(rows.values_list("value", "entry"))
        return [("", "--"), *((value, f"{value} {entry}") for value, entry in known)]
