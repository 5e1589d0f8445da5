"""One page carries the case: the form of its present step, earlier rounds, the customer at hand (ui.md, screen 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Avg, Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liuke.core import clock, formats
from liuke.core.pages import Link
from liuke.core.register import resource
from liuke.customers.tabs import may_write

from . import beside
from .models import ServiceRequest
from .queues import LABELS, QUEUE_OF, cases_of, is_shown, queues_of, url_of

if TYPE_CHECKING:
    from liuke.accounts.models import User
    from liuke.core.forms import VerbForm
    from liuke.core.resource import Verb
    from liuke.customers.models import Customer

STEPS = {"new": "assign", "assigned": "handle", "handled": "feedback"}
SHORT = 300  # of a text that goes into an address


def case_screen(record: ServiceRequest, user: User, tab: str) -> dict[str, Any]:
    queue = QUEUE_OF[record.status]
    customer: Any = resource("customers").find(user, record.customer_id)
    home = url_of(queue if is_shown(queue, user) else "archive")  # who only looks on has no queue to go back to
    shared = {
        "queues": queues_of(user, queue),
        "queue": queue,
        "cases": cases_of(queue, user),
        "customer": customer,  # none for who may not see its file
        "may_call": customer is not None or (user.pk == record.assigned_to_id and not record.is_archived),
        "crumbs": [
            Link(pgettext("menu", "Service"), home),
            Link(str(LABELS[queue][0]), home),
            Link(record.number, "", current=True),
        ],
    }
    if tab != "overview":
        return shared
    verb, form = _step(record, user)
    rounds = list(record.handlings.select_related("handler", "answered_by").order_by("-round"))
    return shared | {
        "step": verb,
        "step_form": form,
        "step_text": str(verb.text(record)) if verb and callable(verb.text) else "",
        "rounds": rounds,
        "matter_rows": _of_matter(record, user),
        "about": about(record, customer, user),
        "at_hand": beside.at_hand(record, user),
        "interaction_url": interaction_url(record) if record.is_archived and _may_write(customer, user) else "",
    }


def _step(record: ServiceRequest, user: User) -> tuple[Verb | None, VerbForm | None]:
    """The form of the present step, for whoever may take it."""
    name = STEPS.get(record.status, "")
    verb = resource("service-requests").verb(name)
    if not verb or not verb.form or record.deleted_at or name not in record.allowed or record.refusal(name, user):
        return None, None
    return verb, verb.form(record=record, user=user, auto_id="step_%s")


def _of_matter(record: ServiceRequest, user: User) -> list[ServiceRequest]:
    """The other requests about the same matter, oldest first (SVC-07)."""
    rows = ServiceRequest.objects.visible_to(user).filter(record.family())
    return list(rows.exclude(pk=record.pk).order_by("id")[:20])


def about(record: ServiceRequest, customer: Customer | None, user: User) -> list[tuple[str, str]]:
    """What one wants to know of the customer while it is on the line, as far as this person may know it."""
    rows: list[tuple[str, Any]] = [(_("This year"), _this_year(record, user))]
    if customer is not None:
        rows = [
            (_("Customer level"), customer.level), (_("Account manager"), customer.owner),
            (_("Phone"), formats.phone(customer.phone)), (_("Satisfaction"), customer.satisfaction), *rows,
        ]  # fmt: skip
    return [(label, str(value or formats.NOTHING)) for label, value in rows]


def _this_year(record: ServiceRequest, user: User) -> str:
    """How often the customer asked, and how it was satisfied: of the requests this person sees, one question."""
    seen = ServiceRequest.objects.visible_to(user).filter(customer=record.customer_id)
    rows = seen.filter(created_at__year=clock.today().year).order_by()
    found = rows.aggregate(n=Count("pk", distinct=True), mean=Avg("handlings__satisfaction"))
    told = _("%(n)s requests") % {"n": found["n"]}
    if found["mean"] is not None:
        told += _(", mean mark %(mark)s") % {"mark": f"{found['mean']:.1f}"}
    return told


def _may_write(customer: Customer | None, user: User) -> bool:
    """Whether the closed case can be written into the customer's file by this person (SVC-13)."""
    return customer is not None and may_write(customer, user)


def interaction_url(record: ServiceRequest) -> str:
    """The form of an interaction, filled in with what the service was about."""
    told = _("Service %(number)s\nRequest: %(request)s\nHandled: %(method)s\nResult: %(result)s") % {
        "number": record.number, "request": record.request[:SHORT], "method": record.method[:SHORT],
        "result": record.result[:SHORT],
    }  # fmt: skip
    return "/interactions/new/?" + urlencode({
        "customer": record.customer_id, "contact": record.contact_id or "", "date": clock.today().isoformat(),
        "kind": "电话", "place": "电话", "summary": _("Service: %(summary)s") % {"summary": record.summary[:80]},
        "detail": told,
    })  # fmt: skip
