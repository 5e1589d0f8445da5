"""Forms with choices that come from the dictionary itself."""

from __future__ import annotations

from django import forms

from liuke.core.forms import RecordForm

from .models import DictionaryItem


class CustomFieldForm(RecordForm):
    """The generated form; the category is one that exists."""

    def prepare(self) -> None:
        field = self.fields["category"]
        rows = DictionaryItem.objects.alive().order_by("category").values_list("category", flat=True).distinct()
        self.fields["category"] = forms.ChoiceField(
            choices=[("", "--"), *((one, one) for one in rows)], required=False, disabled="category" in self.frozen,
            label=field.label, help_text=field.help_text,
        )  # fmt: skip
