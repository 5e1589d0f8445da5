"""Whether a customer is there already: told to who enters one, and to who asks, across the borders of what he sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from liuke.core.conditions import starting
from liuke.core.field_rights import is_hidden, reading_out
from liuke.core.register import resource
from liuke.core.resource import marked

from .models import Customer
from .naming import customer_key, phone_key, whole_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

MOST = 5
SHORTEST_PHONE = 7  # digits: fewer are an extension, not a number
SHORTEST_START = 4  # letters of a key that count as the beginning of another


@dataclass(frozen=True)
class Similar:
    """A customer like the one that was named. Who may not see it learns that it exists and whose it is, no more."""

    name: str
    owner: str  # "" in the pool
    url: str = ""


def similar_to(user: Any, name: str, phone: str = "", kind: str = "", but: int = 0) -> list[Similar]:
    """Customers of the same name or telephone, then those of this person's own view whose names begin alike."""
    with reading_out(user):
        found = [_told(one, name or phone) for one in _same(user, name, phone, kind, but)]
        if found or kind == Customer.Kind.INDIVIDUAL:  # people share names and the beginnings of names
            return found
        return [Similar(one.name, str(one.owner or ""), _url(one)) for one in near(user, name, but)[:MOST]]


def same_as(user: Any, name: str, phone: str) -> list[Similar]:
    """Customers of just this name or telephone, all told as to somebody who does not see them."""
    asked = name.strip() or phone.strip()
    with reading_out(user):
        return [Similar(asked, str(one.owner or "")) for one in _same(user, name, phone, "", 0)]


def _same(user: Any, name: str, phone: str, kind: str, but: int) -> Iterable[Any]:
    same, digits = Q(pk__in=[]), "" if is_hidden(Customer, "phone", user) else phone_key(phone)
    if key := customer_key(kind, name, phone):
        same |= Q(name_key=key)
    if len(digits) >= SHORTEST_PHONE:
        same |= Q(phone_key=digits)
    rows = marked(Customer.objects.alive(), (("view", resource("customers").where(user)),))
    return rows.filter(same).exclude(pk=but).select_related("owner").order_by("pk")[:MOST]


def near(user: Any, name: str, but: int = 0) -> QuerySet[Customer]:
    """Customers this person sees whose names begin like this one, its branches among them, or that it begins like."""
    key = whole_of(customer_key("", name, ""))
    if not key:
        return Customer.objects.none()
    starts = [key[:length] for length in range(SHORTEST_START, len(key))]
    rows = Customer.objects.visible_to(user).filter(starting("name_key", key) | Q(name_key__in=starts))
    return rows.exclude(pk=but).select_related("owner").order_by("name_key", "pk")


def _told(customer: Any, asked: str) -> Similar:
    owner = str(customer.owner or "")
    return Similar(customer.name, owner, _url(customer)) if customer.may_view else Similar(asked, owner)


def _url(customer: Any) -> str:
    return f"/customers/{customer.pk}/"
