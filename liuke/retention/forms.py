"""What the verbs of an alert ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liuke.core.forms import VerbForm

HINT = lazy("What was found out, what is done now, until when")


class MeasureForm(VerbForm):
    measure = forms.CharField(
        label=lazy("Measure"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "placeholder": HINT}),
        help_text=lazy("Measures are added and never changed; any number of them"),
    )  # fmt: skip


class LossForm(VerbForm):
    reason = forms.CharField(
        label=lazy("Reason of churn"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("Why it is final: the analysis of churn shows it"),
    )  # fmt: skip
