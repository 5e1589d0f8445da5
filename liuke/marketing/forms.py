"""What the verbs of an opportunity ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.accounts.models import User
from liuke.base.models import Category
from liuke.base.widgets import SuggestInput
from liuke.core.forms import ReasonForm, RecordForm, VerbForm
from liuke.customers.duplicates import near
from liuke.customers.models import Customer

from .candidates import candidates_for, candidates_of
from .models import SalesStage


class OpportunityForm(RecordForm):
    """The generated form, with suggestions for the source; a page asks before a blacklisted customer is served."""

    def prepare(self) -> None:
        self.fields["source"].widget = SuggestInput(Category.SOURCE, {"maxlength": 50})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        customer = cleaned.get("customer")
        asked = self.data.get("once") is not None  # pages send the key of a form; programs are not asked back
        if asked and not self.instance.pk and customer and customer.is_blacklisted and "anyway" not in self.data:
            self.blacklisted = customer
            self.add_error("customer", _("This customer is on the blacklist: say below if you go on all the same"))
        return cleaned


class AssignForm(VerbForm):
    """One account manager, chosen by territory, industry and load (OPP-05)."""

    assignee = forms.ModelChoiceField(User.objects.none(), label=lazy("Assignee"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        field: Any = self.fields["assignee"]
        field.queryset = candidates_for(self.user)
        field.error_messages["invalid_choice"] = _("Choose a normal user with the role account manager")

    def context(self) -> dict[str, Any]:
        return {"candidates": candidates_of(self.record, self.user), "chosen": str(self["assignee"].value() or "")}


class ReassignForm(AssignForm):
    reason = forms.CharField(label=lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CustomerOrNew(forms.CharField):
    """The id of a customer, or "new"."""

    schema = {"anyOf": [{"type": "integer"}, {"type": "string", "enum": ["new", ""]}, {"type": "null"}]}

    @staticmethod
    def from_json(value: Any) -> str:
        if type(value) is int or value in ("new", ""):
            return str(value)
        raise ValidationError(_('Send the id of a customer, or "new"'))


class WinForm(VerbForm):
    customer = CustomerOrNew(required=False, label=lazy("Customer"))

    def clean_customer(self) -> Customer | str | None:
        chosen = self.cleaned_data["customer"]
        if chosen in ("", "new"):
            return chosen or None
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 18:
            rows = Customer.objects.visible_to(self.user).filter(status="normal")
            if found := rows.filter(pk=int(chosen)).first():
                return found
        raise ValidationError(_("Choose a normal customer, or make a new one"))

    def context(self) -> dict[str, Any]:
        """Customers to link to: of the same name, or else of similar ones; none where it names its customer already."""
        if self.record.customer_id:
            return {"namesakes": [], "similar": []}
        same = list(self.record.namesakes().select_related("owner")[:20])
        return {"namesakes": same, "similar": [] if same else self._similar()}

    def _similar(self) -> list[Customer]:
        rows = near(self.user, self.record.customer_name).filter(status=Customer.Status.NORMAL)
        return list(rows.select_related("owner")[:5])


class StageForm(VerbForm):
    stage = forms.ModelChoiceField(SalesStage.objects.none(), label=lazy("Stage"))

    def prepare(self) -> None:
        field: Any = self.fields["stage"]
        field.queryset = SalesStage.objects.alive().order_by("position")


class ResultForm(VerbForm):
    result = forms.CharField(label=lazy("Result"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


__all__ = ["AssignForm", "OpportunityForm", "ReasonForm", "ReassignForm", "ResultForm", "StageForm", "WinForm"]
