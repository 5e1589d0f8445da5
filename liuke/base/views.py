"""The settings page: every declared option, stored through one verb so that changes are history."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liuke.core import formats, options, toasts
from liuke.core.display import shown
from liuke.core.doors.common import go, page_title, screen
from liuke.core.forms import DressedForm
from liuke.core.jobs.registry import is_cron
from liuke.core.pages import Action, Change, HistoryEntry, Link
from liuke.core.refusals import Forbidden
from liuke.core.register import resource

from .models import SettingsChange
from .settings import forget

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.options import Option


class SettingsForm(DressedForm):
    """One field for each declared option."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for option in options.declared():
            if option.kind in MAKERS:
                self.fields[_name(option)] = MAKERS[option.kind](option)
        self.dress()

    @property
    def values(self) -> dict[str, Any]:
        return {o.key: self.cleaned_data[_name(o)] for o in options.declared() if o.kind in MAKERS}

    @property
    def questions(self) -> list[str]:
        """What the changes mean, where somebody should know before they are made."""
        asked = [(o, options.get(o.key), self.values[o.key]) for o in options.declared() if o.asks]
        return [text for o, old, new in asked if o.asks and old != new and (text := o.asks(old, new))]


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    if not request.user.reach("settings", "update"):
        raise Forbidden
    form = SettingsForm(request.POST or None)
    questions = form.questions if request.method == "POST" and form.is_valid() else []
    if request.method == "POST" and form.is_valid() and request.POST.get("agreed", "") == _answer(questions):
        SettingsChange().apply(form.values, by=request.user)
        forget()
        toasts.add(request, _("Saved"))
        return go(request, "/settings/")
    newest = SettingsChange.objects.select_related("created_by").order_by("-id")[:10]
    context = {
        "page_title": page_title(_("Settings")),
        "heading": _("Settings"),
        "crumbs": [Link(_("Settings"), "", current=True)],
        "commands": [Action("help", _("Help"), "/help/#settings", "help-circle", access_key="h")],
        "form": form,
        "questions": questions,
        "agreed": _answer(questions),
        "changes": [_told(form, change) for change in newest],
        "submit_label": _("Save"),
        "cancel_url": "/",
    }
    return screen(request, "base/settings.html", context, 422 if form.errors else 200)


def _answer(questions: list[str]) -> str:
    """What a form carries that was sent after these questions had been read; other questions are asked again."""
    return sha256("\n".join(questions).encode()).hexdigest() if questions else ""


def _told(form: SettingsForm, change: SettingsChange) -> HistoryEntry:
    """One save of this page, in words; settings that are not on it stay out."""
    who = str(change.created_by) if change.created_by else _("System")
    known = {o.key: form.fields[_name(o)] for o in options.declared() if _name(o) in form.fields}
    changes = [
        Change(str(known[key].label), _words(known[key], old), _words(known[key], new))
        for key, (old, new) in change.summary.items()
        if key in known
    ]
    return HistoryEntry(who, _("changed settings"), change.created_at, changes)


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return formats.yes_no(value)
    if isinstance(value, list):
        words = dict(getattr(field, "choices", []))
        return "、".join(str(words.get(one, one)) for one in value) or formats.NOTHING
    return str(dict(getattr(field, "choices", ())).get(value, value))


def _name(option: Option) -> str:
    return option.key.replace(".", "__").replace("-", "_")


def _bool(option: Option) -> forms.Field:
    return forms.BooleanField(
        label=option.label, required=False, initial=options.get(option.key), help_text=option.help
    )


def _int(option: Option) -> forms.Field:
    return forms.IntegerField(
        label=option.label,
        min_value=option.least,
        max_value=option.most,
        initial=options.get(option.key),
        help_text=option.help,
    )


def _text(option: Option) -> forms.Field:
    return forms.CharField(
        label=option.label,
        max_length=100,
        initial=options.get(option.key),
        help_text=option.help,
        validators=[option.check] if option.check else [],
    )


def _cron(option: Option) -> forms.Field:
    field: Any = _text(option)
    field.validators.append(_must_be_cron)
    return field


def _must_be_cron(line: str) -> None:
    if not is_cron(line):
        raise ValidationError(_("Write five fields: minute, hour, day, month, weekday; 0 2 * * 6 is Saturday 02:00"))


def _choices(option: Option) -> forms.Field:
    return forms.MultipleChoiceField(
        label=option.label,
        initial=options.get(option.key),
        choices=option.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=option.help,
    )


def _choice(option: Option) -> forms.Field:
    return forms.ChoiceField(
        label=option.label, initial=options.get(option.key), choices=option.choices, help_text=option.help
    )


def _fields(option: Option) -> forms.Field:
    """Which fields of an entity people must fill in."""
    of = resource(option.resource)
    return forms.MultipleChoiceField(
        label=_("Required in %(what)s") % {"what": of.label_plural},
        required=False,
        initial=options.get(option.key),
        choices=[(name, str(shown(of.model, name).label)) for name in of.field_names],
        widget=forms.CheckboxSelectMultiple,
    )


MAKERS = {
    "bool": _bool, "int": _int, "text": _text, "cron": _cron, "choice": _choice, "choices": _choices, "fields": _fields,
}  # fmt: skip
