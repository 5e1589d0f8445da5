"""What a customer is worth, as far as modules know it (CUST-24): each signs its figures in.

What they ask the database for, they name; it is asked for all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from liuke.core import clock, statements
from liuke.core.register import resource

from .models import Interaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models import Q, QuerySet

    from liuke.accounts.models import User

    from .models import Customer

    Asker = Callable[[Customer, User], dict[str, Any]]
    Teller = Callable[[Customer, User, dict[str, Any]], list[tuple[str, str, str]]]

MONTHS = 12


@dataclass(frozen=True)
class Worth:
    """Figures with the lists that prove them, and interactions month by month."""

    figures: list[tuple[str, str, str]] = field(default_factory=list)  # (label, value, address)
    months: list[tuple[str, int]] = field(default_factory=list)


_makers: list[tuple[Asker, Teller]] = []


def _nothing(_customer: Customer, _user: User) -> dict[str, Any]:
    return {}


def sign(ask: Asker = _nothing) -> Callable[[Teller], Teller]:
    """Sign a function in: (label, value, address of a list) of what this person may see.

    `ask` names what it needs, as subqueries of one value: {name: subquery}; the function gets {name: value}.
    """

    def sign_in(tell: Teller) -> Teller:
        _makers.append((ask, tell))
        return tell

    return sign_in


def figures_of(customer: Customer, user: User) -> Worth:
    months, found = _months(customer, user), _found(customer, user)
    figures = [figure for _ask, tell in _makers for figure in tell(customer, user, found)]
    total = sum(n for _month, n in months)
    since = f"/interactions/?customer={customer.pk}&date__gte={_first_month().isoformat()}"
    return Worth([(_("Interactions in 12 months"), str(total), since), *figures], months)


def _found(customer: Customer, user: User) -> dict[str, Any]:
    asked = {name: value for ask, _tell in _makers for name, value in ask(customer, user).items()}
    rows = type(customer)._base_manager.filter(pk=customer.pk)
    return rows.annotate(**asked).values(*asked).get() if asked else {}


def _months(customer: Customer, user: User) -> list[tuple[str, int]]:
    seen = resource("interactions").where(user, "view")
    found: dict[date, int] = dict(statements.rows(_by_month, seen, _first_month(), here=customer.pk))
    return [(f"{month:%Y-%m}", found.get(month, 0)) for month in _last_months()]


def _by_month(seen: Q, since: date) -> QuerySet[Any, Any]:
    rows = Interaction.objects.filter(seen, customer=statements.HERE, date__gte=since).order_by()
    return rows.annotate(month=TruncMonth("date")).values("month").annotate(n=Count("pk")).values_list("month", "n")


def _first_month() -> date:
    return _last_months()[0]


def _last_months() -> list[date]:
    """The first days of the last twelve months, the present one last."""
    first = clock.today().replace(day=1)
    numbers = (first.year * 12 + first.month - 1 - back for back in range(MONTHS - 1, -1, -1))
    return [first.replace(year=number // 12, month=number % 12 + 1) for number in numbers]
