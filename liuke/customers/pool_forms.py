"""Who gets the customer, and why: what the verbs of the pool ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.accounts.models import User
from liuke.accounts.widgets import PersonSelect
from liuke.core.forms import RecordForm, VerbForm
from liuke.core.register import resource

POOL = "pool"


class OptionalReasonForm(VerbForm):
    reason = forms.CharField(label=lazy("Reason"), max_length=500, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


class NewOwnerForm(OptionalReasonForm):
    """Any normal user may become the manager (C-16)."""

    owner = forms.ModelChoiceField(User.objects.none(), label=lazy("Account manager"), widget=PersonSelect)
    field_order = ["owner", "reason"]

    def prepare(self) -> None:
        field: Any = self.fields["owner"]
        field.queryset = resource("users").choices(self.user)
        field.error_messages["invalid_choice"] = _("Choose a normal user")


class OwnerOrPool(forms.ModelChoiceField):
    """The id of a user, or "pool": such a customer has no manager until somebody claims it."""

    schema = {"anyOf": [{"type": "integer"}, {"type": "string", "enum": [POOL]}, {"type": "null"}]}

    @staticmethod
    def from_json(value: Any) -> str:
        if value is None or type(value) is int or value == POOL:
            return "" if value is None else str(value)
        raise ValidationError(_('Send the id of a user, or "pool"'))

    def clean(self, value: Any) -> Any:
        return None if value == POOL else super().clean(value)


class CustomerForm(RecordForm):
    """The generated form; a new customer may be put into the pool at once (POOL-01)."""

    def prepare(self) -> None:
        super().prepare()
        self._warn_of_duplicates()
        owner: Any = self.fields.get("owner")
        if owner is not None and not self.instance.pk:
            owner.__class__ = OwnerOrPool
            owner.widget.choices.more = [(POOL, _("Put into the pool"))]

    def _warn_of_duplicates(self) -> None:
        """While name or telephone are typed, what is there already stands under the name."""
        name: Any = self.fields["name"]
        name.hint_below = True
        for one in ("name", "phone"):
            self.fields[one].widget.attrs |= {
                "hx-get": f"/customers/similar/?but={self.instance.pk or 0}",
                "hx-trigger": "input changed delay:400ms",
                "hx-include": "#id_name, #id_phone, #id_kind",
                "hx-target": "#id_name_hint",
                "hx-sync": "this:replace",
            }
