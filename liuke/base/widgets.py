"""Inputs that need the dictionary."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .models import DictionaryItem


class SuggestInput(forms.TextInput):
    """Free text with suggestions from a category of the dictionary (OPP-01: source)."""

    def __init__(self, category: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.category = category

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        known = f"{name}_suggestions"
        rows = DictionaryItem.objects.alive().filter(category=self.category).order_by("position")
        box = super().render(name, value, {**(attrs or {}), "list": known}, renderer)
        options = format_html_join("", '<option value="{}"></option>', rows.values_list("entry"))
        return format_html('{}<datalist id="{}">{}</datalist>', box, known, options)
