"""The customer dossier on paper: all facts and the sections modules sign in, by the rights of whoever prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from liuke.core import audit
from liuke.core.doors.common import find, page_title, require, screen
from liuke.core.doors.details import fact_groups
from liuke.core.field_rights import reading_out
from liuke.core.register import resource

from . import tabs
from .models import Customer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from liuke.accounts.models import User

    Rows = Callable[[Customer, Any], list[Any]]

MOST = 500  # rows of a section


@dataclass(frozen=True)
class Section:
    """A heading and rows; its template prints `rows` and nothing else."""

    order: int
    title: Any
    template: str
    rows: Rows


_sections: list[Section] = []


def section(order: int, title: Any, template: str) -> Callable[[Rows], Rows]:
    """Sign a function in: it returns what the reader may see, at most MOST rows."""

    def sign_in(rows: Rows) -> Rows:
        _sections.append(Section(order, title, template, rows))
        return rows

    return sign_in


@section(10, lazy("Contacts"), "customers/dossier/contacts.html")
def contacts(customer: Customer, user: User) -> list[Any]:
    return list(tabs.contact_rows(customer, user).order_by("id")[:MOST])


@section(30, lazy("Credit assessments"), "customers/dossier/credit.html")
def credit(customer: Customer, user: User) -> list[Any]:
    return list(tabs.credit_rows(customer, user).select_related("created_by").order_by("-id")[:MOST])


@section(40, lazy("Interactions"), "customers/dossier/interactions.html")
def interactions(customer: Customer, user: User) -> list[Any]:
    rows = tabs.interaction_rows(customer, user).select_related("kind", "contact", "created_by")
    return list(rows.order_by("-happened_at", "-id")[:MOST])


def _rows(ordered: list[Section], customer: Customer, user: Any) -> list[tuple[Section, list[Any]]]:
    with reading_out(user):
        return [(one, one.rows(customer, user)) for one in ordered]


@require_safe
def dossier_page(request: HttpRequest, pk: int) -> HttpResponse:
    customers = resource("customers")
    require(request.user, customers, "view")
    customer = find(request.user, customers, pk)
    ordered = sorted(_sections, key=lambda one: one.order)
    title = _("Customer dossier")
    context = {
        "page_title": page_title(customer.name, title),
        "title": title,
        "record": customer,
        "groups": fact_groups(customers, customer, request.user),
        "sections": _rows(ordered, customer, request.user),
        "back_url": f"/customers/{pk}/",
    }
    audit.note("print", by=request.user, record=customer)
    return screen(request, "customers/dossier.html", context)
