from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.core import audit
from liuke.core.forms import DressedForm, VerbForm
from liuke.core.register import resource

from .handover import Duty, open_work
from .models import SecondFactor, SignInAttempt, User
from .passwords import is_stale
from .widgets import PersonSelect


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
            _note_failure(name, address)
            raise ValidationError(_("Wrong user name or password"), code="wrong")
        if is_stale(self.user):
            raise ValidationError(_("This one-time password is no longer valid, ask for a new one"), code="stale")
        if not SecondFactor.objects.filter(user=self.user).exists():  # else the code has to be right, too
            SignInAttempt.succeeded(name, address)
        return cleaned


def _note_failure(name: str, address: str) -> None:
    """A name nobody has is not told: people type their password into the wrong box."""
    person = User.objects.filter(username=name).first()
    audit.note("sign_in_failed", by=person, text="" if person else _("A name nobody has"), outcome="failed",
               details={"locked": SignInAttempt.locked(name, address)})  # fmt: skip


class CodeForm(DressedForm):
    """The second step of signing in: a code of the phone, or one of the recovery codes."""

    code = forms.CharField(label=pgettext_lazy("second factor", "Code"), max_length=40)

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        self.dress()

    def clean_code(self) -> str:
        """Counted together with wrong passwords: five, then a quarter of an hour."""
        name, address = self.user.username, self.request.META.get("REMOTE_ADDR", "")
        if SignInAttempt.locked(name, address):
            raise ValidationError(_("Too many failed attempts, try again in 15 minutes"), code="locked")
        factor = SecondFactor.objects.filter(user=self.user).first()
        if factor is None or not factor.takes(self.cleaned_data["code"]):
            SignInAttempt.failed(name, address)
            _note_failure(name, address)
            raise ValidationError(_("This code is not right, or it was used before"), code="wrong")
        SignInAttempt.succeeded(name, address)
        return str(self.cleaned_data["code"])


class SetUpForm(DressedForm):
    """A second factor begins with the own password and a first code."""

    password = forms.CharField(label=lazy("Password"), strip=False, max_length=200, widget=forms.PasswordInput)
    code = forms.CharField(
        label=pgettext_lazy("second factor", "Code"), max_length=40, help_text=lazy("The six digits your app shows now")
    )

    def __init__(self, user: User, secret: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.secret = user, secret
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric"}
        self.dress()

    def clean_password(self) -> str:
        return _own_password(self.user, self.cleaned_data["password"])

    def clean_code(self) -> str:
        if SecondFactor.step_of(self.secret, self.cleaned_data["code"]) is None:
            raise ValidationError(_("This code is not right. Look whether the clock of your phone is"))
        return str(self.cleaned_data["code"])


class OwnPasswordForm(DressedForm):
    """What must not be done by whoever finds a screen unlocked asks for the password."""

    password = forms.CharField(label=lazy("Password"), strip=False, max_length=200, widget=forms.PasswordInput)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"
        self.dress()

    def clean_password(self) -> str:
        return _own_password(self.user, self.cleaned_data["password"])


class NewTokenForm(OwnPasswordForm):
    """A token goes on working when the session is over: whoever makes one says that he is the one who signed in."""

    name = forms.CharField(label=lazy("What the token is for"), max_length=50)
    field_order = ("name", "password")


def _own_password(user: User, word: str) -> str:
    if not user.check_password(word):
        raise ValidationError(_("The password is not right"))
    return word


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


class HandOverForm(VerbForm):
    """Who gets the open work of a person: one for all of it, or somebody for a kind (PERM-07)."""

    to = forms.ModelChoiceField(User.objects.none(), label=lazy("Who gets it"), required=False,
                                widget=PersonSelect({"data-load": "1"}))  # fmt: skip
    reason = forms.CharField(label=lazy("Reason"), max_length=500)
    disable = forms.BooleanField(label=lazy("Then disable the user"), required=False)

    def prepare(self) -> None:
        self.people = resource("users").choices(self.user).exclude(pk=self.record.pk)
        self.work = open_work(self.record)
        whole: Any = self.fields["to"]
        whole.queryset = self.people
        self.fields["reason"].initial = _("Hand-over")
        for duty, _n in self.work:
            self.fields[f"to_{duty.key}"] = forms.ModelChoiceField(
                self.people, label=_("Who gets %(kind)s") % {"kind": duty.label}, required=False,
                widget=PersonSelect({"data-load": "1"}),
            )  # fmt: skip

    def dress(self) -> None:
        super().dress()
        for duty, _n in self.work:
            field: Any = self.fields[f"to_{duty.key}"]
            field.empty_label = _("the same as above")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for duty, _n in self.work:
            self._must_fit(duty, cleaned)
        return cleaned

    def _must_fit(self, duty: Duty, cleaned: dict[str, Any]) -> None:
        own = cleaned.get(f"to_{duty.key}")
        receiver = own or cleaned.get("to")
        place = f"to_{duty.key}" if own else "to"
        if place in self.errors:
            return
        if receiver is None:
            self.add_error(place, _("Choose who gets it"))
        elif not duty.fits(receiver):
            self.add_error(f"to_{duty.key}", str(duty.misfit) % {"name": receiver.name})

    def context(self) -> dict[str, Any]:
        return {"work": [(duty, n, self[f"to_{duty.key}"], duty.url % self.record.pk) for duty, n in self.work]}
