"""What batch acts of the house itself ask for: a field and its value, a number typed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core import extras
from liuke.core.forms import DressedForm, RecordForm, record_form
from liuke.core.refusals import Forbidden

if TYPE_CHECKING:
    from liuke.core.resource import Resource


class PatchForm(DressedForm):
    """One field of the entity and the value all chosen records get. Each of them is then checked as a whole."""

    def __init__(self, *args: Any, resource: Resource, user: Any, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = record_form(resource, user, data=self.data or None)
        names = _single(resource, whole)
        if not names:
            raise Forbidden
        self.chosen = chosen if chosen in names else names[0]
        choices = [(name, whole.fields[name].label) for name in names]
        self.fields["field"] = forms.ChoiceField(label=_("Field"), choices=choices, initial=self.chosen)
        self.fields[self.chosen] = whole.fields[self.chosen]
        self.dress()


def _single(resource: Resource, form: RecordForm) -> list[str]:
    """Fields of which many records may have the same value, and one value each."""
    own = {field.name for field in resource.model._meta.concrete_fields if not field.unique}
    return [name for name in form.fields if (name in own or extras.is_path(name)) and name not in form.frozen]


class CountForm(DressedForm):
    """Many at once: the number is typed out, so that nobody deletes thousands by one press too many."""

    FROM = 100

    typed = forms.CharField(max_length=10)

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        self.fields["typed"].label = _("Type %(n)s to confirm") % {"n": count}
        self.fields["typed"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.dress()

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).replace(",", "").strip()
        if typed != str(self.count):
            raise ValidationError(_("Type the number %(n)s") % {"n": self.count})
        return typed
