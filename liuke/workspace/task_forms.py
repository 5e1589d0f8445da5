"""What entering a task and its verbs ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.accounts.models import User
from liuke.core.forms import OfferedSelect, RecordForm, VerbForm
from liuke.core.links import name_of, read_link, record_at, unknown_link
from liuke.core.register import resource


class TaskForm(RecordForm):
    """The linked record is found by a few letters among everything this person may see."""

    def prepare(self) -> None:
        choose_executor(self.fields["executor"], self.user, self.instance.executor_id)
        field: Any = self.fields["record"]
        chosen = str(self.data.get("record") or self.initial.get("record") or "")
        choices = [("", "--"), *([(chosen, name_of(chosen, self.user) or chosen)] if chosen else [])]
        field.widget = OfferedSelect({"data-remote": "/tasks/choices/record/"})
        field.widget.choices = choices

    def clean_record(self) -> str:
        """Asked here too, so that a form with other faults does not tell the two apart either."""
        sent: str = self.cleaned_data["record"]
        if self.instance.pk or not sent:
            return sent
        link = read_link(sent)
        if record_at(link, self.user) is None:
            raise ValidationError(unknown_link())
        return link


class ResultForm(VerbForm):
    result = forms.CharField(
        label=pgettext_lazy("task", "Result"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class CancelForm(VerbForm):
    reason = forms.CharField(label=lazy("Reason"), max_length=500, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


class ExecutorForm(VerbForm):
    """One person among all users in status normal, and why."""

    executor = forms.ModelChoiceField(User.objects.none(), label=lazy("Executor"))
    reason = forms.CharField(label=lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        choose_executor(self.fields["executor"], self.user)


def choose_executor(field: Any, user: Any, present: int | None = None) -> None:
    """Everybody in status normal, picked in the pop-up by department and name."""
    rows = resource("users").choices(user)
    field.queryset = rows.filter(status="normal") | rows.filter(pk=present)
    field.error_messages["invalid_choice"] = _("Choose a user in status normal")
    field.widget.attrs["data-people"] = "/users/pick/"
