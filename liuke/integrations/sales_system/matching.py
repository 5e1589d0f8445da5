"""Whose order it is: linked by hand, by external number, by name, by the name without its legal form.

Who was found in one of these ways is remembered: whoever is given another name, there or here, keeps its orders. Whom a
person ignores is nobody, even when the name fits.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from liuke.core.many.alike import alike
from liuke.core.many.pouring import pour_new, repour
from liuke.customers.models import Customer
from liuke.customers.naming import name_key

from .models import SourceCustomer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

REMEMBERED = 50_000  # customers kept in mind during a run


class Buyer:
    """A customer as the sales system names it."""

    __slots__ = ("key", "name", "number")

    def __init__(self, key: str, number: str, name: str) -> None:
        self.key, self.number, self.name = key, number, name


class Matcher:
    """Finds customers for many buyers at once: a handful of questions a batch, whatever its size."""

    def __init__(self, ways: tuple[str, ...], remembers: bool = True) -> None:
        self.ways, self.remembers = ways, remembers
        self.known: dict[str, int] = {}

    def find(self, buyers: Iterable[Buyer]) -> dict[str, int]:
        """{key: id of the customer}. Who is nobody here, or could be two of them, is left out."""
        wanted = {buyer.key: buyer for buyer in buyers}
        asked = {key: buyer for key, buyer in wanted.items() if key not in self.known}
        if asked:
            self._remember(self._look_up(asked))
        return {key: self.known[key] for key in wanted if key in self.known}

    def _look_up(self, asked: dict[str, Buyer]) -> dict[str, int]:
        told = _told(asked)
        found = {key: customer for key, (status, customer) in told.items() if status == "linked" and customer}
        open_ones = {key for key in asked if key not in found and told.get(key, ("", 0))[0] != "ignored"}
        for way in self.ways:
            if left := [asked[key] for key in open_ones - found.keys()]:
                found |= WAYS[way](left)
        before = {key: told[key][1] for key in open_ones & told.keys() if told[key][0] == "matched" and told[key][1]}
        if self.remembers:
            matched = {key: found[key] for key in open_ones & found.keys() if before.get(key) != found[key]}
            _keep([asked[key] for key in matched], matched)
        return before | found

    def _remember(self, found: dict[str, int]) -> None:
        if len(self.known) + len(found) > REMEMBERED:
            self.known = {}
        self.known |= found


def _told(keys: Iterable[str]) -> dict[str, tuple[str, int]]:
    """{key: (status, id of a customer that is there, or 0)} of those seen before."""
    rows = SourceCustomer.objects.filter(key__in=list(keys))
    told = rows.values_list("key", "status", "customer_id", "customer__deleted_at")
    return {key: (status, 0 if deleted or not customer else customer) for key, status, customer, deleted in told}


def _keep(buyers: list[Buyer], found: dict[str, int]) -> None:
    """Who was found for these; what a person has said meanwhile stays."""
    if not buyers:
        return
    rows = SourceCustomer.objects.filter(key__in=list(found)).values_list("key", "pk", "status")
    known = {key: (pk, status) for key, pk, status in rows}
    matched = SourceCustomer(status="matched")
    repour(alike(matched, (
        {"id": pk, "customer_id": found[key]} for key, (pk, status) in known.items() if status in ("waiting", "matched")
    )), ["status", "customer"])  # fmt: skip
    pour_new(alike(matched, (
        {"key": one.key, "external_number": one.number, "name": one.name or one.number, "customer_id": found[one.key]}
        for one in buyers if one.key not in known
    )))  # fmt: skip


def _by(field: str, value_of: Callable[[Buyer], str]) -> Callable[[list[Buyer]], dict[str, int]]:
    def find(buyers: list[Buyer]) -> dict[str, int]:
        values = {buyer.key: value for buyer in buyers if (value := value_of(buyer))}
        rows = list(_rows(field, set(values.values())))
        often = Counter(value for value, _pk in rows)
        one = {value: pk for value, pk in rows if often[value] == 1}  # two of a name: a person has to say which
        return {key: one[value] for key, value in values.items() if value in one}

    return find


def _rows(field: str, values: set[str]) -> Any:
    if not values:
        return []
    return Customer.objects.alive().filter(**{f"{field}__in": values}).order_by().values_list(field, "pk")


WAYS: dict[str, Callable[[list[Buyer]], dict[str, int]]] = {
    "external_number": _by("external_number", lambda buyer: buyer.number),
    "name": _by("name", lambda buyer: buyer.name),
    "normalised_name": _by("name_key", lambda buyer: name_key(buyer.name)),
}
