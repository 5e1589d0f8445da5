"""What follows from a change of hands, and whom it tells (5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.base.models import SettingsChange, SystemSetting
from liuke.core import clock, options
from liuke.core.events import on
from liuke.core.notices import declare_kind, notify
from liuke.core.written import follow

from .models import Customer
from .models.ownership import keep
from .pool import forget_deadlines, set_deadlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.models import Event, Record

declare_kind("customer.released", "pool", "grey", text=_("%(actor)s put your customer “%(record)s” into the pool"))


@on(Customer, "release")
def released(customer: Customer, event: Event) -> None:
    notify([customer.former_owner], "customer.released", record=customer, event=event)


@follow
def whose_and_how_long(records: Sequence[Record]) -> None:
    """Whoever writes a customer, by whatever verb: the history of owners and the term are true afterwards."""
    customers = [one for one in records if isinstance(one, Customer)]
    if customers:
        keep(customers)
        for one in customers:
            one.how = None
        set_deadlines(Customer.objects.filter(pk__in=[one.pk for one in customers]))


@on(SettingsChange, "apply")
def term_changed(change: SettingsChange, event: Event) -> None:
    """Switching the pool on starts the count that day; a new length counts from what it counted from before."""
    if "pool_days" not in change.summary:
        return
    old, new = change.summary["pool_days"]
    if not new:
        forget_deadlines()
        return
    since = options.get("pool_since") if old else clock.today().isoformat()
    SystemSetting.objects.update_or_create(key="pool_since", defaults={"value": since})
    set_deadlines(Customer.objects.all(), new, since)
