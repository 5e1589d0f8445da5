"""What follows from changes in the customer file, and whom it tells (5.4: owner and former owner learn in time)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.accounts.mentions import mentioned
from liuke.core.display import shown
from liuke.core.events import on
from liuke.core.notices import declare_kind, notify
from liuke.core.written import follow

from .models import CreditAssessment, Customer, Interaction
from .models.interactions import followed
from .pool import set_deadlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.accounts.models import User
    from liuke.core.models import Event, Record

TOLD = ("name", "level", "type", "follow_status", "categories", "status")

declare_kind("customer.changed", "pencil", "blue", text=_("%(actor)s changed customer “%(record)s”: %(what)s"))
declare_kind("customer.given", "user-check", "blue", text=_("%(actor)s made you account manager of “%(record)s”"))
declare_kind(
    "customer.taken", "arrows-exchange", "grey", text=_("%(actor)s gave your customer “%(record)s” to %(owner)s")
)
declare_kind("customer.mentioned", "at", "blue", text=_("%(actor)s mentioned you at customer “%(record)s”: %(text)s"))


@on(Customer, "update", "set_follow_status", "transfer", "assign")
def changed(customer: Customer, event: Event) -> None:
    """The owner hears of what others change; a change of owner is told to both."""
    if "owner" in event.changes:
        notify([customer.owner], "customer.given", record=customer, event=event)
        notify(
            [customer.former_owner], "customer.taken", record=customer, event=event, owner=str(customer.owner or "--")
        )
    elif what := [str(shown(Customer, name).label) for name in TOLD if name in event.changes]:
        notify([customer.owner], "customer.changed", record=customer, event=event, what="、".join(what))


@on(CreditAssessment, "create")
def assessed(assessment: CreditAssessment, event: Event) -> None:
    """The newest assessment is the customer's credit."""
    if assessment.customer.credit != assessment.score:
        assessment.customer.update({"credit": assessment.score}, by=event.actor)


@on(Interaction, "create", "update")
def called(interaction: Interaction, event: Event) -> None:
    """Colleagues named in the text are told, if they may see the customer at all."""
    old, new = event.changes.get("detail", ("", ""))
    before = {person.pk for person in mentioned(old)}
    people = [person for person in mentioned(new) if person.pk not in before and _sees(person, interaction)]
    url, text = f"/customers/{interaction.customer_id}/?tab=timeline", interaction.summary
    notify(people, "customer.mentioned", record=interaction.customer, event=event, url=url, text=text)


def _sees(person: User, interaction: Interaction) -> bool:
    return bool(Interaction.objects.visible_to(person).filter(pk=interaction.pk).exists())


@follow
def spoken(records: Sequence[Record]) -> None:
    """Whatever happens to interactions, the customers' last follow-up is that of the newest one."""
    if records and isinstance(records[0], Interaction):
        customers = {record.customer_id for record in records if isinstance(record, Interaction)}
        followed(customers)
        set_deadlines(Customer.objects.filter(pk__in=customers))
