"""Quantities with three digits after the point, prices with up to six, and money worked out from them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext as _

from liuke.core import formats
from liuke.core.fields import MoneyField

CENT, GRAIN, FINEST = Decimal("0.01"), Decimal("0.001"), Decimal("0.000001")
DIGITS = 15  # of a number: more, SQLite does not hold
MOST = Decimal("999999999999.99")  # what a money column holds
EXACT = Context(prec=200)  # the usual 28 digits would round a long product before it is rounded


class QuantityField(models.DecimalField):
    """A quantity: three digits after the point, not below 0."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"max_digits": 14, "decimal_places": 3, "validators": [MinValueValidator(0)], **kwargs}
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, *_others: Any) -> Any:
        """Told without the zeros its column adds."""
        return value if value is None else short(value)


class PriceField(MoneyField):
    """What one piece costs: sales systems tell thousandths of a yuan, or less. Shown as it is, two digits at least."""

    words_of = staticmethod(formats.price)
    adds_up = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 18, "decimal_places": 6, **kwargs})

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if value is not None and len(value.normalize().as_tuple().digits) > DIGITS:
            raise ValidationError(_("Enter a number of at most 15 digits"))
        return value

    def from_db_value(self, value: Any, *_others: Any) -> Any:
        return value if value is None else formats.cents_at_least(value)


def short(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def must_be_quantity(value: Any, least: Decimal = GRAIN) -> Decimal:
    """The value as a quantity. Raises ValidationError in words people understand."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValidationError({"quantity": [_("Enter a number")]}) from None
    if not number.is_finite() or number < least:
        raise ValidationError({"quantity": [_("Enter a quantity above 0") if least else _("Enter 0 or more")]})
    if number != number.quantize(GRAIN):
        raise ValidationError({"quantity": [_("A quantity has at most three digits after the point")]})
    return short(number)


def worth(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """What so many cost: multiplied with every digit there is and rounded once, to the cent, half a cent up."""
    return cents(EXACT.multiply(quantity, unit_price))


def price(value: Decimal) -> Decimal:
    """As its column keeps it: with all digits there are, up to six after the point. Raises InvalidOperation."""
    places = min(6, max(2, DIGITS - 1 - value.adjusted()))
    return formats.cents_at_least(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT))


def cents(amount: Decimal) -> Decimal:
    """Money to the cent, half a cent up. Raises InvalidOperation for what is no amount."""
    return amount.quantize(CENT, ROUND_HALF_UP, EXACT)
