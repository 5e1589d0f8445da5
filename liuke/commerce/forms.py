"""Forms of stock movements."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liuke.core.forms import VerbForm


class MovementForm(VerbForm):
    quantity = forms.DecimalField(label=lazy("Quantity"), max_digits=14, decimal_places=3)
    note = forms.CharField(label=lazy("Note"), max_length=500, required=False)


class CountForm(VerbForm):
    quantity = forms.DecimalField(label=lazy("Quantity counted"), max_digits=14, decimal_places=3, min_value=0)
    reason = forms.CharField(label=lazy("Reason"), max_length=500, widget=forms.Textarea)
