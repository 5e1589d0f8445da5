"""Model fields that know how people read them. A field's class decides how lists, details and forms show it."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


class MoneyField(models.DecimalField):
    """An amount in the company's currency with two digits after the point."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("validators", [MinValueValidator(0)])
        super().__init__(*args, **kwargs)


class DerivedField(models.CharField):
    """What follows from other fields, kept to be found by: worked out at each save, shown and told nowhere.

    `make` gets the values of the fields named in `of`, in their order.
    """

    def __init__(self, *args: Any, make: Callable[..., str] | None = None, of: tuple[str, ...] = (), **kwargs: Any):
        self.make, self.of = make, of
        kwargs |= {"editable": False, "blank": True, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("editable", "blank", "default"):
            kwargs.pop(key, None)
        return name, path, args, kwargs

    def derive(self, values: Callable[[str], Any]) -> str:
        if self.make is None:  # in a migration, which knows columns but not what they mean
            return str(values(self.name))
        return self.make(*(values(name) for name in self.of))[: self.max_length]

    def pre_save(self, model_instance: Any, add: bool) -> str:
        value = self.derive(partial(getattr, model_instance))
        setattr(model_instance, self.attname, value)
        return value


class PercentField(models.PositiveSmallIntegerField):
    """A whole number from 0 to 100."""

    default_validators = [
        MinValueValidator(0, _("Enter a whole number from 0 to 100")),
        MaxValueValidator(100, _("Enter a whole number from 0 to 100")),
    ]

    def formfield(self, **kwargs: Any) -> Any:
        bounds = {"min_value": 0, "max_value": 100}
        field = super().formfield(**{**bounds, **kwargs})
        wrong = _("Enter a whole number from 0 to 100")
        field.error_messages |= {"invalid": wrong, "min_value": wrong, "max_value": wrong}
        field.validators = list(self.default_validators)
        return field


class StarsField(models.PositiveSmallIntegerField):
    """One to five stars."""

    stars = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [(n, "★" * n + "☆" * (5 - n)) for n in range(1, 6)])
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"coerce": int, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, path, args, kwargs


class RankField(models.PositiveSmallIntegerField):
    """One of a few choices that have an order, kept as a number and told in words."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"coerce": int, **kwargs})


class PhoneField(models.CharField):
    """A telephone number as people write it: digits, spaces, + - ( ) and an extension."""

    default_validators = [
        RegexValidator(r"^[0-9+()（）#*,;xX转\-－ ./]*$", _("Enter a telephone number: digits, spaces and + - ( )"))
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class YearField(models.PositiveSmallIntegerField):
    """A calendar year: a number without separators."""

    words_of = staticmethod(str)


class DaysLeftField(models.DateField):
    """A day on which something ends; people read how many days are left, the last three in amber."""

    SOON = 3

    def html_of(self, value: date) -> Markup:
        from liuke.core import clock

        left = (value - clock.today()).days
        words = ngettext("%(n)s day", "%(n)s days", left) % {"n": left}
        if left > self.SOON:
            return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), words)
        return Markup('<span class="bdg amber">{}</span>').format(words)


class LongTextField(models.TextField):
    """Text of several lines with a limit that holds on every database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 5000)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, instance: Any) -> Any:
        from django.core.validators import MaxLengthValidator

        value = super().clean(value, instance)
        if value:
            MaxLengthValidator(self.max_length)(value)
        return value


class NumberField(models.DecimalField):
    """Any number people keep: told without the zeros its column adds, and exact in every database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 6)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if value is None:
            return None
        if not value.is_finite() or len(value.normalize().as_tuple().digits) > 15:  # more, SQLite does not hold
            raise ValidationError(_("Enter a number of at most 15 digits"))
        return _short(value)

    def from_db_value(self, value: Any, *_others: Any) -> Any:
        return value if value is None else _short(value)


def _short(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


class YesNoField(models.BooleanField):
    """Yes, no, or not known yet: asked with a select, for a box that is not ticked would say no."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "null": True, "blank": True})

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": YesNoChoice, **kwargs})


class YesNoChoice(forms.TypedChoiceField):
    schema = {"type": ["boolean", "null"]}

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", "--"), ("true", _("Yes")), ("false", _("No"))]
        super().__init__(**{"choices": choices, "coerce": _is_true, "empty_value": None, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return str(value).lower() if isinstance(value, bool) else value

    @staticmethod
    def from_json(value: Any) -> str:
        if not isinstance(value, bool):
            raise ValidationError(_("Send true or false"))
        return str(value).lower()


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
