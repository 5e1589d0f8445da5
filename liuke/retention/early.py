"""Customers on the way to an alert (CHURN-07): shown in the customer list, told to their managers by each check."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from liuke.accounts.models import User
from liuke.base.models import SystemSetting
from liuke.core import clock, options
from liuke.core.notices import notify
from liuke.core.options import Option
from liuke.core.verbs import in_transaction
from liuke.customers.models import Customer

from .silence import line_of, silent_before, silent_since

if TYPE_CHECKING:
    from collections.abc import Iterator

TOLD = "churn_early_told"  # {months: the day of the check that last told who came to that step}
options.declare(Option(TOLD, {}, "hidden", ""))


def steps() -> list[int]:
    """The months of silence that are told early, the shorter first; only such as come before an alert."""
    months = {options.get("churn_early_first"), options.get("churn_early_second")}
    return sorted(one for one in months if one < options.get("churn_months"))


def band(place: int, today: date | None = None) -> Q:
    """Customers silent for longer than the first (0) or second (1) step, and not yet for the next one."""
    today, known = today or clock.today(), steps()
    if place >= len(known):
        return Q(pk__in=[])
    ends = known[place + 1] if place + 1 < len(known) else options.get("churn_months")
    return Q(status="normal") & silent_before(line_of(today, known[place])) & silent_since(line_of(today, ends))


def tell(today: date) -> None:
    """Each manager hears how many of his customers came to a step since the check before, however long ago that was.

    The first check tells all that are there: of those nobody has told anything yet. It is noted in the same
    transaction, so that a check that is broken off and done again tells once.
    """
    in_transaction(partial(_tell, today))


def _tell(today: date) -> None:
    people = {user.pk: user for user in User.objects.filter(status="normal")}
    told = options.get(TOLD)
    for place, months in enumerate(steps()):
        for owner, count in _new_ones(place, months, today, told.get(str(months))):
            if owner in people:
                kind = "churn.early_first" if place == 0 else "churn.early_second"
                notify(people[owner], kind, day=today, url=f"/customers/?scene=silent_{place + 1}&owner={owner}",
                       count=count, months=months)  # fmt: skip
    days = {str(months): today.isoformat() for months in steps()}
    SystemSetting.objects.update_or_create(key=TOLD, defaults={"value": days})


def _new_ones(place: int, months: int, today: date, told: str | None) -> Iterator[Any]:
    """(owner, how many): those that were not yet silent for so long when it was told last."""
    fresh = band(place, today)
    if told:
        fresh &= silent_since(line_of(date.fromisoformat(told), months))
    rows = Customer.objects.filter(fresh, deleted_at=None, owner__isnull=False)
    return iter(rows.order_by("owner").values_list("owner").annotate(Count("pk")))
