"""Forms made from a Resource: the shape of the input, for pages and for the API alike."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.renderers import Jinja2
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from markupsafe import Markup

from liuke.core import extras, options
from liuke.core.field_rights import is_hidden, seen_by
from liuke.core.pages import option
from liuke.core.register import has_resource, resource_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liuke.core.models import Record
    from liuke.core.pages import ConflictLine
    from liuke.core.resource import Resource

AT_ONCE = 100  # choices that are printed into a select; more are found by typing
CLASSES = {
    forms.CheckboxInput: "form-check-input",
    forms.Select: "form-select",
    forms.SelectMultiple: "form-select",
    forms.CheckboxSelectMultiple: "form-check-input",
    forms.RadioSelect: "form-check-input",
}


class Renderer(Jinja2):
    """Django's widgets, and before them those of `core/widgets`."""

    @cached_property
    def engine(self) -> Any:
        folders = [Path(__file__).parent / "widgets", Path(forms.__file__).parent / "jinja2"]
        return self.backend({"APP_DIRS": False, "DIRS": folders, "NAME": "forms", "OPTIONS": {}})


class DressedForm(forms.Form):
    """A form whose widgets carry the classes and hints of the screen."""

    use_required_attribute = True

    def dress(self) -> None:
        for name, field in self.fields.items():
            if not getattr(field, "says_itself", False):
                field.error_messages["required"] = _("Please fill in: %(what)s") % {"what": field.label or name}
            widget = field.widget
            wanted = next((css for cls, css in CLASSES.items() if isinstance(widget, cls)), "form-control")
            widget.attrs["class"] = f"{widget.attrs.get('class', '')} {wanted}".strip()
            if isinstance(widget, forms.Textarea):
                _size(widget)
            if isinstance(field, forms.DateField):
                widget.attrs |= {"data-date": "", "autocomplete": "off", "placeholder": "YYYY-MM-DD"}
            if isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
                field.empty_label = "--"


def _size(area: forms.Textarea) -> None:
    """Four lines unless the form says otherwise; the width is the stylesheet's."""
    area.attrs.pop("cols", None)
    if area.attrs.get("rows") == "10":  # Django's own default
        area.attrs["rows"] = 4


class Offered(BaseChoiceIterator):
    """What a select prints, read when it is printed: a long list not whole, but always what is chosen.

    The rest is found as somebody types (`data-remote`); values of the dictionary are few and all there.
    """

    def __init__(self, field: Any, chosen: Any, most: int) -> None:
        self.rows, self.key, self.chosen = field.queryset, field.to_field_name or "id", str(chosen or "")
        self.most = most if self.key == "id" else None
        self.more: list[tuple[str, Any]] = []  # choices that are no rows
        self.called: dict[int, str] = {}  # what rows are called for whoever may not know their names

    @cached_property
    def _first(self) -> list[tuple[Any, str]]:
        end = None if self.most is None else self.most + 1
        return list(self.rows.values_list(self.key, self.rows.model.TEXT)[:end])

    @property
    def are_many(self) -> bool:
        return self.most is not None and len(self._first) > self.most > 0

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        some = self._first[: self.most]
        yield "", "--"
        yield from self.more
        for key, text in (*some, *self._chosen_behind(some)):
            yield key, self.called.get(key, text)

    def _chosen_behind(self, some: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
        if self.most is None or self.chosen in {str(key) for key, _text in some} or not _is_id(self.chosen):
            return []
        return list(self.rows.filter(pk=self.chosen).values_list("pk", self.rows.model.TEXT))


class OfferedSelect(forms.Select):
    """Prints its choices in one go: Django asks for each of a hundred what it is, and a template prints it again."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        chosen, every = (
            str("" if value is None else value),
            flatatt({"name": name, **self.build_attrs(self.attrs, attrs)}),
        )
        options = [option(str(key), str(text), str(key) == chosen) for key, text in self.choices]
        return Markup(f"<select{every}>{''.join(options)}</select>")


_widgets: dict[type[models.Model], type[OfferedSelect]] = {}


def offer_with(model: type[models.Model], widget: type[OfferedSelect]) -> None:
    """Choose records of this model with a widget of their own, in every form."""
    _widgets[model] = widget


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


class VerbForm(DressedForm):
    """What a verb asks for. Field names are the verb's arguments; choices depend on record and person.

    For a verb with `batch=True` the dialog is shown once for many: then `record` is None and `records` holds those
    chosen (the first 500); afterwards each record gets a form of its own from what was sent, with `record` set. Its
    fields may not be called ids, all, question or once.
    """

    def __init__(self, *args: Any, record: Any = None, user: Any, records: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.user = record, user
        self.records = records or ([record] if record else [])
        self.prepare()
        for name in list(self.initial) if record else ():
            if is_hidden(type(record), name, user):
                del self.initial[name]
        self.dress()

    def prepare(self) -> None:
        """Set choices and initial values from `self.record` and `self.user`."""

    def context(self) -> dict[str, Any]:
        """What a dialog template of its own needs beside the fields."""
        return {}


class WordForm(DressedForm):
    """Before what cannot be taken back a word is typed (ui.md §7)."""

    confirm = forms.CharField(label=lazy("To confirm, type"), max_length=300)

    def __init__(self, *args: Any, word: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word = word
        self.fields["confirm"].label = _("Type “%(word)s” to confirm") % {"word": self.word}
        self.fields["confirm"].widget.attrs["autocomplete"] = "off"
        self.dress()

    def clean_confirm(self) -> str:
        if self.cleaned_data["confirm"].strip() != self.word:
            raise ValidationError(_("This is not “%(word)s”") % {"word": self.word})
        return self.word


class ReasonForm(VerbForm):
    reason = forms.CharField(label=lazy("Reason"), max_length=500, widget=forms.Textarea)


class RecordForm(DressedForm, forms.ModelForm):
    """The form of one record. Frozen fields are shown but not taken; required ones come from the settings."""

    def __init__(self, *args: Any, resource: Resource, user: Any, **kwargs: Any) -> None:
        self.resource, self.user = resource, user
        super().__init__(*args, **kwargs)
        self._extend()
        self.frozen = self.instance.frozen_fields() if self.instance.pk else set()
        self._fix()
        self._limit_choices()
        self._require()
        self._freeze()
        self.prepare()
        self._hide()
        self.dress()

    def prepare(self) -> None:
        """For forms of a module's own."""

    @property
    def has_more(self) -> bool:
        """Whether something was entered beside the fields of the record."""
        return False

    def save_more(self, record: Record, by: Any) -> None:
        """Write that, in the transaction that has just written the record. Raises ValidationError."""

    def disputed(self, record: Record) -> tuple[list[ConflictLine], dict[str, str]]:
        """The same beside what somebody else has saved, to choose from, and what is sent along unseen."""
        return [], {}

    def _extend(self) -> None:
        """The fields that administrators have added, in a group of their own below the declared ones."""
        self.added = extras.of(self.resource)
        for one in self.added:
            self.fields[one.path] = _form_field(one.field)
            if self.instance.pk:
                self.initial[one.path] = extras.entered(self.instance, one)

    def _fix(self) -> None:
        """What this person's role may not write, unless a new record cannot be without it (decision 18)."""
        kept = {name for name in self.resource.fixed & self.fields.keys() if not self._must_be_asked(name)}
        for name in kept if not self.instance.pk else ():
            self.initial[name] = self._start.get(name, self._stored(name))  # whatever an address says
        self.frozen = self.frozen | kept

    @cached_property
    def _start(self) -> dict[str, Any]:
        return self.resource.initial(self.user)

    def _must_be_asked(self, name: str) -> bool:
        """Something the model wants of every record, and nobody else says of this new one."""
        if self.instance.pk or not self.fields[name].required or self._start.get(name):
            return False
        return extras.is_path(name) is False and self._stored(name) in (None, "")

    def _stored(self, name: str) -> Any:
        """What the record has in a field, without asking the database for other records."""
        if extras.is_path(name):
            return extras.values_of(self.instance).get(name)
        field: Any = self.instance._meta.get_field(name)
        return None if field.many_to_many else getattr(self.instance, field.attname)

    def _hide(self) -> None:
        for name in self.resource.secret & self.frozen & self.fields.keys():
            if not self.instance.pk and (start := self._start.get(name)) is not None:
                field = self.instance._meta.get_field(name)
                setattr(self.instance, field.attname, getattr(start, "pk", start))
            del self.fields[name]

    def asks(self, *names: str) -> bool:
        """Whether all of these are this person's to fill in: a template of its own prints them one by one."""
        return self.fields.keys() >= set(names)

    @property
    def unasked(self) -> list[str]:
        """What people must fill in, is empty, and not this one's to fill in: somebody else has to complete it."""
        fixed = [name for name in wanted_fields(self.resource) if name in self.resource.fixed & self.frozen]
        return [name for name in fixed if self._stored(name) in (None, "")]

    @property
    def groups(self) -> list[tuple[Any, Sequence[str]]]:
        more = [(_("Extended information"), [one.path for one in self.added])] if self.added else []
        if not self.resource.secret:
            return [*self.resource.fields, *more]
        whole = [*self.resource.whole.fields, *more]  # a new record may need what its author will not see again
        left = ((title, [name for name in names if name in self.fields]) for title, names in whole)
        return [(title, names) for title, names in left if names]

    @property
    def added_values(self) -> dict[str, Any]:
        return {one.path: self.cleaned_data[one.path] for one in self.added if one.path in self.cleaned_data}

    def _limit_choices(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and has_resource(field.queryset.model):
                rows = resource_of(field.queryset.model).choices(self.user)
                if limit := field.get_limit_choices_to():
                    rows = rows.complex_filter(limit)
                if current := getattr(self.instance, f"{name}_id", None) if self.instance.pk else None:
                    rows = rows | field.queryset.model.objects.filter(pk=current)
                field.queryset = rows
                self._code_initial(name, field)
                if not isinstance(field, forms.ModelMultipleChoiceField):
                    self._offer(name, field)

    def _offer(self, name: str, field: Any) -> None:
        chosen = (
            self.data.get(self.add_prefix(name)) or self.initial.get(name) or getattr(self.instance, f"{name}_id", None)
        )
        offered = Offered(field, chosen, 0 if name in self.frozen else AT_ONCE)
        if type(field.widget) is forms.Select:
            field.widget = _widgets.get(field.queryset.model, OfferedSelect)(field.widget.attrs)
        field.widget.choices = offered
        if offered.key == "id" and (field.queryset.model.MANY or offered.are_many):
            field.widget.attrs["data-remote"] = f"/{self.resource.name}/choices/{name}/"

    def _code_initial(self, name: str, field: forms.ModelChoiceField) -> None:
        """Dictionary choices are posted by their value, so they start with it too."""
        chosen = getattr(self.instance, name, None) if self.instance.pk else None
        if field.to_field_name not in (None, "id") and chosen is not None:
            self.initial[name] = getattr(chosen, field.to_field_name)

    def _require(self) -> None:
        for name in required_fields(self.resource):
            if name in self.fields:
                self.fields[name].required = True

    def _freeze(self) -> None:
        for name in self.frozen & set(self.fields):
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_added()
        for name in self.frozen & set(self.fields):
            if self._sent_differs(name):
                fixed = _("Your role may not change this") if name in self.resource.fixed else ""
                self.add_error(name, fixed or _("This can no longer be changed"))
        return cleaned

    def _check_added(self) -> None:
        """What the model asks of its own fields, its form field does not ask of these."""
        for one in self.added:
            try:
                extras.cleaned(one, self.cleaned_data.get(one.path))
            except ValidationError as wrong:
                self.add_error(None, wrong)

    def _sent_differs(self, name: str) -> bool:
        """A disabled field takes no input; one sent by hand with another value is an error, not silence."""
        field, key = self.fields[name], self.add_prefix(name)
        if key not in self.data:
            return False
        sent = field.widget.value_from_datadict(self.data, self.files, key)
        return _changed(field, self.get_initial_for_field(field, name), sent)

    @property
    def values(self) -> dict[str, Any]:
        """The fields that were changed, with their new values."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}


def _changed(field: forms.Field, initial: Any, sent: Any) -> bool:
    field.disabled = False
    try:
        return field.has_changed(initial, sent)
    finally:
        field.disabled = True


def required_fields(resource: Resource) -> list[str]:
    """What people must fill in, by setting (C-31), as far as they may; the model's own rule is in the form already."""
    return [name for name in wanted_fields(resource) if name not in resource.fixed]


def wanted_fields(resource: Resource) -> list[str]:
    key, added = options.required_key(resource.name), [one.path for one in extras.of(resource) if one.required]
    try:
        return [*options.get(key), *added]
    except KeyError:
        return [*getattr(resource, "whole", resource).required_when_entered, *added]


def record_form(resource: Resource, user: Any, record: Record | None = None, **kwargs: Any) -> RecordForm:
    """A form for a new record, or for changing one."""
    resource = seen_by(resource, user)
    cls = _form_class(getattr(resource, "whole", resource))
    if record is None:
        kwargs.setdefault("initial", resource.initial(user))
        record = resource.model()
    return cls(resource=resource, user=user, instance=record, **kwargs)


@lru_cache(maxsize=500)
def _form_class(resource: Resource) -> type[RecordForm]:
    base = resource.form_class() or RecordForm
    made: Any = forms.modelform_factory(
        resource.model, form=base, fields=resource.field_names, formfield_callback=_form_field
    )
    return made


class MomentInput(forms.DateTimeInput):
    """A day and a time to the minute, chosen with what the browser has for it."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def _form_field(field: models.Field, **kwargs: Any) -> Any:
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        kwargs["widget"] = forms.DateInput(format="%Y-%m-%d")
    if isinstance(field, models.DateTimeField):
        kwargs["widget"] = MomentInput()
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    if isinstance(field, models.ManyToManyField):
        kwargs["widget"] = forms.CheckboxSelectMultiple  # ticking needs no Ctrl key and shows what is chosen
    made: Any = field.formfield(**kwargs)
    if made and field.error_messages["blank"] != models.Field.default_error_messages["blank"]:
        made.error_messages["required"] = field.error_messages["blank"]
        made.says_itself = True  # the model has its own words for an empty field
    return made
