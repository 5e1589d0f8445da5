"""`liuke generate`: a house as large as wanted, to see how Liuke does with it. The same seed makes the same house."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import connection

from liuke.accounts import made_up as accounts
from liuke.accounts.models import User
from liuke.accounts.sample import PEOPLE
from liuke.base.made_up import Dice
from liuke.commerce import made_up as commerce
from liuke.commerce import rollup
from liuke.config.environment import gettext as _
from liuke.core import clock, memory
from liuke.core.search import index
from liuke.core.search.ahead import ahead
from liuke.customers import made_up as customers
from liuke.marketing import made_up as marketing
from liuke.service import made_up as service

BATCH, TOLD = 2_000, 100_000
LARGE = 20_000  # worth a second process


@dataclass(frozen=True)
class Wanted:
    customers: int
    opportunities: int
    interactions: int
    seed: int
    orders: int = 0
    services: int = 0


def generate(wanted: Wanted, sure: bool = False) -> None:
    """Enter that many rows. Raises SystemExit where people work, unless somebody is sure."""
    if not sure and (others := _people()):
        raise SystemExit(
            _("{count} people work in this database. Made-up data belongs in an empty or a demo house; "
              "add --yes if it shall go in here.").format(count=others)
        )  # fmt: skip
    _make_room()
    if wanted.customers >= LARGE:
        memory.settle_for_rows()
    now = clock.now()
    choices = customers.Choices(accounts.managers(Dice(wanted.seed, now).person))
    dice = Dice(wanted.seed, now)
    with ahead(index.write) if wanted.customers >= LARGE else nullcontext():
        _enter(wanted, dice, choices)
    if wanted.orders:
        rollup.rebuild()
    _settle()


def _enter(wanted: Wanted, dice: Dice, choices: customers.Choices) -> None:
    begun = time.monotonic()
    for start in range(0, wanted.customers, BATCH):
        places = range(start, min(start + BATCH, wanted.customers))
        made = customers.enter_customers(dice, choices, places, wanted.customers)
        customers.enter_interactions(dice, choices, made, len(_share(places, wanted.customers, wanted.interactions)))
        chances = _share(places, wanted.customers, wanted.opportunities)
        marketing.enter_opportunities(dice, choices, made, chances, wanted.opportunities)
        commerce.enter_orders(dice, made, len(_share(places, wanted.customers, wanted.orders)))
        service.enter_requests(dice, choices, made, len(_share(places, wanted.customers, wanted.services)))
        if places.stop % TOLD == 0 or places.stop == wanted.customers:
            _tell(places.stop, begun)


def _people() -> int:
    """Those who belong neither to the demo nor to a house made up before."""
    demo = [person.username for person in PEOPLE]
    return User.objects.exclude(username__in=demo).exclude(username__regex=r"^(zg\d{2}|jl\d{4})$").count()


def _share(places: range, of: int, wanted: int) -> range:
    """As large a part of what is wanted as these customers are of all."""
    return range(places.start * wanted // of, places.stop * wanted // of)


def _tell(count: int, begun: float) -> None:
    seconds = time.monotonic() - begun
    print(_("{count} customers, {seconds} s").format(count=f"{count:,}", seconds=f"{seconds:.0f}"), flush=True)


def _make_room() -> None:
    """Indexes of a million rows are written all over: with little memory each row is a walk to the disk."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -256000")


def _settle() -> None:
    """What a database finds out by itself only later: how its values are spread."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
