"""The pool on the screens: buttons, scenes, the history of owners, its entry in the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.core import clock, menu, options
from liuke.core.register import resource
from liuke.core.resource import Scene, Tab, Verb

from .. import handing, pool_listeners  # noqa: F401  they are known from now on
from ..models import Customer, Ownership
from ..pool import IN_POOL
from ..pool_forms import NewOwnerForm, OptionalReasonForm

if TYPE_CHECKING:
    from datetime import date

    from liuke.accounts.models import User

POOL = Scene("pool", _("Customer pool"), lambda resource, user: IN_POOL)
EXPIRING = Scene("expiring", _("Close to the pool"), lambda resource, user: Q(pool_deadline__lte=_soon()))


def _soon() -> date:
    from datetime import timedelta

    return clock.today() + timedelta(days=options.get("pool_remind_days"))


def _held(customer: Any) -> bool:
    return customer.owner_id is not None


def _pooled(customer: Any) -> bool:
    return customer.owner_id is None


VERBS = (
    Verb("claim", _("Claim"), None, "user-check", "primary", batch=True, listed=True,
         done=_("Claimed, you are the manager now"), text=_("You become the account manager of this customer"),
         when=_pooled),
    Verb("assign", _("Assign"), NewOwnerForm, "user-share", batch=True, done=_("Assigned successfully"), when=_pooled,
         text=_("The customer leaves the pool; the new account manager is notified")),
    Verb("transfer", _("Transfer"), NewOwnerForm, "arrows-exchange", batch=True, when=_held,
         text=_("The customer with everything in its file goes to another account manager; both are notified")),
    Verb("release", _("Put into the pool"), OptionalReasonForm, "pool", batch=True, when=_held,
         text=_("The customer has no manager then, and others may claim it")),
    Verb("copy", _("Copy"), None, "copy", done=_("Copied, this is the new customer"),
         text=_("A new customer with the same data is entered; contacts and history stay with this one")),
)  # fmt: skip


def offered(user: User, action: str, rows: Q) -> Q:
    """The rows of a list with a button for the act: those in the pool are claimed, nobody's others."""
    return rows & IN_POOL & Q(status="normal") if action in ("claim", "assign") else rows


def reach(action: str, rows: Q) -> Q:
    """New customers may be put into the pool by whoever enters his own."""
    return rows | IN_POOL if rows and action in ("create", "import") else rows  # no condition: everything


def owners_of(customer: Customer, user: User) -> dict[str, Any]:
    rows = Ownership.objects.filter(customer=customer).select_related("owner", "by")
    return {"ownerships": rows.order_by("-since", "-id")[:200]}


OWNERS = Tab("owners", _("Ownership history"), "customers/_owners.html", owners_of)

menu.declare_entry(
    "customers", 50, _("Customer pool"), "/customers/?scene=pool", "pool",
    lambda user: resource("customers").may(user, "view"),
)  # fmt: skip
