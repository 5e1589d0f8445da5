"""Forms of the customer file that are more than the generated ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock
from liuke.core.forms import RecordForm, VerbForm

from .models import Contact, CustomerStatus, Interaction

VISIT = "拜访"  # the way of contact that takes place at the customer's; the others are their own place


class InteractionForm(RecordForm):
    """The whole form, and the quick entry of a customer's page: there a text and its kind fill in the rest (INT-01)."""

    def __init__(self, *args: Any, data: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, data=completed(data) if data and data.get("quick") else data, **kwargs)

    def prepare(self) -> None:
        """Contacts of this customer alone, once it is known."""
        customer: Any = self.data.get("customer") or self.initial.get("customer") or self.instance.customer_id
        field: Any = self.fields["contact"]
        if str(customer or "").isdecimal() and len(str(customer)) < 18:
            field.widget.attrs.pop("data-remote", None)
            field.queryset = Contact.objects.visible_to(self.user).filter(customer=int(customer)).order_by("id")
            self._offer("contact", field)


def completed(sent: Any) -> dict[str, Any]:
    """What the quick entry leaves out: today, the place its kind has, and the beginning of the text as summary."""
    data = {name: sent[name] for name in sent}
    text, kind = data.get("detail", "").strip(), data.get("kind", "")
    data.setdefault("date", clock.today().isoformat())
    data.setdefault("place", str(lazy("At the customer’s")) if kind == VISIT else kind or str(lazy("Office")))
    data.setdefault("summary", " ".join(text.split())[: Interaction.SHORT])
    return data


class FollowStatusForm(VerbForm):
    follow_status = forms.ModelChoiceField(CustomerStatus.objects.none(), label=lazy("Customer status"), required=False)

    def prepare(self) -> None:
        field: Any = self.fields["follow_status"]
        field.queryset = CustomerStatus.objects.alive().order_by("position", "id")
        self.initial.setdefault("follow_status", self.record.follow_status_id)
