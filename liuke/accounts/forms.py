from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.forms import DressedForm

from .models import SignInAttempt, User


class SignInForm(DressedForm):
    username = forms.CharField(label=lazy("User name"), max_length=100)
    password = forms.CharField(label=lazy("Password"), max_length=200, strip=False, widget=forms.PasswordInput)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: Any = None
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["password"].widget.attrs |= {"autocomplete": "current-password"}
        self.dress()

    def clean(self) -> dict[str, Any]:
        """One neutral message, whatever was wrong; every failure is counted (SYS-01)."""
        cleaned = super().clean() or self.cleaned_data
        name, word = cleaned.get("username"), cleaned.get("password")
        if not name or not word:
            return cleaned
        address = self.request.META.get("REMOTE_ADDR", "")
        if SignInAttempt.locked(name, address):
            raise ValidationError(_("Too many failed attempts, try again in 15 minutes"), code="locked")
        self.user = authenticate(self.request, username=name, password=word)
        if self.user is None:
            SignInAttempt.failed(name, address)
            raise ValidationError(_("Wrong user name or password"), code="wrong")
        SignInAttempt.succeeded(name, address)
        return cleaned


class PasswordForm(DressedForm):
    old = forms.CharField(label=lazy("Old password"), strip=False, max_length=200, widget=forms.PasswordInput)
    new = forms.CharField(label=lazy("New password"), strip=False, max_length=200, widget=forms.PasswordInput,
                          help_text=lazy("At least 8 characters"))  # fmt: skip
    repeat = forms.CharField(label=lazy("Repeat the new password"), strip=False, max_length=200,
                             widget=forms.PasswordInput)  # fmt: skip

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for name, known_as in (("old", "current-password"), ("new", "new-password"), ("repeat", "new-password")):
            self.fields[name].widget.attrs["autocomplete"] = known_as
        self.dress()

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise ValidationError(_("The old password is not right"))
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        if self.user.check_password(self.cleaned_data["new"]):
            raise ValidationError(_("Choose a password that differs from the old one"))
        return self.cleaned_data["new"]

    def clean_repeat(self) -> str:
        if self.cleaned_data.get("new") not in (None, self.cleaned_data["repeat"]):
            raise ValidationError(_("The two passwords differ"))
        return self.cleaned_data["repeat"]
