"""Model fields that know how people read them. A field's class decides how lists, details and forms show it."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class MoneyField(models.DecimalField):
    """An amount in the company's currency with two digits after the point."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("validators", [MinValueValidator(0)])
        super().__init__(*args, **kwargs)


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


class PhoneField(models.CharField):
    """A telephone number as people write it: digits, spaces, + - ( ) and an extension."""

    default_validators = [
        RegexValidator(r"^[0-9+()（）#*,;xX转\-－ ./]*$", _("Enter a telephone number: digits, spaces and + - ( )"))
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


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
