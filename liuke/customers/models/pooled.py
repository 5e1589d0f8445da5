"""A customer has one manager, or lies in the pool where anybody may claim it (POOL-01…03, C-20)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, options
from liuke.core.fields import DaysLeftField
from liuke.core.models import Record
from liuke.core.models.event import UNTOLD
from liuke.core.refusals import Forbidden, Refused
from liuke.core.verbs import hold, verb

from .ownership import Ownership

if TYPE_CHECKING:
    from liuke.accounts.models import User

How = Ownership.How
UNTOLD.add("pool_from")  # that a term begins anew is no news of its own


class Pooled(Record):
    """Goes from hand to hand by these verbs only; an edit never empties the owner, nor takes one out of the pool."""

    pool_from = models.DateTimeField(lazy("Term counted from"), null=True, editable=False)
    pool_deadline = DaysLeftField(lazy("Days to expiry"), null=True, editable=False)

    how: str | None = None  # the way it changes hands just now, for the history of owners
    former_owner: User | None = None  # whom a verb took it from, for those who tell him

    if TYPE_CHECKING:
        owner: Any
        owner_id: int | None

    class Meta:
        abstract = True

    def fill(self, by: Any) -> None:
        super().fill(by)
        self.pool_from = clock.now()

    def adjust(self, values: dict[str, Any]) -> None:
        super().adjust(values)
        if "owner" in values and (new := getattr(values["owner"], "pk", values["owner"])) != self.owner_id:
            if self.how is None and None in (new, self.owner_id):
                raise ValidationError({"owner": _("Use “Put into the pool”, “Claim” or “Assign” for this")})
            self.former_owner, self.pool_from = self.owner, clock.now()
        restored = "deleted_at" in values and self.deleted_at and values["deleted_at"] is None
        if restored or values.get("status", self.status) != self.status:
            self.pool_from = clock.now()  # what was just restored or reactivated does not go to the pool the same night

    @verb
    def transfer(self, owner: User, reason: str = "", *, by: Any) -> None:
        """Hand it to another normal user; both learn of it (CUST-13, C-16)."""
        if owner.pk == self.owner_id:
            raise ValidationError({"owner": [_("This person is the manager already")]})
        self._give(owner, How.TRANSFERRED)

    @verb
    def assign(self, owner: User, reason: str = "", *, by: Any) -> None:
        """Give it to somebody out of the pool (POOL-02)."""
        self._give(owner, How.ASSIGNED)

    @verb
    def release(self, reason: str = "", *, by: Any) -> None:
        """Put it into the pool, where others may claim it (POOL-01)."""
        self.how = How.RELEASED
        self.change(owner=None)

    @verb
    def claim(self, *, by: Any) -> None:
        """Take it out of the pool; of many who try at once exactly one succeeds (POOL-02)."""
        self._give(by, How.CLAIMED)

    def guard_transfer(self, by: Any) -> None:
        if self.owner_id is None:
            raise Refused(_("This customer is in the pool: claim or assign it"), "in_pool")

    guard_release = guard_transfer

    def guard_assign(self, by: Any) -> None:
        if self.owner_id is not None:
            raise Refused(_("This customer is not in the pool, it has a manager"), "not_in_pool")

    def guard_claim(self, by: Any) -> None:
        self.guard_assign(by)
        hold(by)  # one claim of a person at a time, or two would both be the last one allowed
        if not by.is_active:
            raise Forbidden
        self._must_have_rested(by)
        _must_be_below_limit(by)

    def _give(self, owner: User, how: str) -> None:
        hold(owner)
        if not owner.is_active:
            raise ValidationError({"owner": [_("%(name)s is disabled and cannot be chosen") % {"name": owner.name}]})
        self.how = how
        self.change(owner=owner)

    def _must_have_rested(self, by: Any) -> None:
        """Nobody keeps a customer by dropping and claiming it in turn (S-08)."""
        ends = Ownership.objects.filter(customer=self.pk, owner=by.pk).exclude(until=None)
        if last := ends.order_by("-since").values_list("until", flat=True).first():
            free_on = timezone.localdate(last) + timedelta(days=options.get("pool_reclaim_days"))
            if clock.today() < free_on:
                message = _("You had this customer until lately, you can claim it from %(day)s on")
                raise Refused(message % {"day": free_on.isoformat()}, "claimed_lately")


def _must_be_below_limit(by: Any) -> None:
    limit = options.get("pool_claim_limit")
    held = Ownership.objects.filter(owner=by.pk, until=None, how=How.CLAIMED, customer__deleted_at=None)
    if held.count() >= limit:
        message = _("You have claimed %(limit)s customers, which is the limit; release some first")
        raise Refused(message % {"limit": limit}, "claim_limit")
