"""Sample of churn: customers that fell silent, found by the check of each Saturday, and what their managers did."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from liuke.base.sample import Thread
from liuke.commerce.models import Order, OrderLine
from liuke.commerce.models.orders import Fulfilment
from liuke.core import clock
from liuke.core.jobs import store
from liuke.customers.models import Customer, Interaction
from liuke.customers.sample import traits

from .check import check
from .models import ChurnAlert
from .sample_texts import CASES, GOODS, TALK, Case
from .scoring import score_all

if TYPE_CHECKING:
    from liuke.accounts.models import User
    from liuke.base.sample import Diary, Lookup

ENTERED = 310  # days ago: taken over from the books with all their orders
WEEKS = 44
SATURDAY = 5


def plan(diary: Diary, people: dict[str, User], lookup: Lookup) -> None:
    """Note down who bought how long, what each Saturday found, and what was done about it."""
    for case in CASES:
        _Story(diary, people, lookup, case).plan()
    last = diary.today - timedelta(days=(diary.today.weekday() - SATURDAY) % 7)
    for week in range(WEEKS):
        _at_night(diary, last - timedelta(weeks=week), time(2), "churn-check", check)
    _at_night(diary, diary.today, time(3, 20), "churn-risk", score_all)


def _at_night(diary: Diary, day: Any, hour: time, name: str, work: Any) -> None:
    """As the schedule would have run the job then."""

    def run() -> None:
        begun = store.begin(name, None, "demo")
        store.finish(begun, str(work(clock.today())))

    diary.note(datetime.combine(day, hour, timezone.get_default_timezone()), run)


class _Story:
    """One customer: how it bought, fell silent, and what became of it."""

    def __init__(self, diary: Diary, people: dict[str, User], lookup: Lookup, case: Case) -> None:
        self.diary, self.people, self.case = diary, people, case
        self.thread = Thread(diary, case.name)
        known = traits(lookup, self.thread.dice, *case.place) | {"satisfaction": case.satisfaction}
        self.customer = Customer(name=case.name, owner=people[case.owner], **known)

    def plan(self) -> None:
        self.thread.make(ENTERED, self.customer, self.people[self.case.owner])
        days = [ago for span in self.case.bought for ago in self._days(*span)]
        for place, ago in enumerate(days):
            self._order(ago, self._worth(place, len(days)))
        talk = Interaction(place="电话", summary=TALK[0], detail=TALK[1])
        Thread(self.diary, f"{self.case.name} 电话").then(self.case.talked, lambda: self._talk(talk))
        for ago, by, act, text in self.case.acts:
            Thread(self.diary, f"{self.case.name} {ago}").then(ago, partial(self._act, act, by, text))

    def _days(self, first: int, last: int, gap: int) -> list[int]:
        """From the first to exactly the last one, about a gap apart."""
        days = list(range(last, first + 1, gap))[::-1]
        return [ago + self.thread.dice.randrange(-4, 5) if last < ago < first else ago for ago in days]

    def _worth(self, place: int, of: int) -> Decimal:
        share = {3: 1.05, 2: 0.8, 1: 0.45}.get(of - place, 1.0) if self.case.falls else 1.0
        return Decimal(round(self.case.amount * share * self.thread.dice.uniform(0.9, 1.12))) * 100

    def _order(self, ago: int, worth: Decimal) -> None:
        """Those of before are taken over with the customer, later ones come in their turn; both by the sales system."""
        goods, day = self.thread.dice.choice(GOODS), self.diary.today - timedelta(days=ago)

        def enter() -> None:
            on = min(day, clock.today())  # what falls on a weekend is entered on the Friday before
            order = Order(customer=self.customer, order_date=on, delivery_address=self.customer.address)
            order.fulfilment, order.status = Fulfilment.PAID, Order.Status.COMPLETED
            order.create(by=None)
            OrderLine(order=order, product_name=goods, quantity=1, unit="批", unit_price=worth).create(by=None)

        self.thread.then(min(ago, ENTERED), enter)

    def _talk(self, talk: Interaction) -> None:
        """As long as the file is open."""
        self.customer.refresh_from_db()
        if self.customer.status == Customer.Status.NORMAL:
            talk.customer, talk.date = self.customer, clock.today()
            talk.create(by=self.people[self.case.owner])

    def _act(self, act: str, by: str, text: str) -> None:
        person = self.people[by]
        if act == "reactivate":
            self.customer.refresh_from_db()
            self.customer.reactivate(text, by=person)
            return
        alert = ChurnAlert.objects.filter(customer=self.customer).latest("pk")
        getattr(alert, act)(text, by=person)
