"""What goes on between a sample customer and its manager once it has been entered."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

from liuke.base.models import Category
from liuke.base.sample import Thread, Words
from liuke.core import clock

from .models import Contact, CreditAssessment, Customer, CustomerCategory, CustomerStatus, Interaction
from .sample_life import CATEGORIES, COURSES, JUDGED, NEXT, ORDER, PLACES, TALKS, UNPAID

if TYPE_CHECKING:
    from liuke.accounts.models import User
    from liuke.base.sample import Diary, Lookup

UNPAID_FIRM = "青岛胶州泽源海产有限公司"
VISITS = (5, 3, 4, 2, 4)  # how often they speak, in turn


def categories(people: dict[str, User]) -> None:
    """The classes the supervisor has thought of."""
    for place, (name, parts) in enumerate(CATEGORIES.items(), start=1):
        wider = CustomerCategory(name=name, position=place * 10).create(by=people["zhuguan"])
        for number, part in enumerate(parts, start=1):
            below = CustomerCategory(name=part, parent=wider, position=place * 10 + number)
            below.create(by=people["zhuguan"])


class Told:
    """What all stories share: texts in turn, and the lists of the house."""

    def __init__(self, diary: Diary, people: dict[str, User], lookup: Lookup) -> None:
        self.diary, self.people, self.lookup = diary, people, lookup
        self.talks, self.order, self.next = Words(TALKS), cycle(ORDER), cycle(NEXT)
        self.statuses = {one.name: one for one in CustomerStatus.objects.alive()}
        self.classes = cycle([*CustomerCategory.objects.alive().exclude(parent=None), None])


class Relation:
    """The way of one customer with its manager, from some days after it was entered."""

    def __init__(self, told: Told, customer: Customer, place: int, ago: int, binned: bool) -> None:
        self.told, self.customer, self.owner, self.ago = told, customer, customer.owner, ago
        self.thread = Thread(told.diary, f"{customer.name} 交往")
        self._talks(VISITS[place % len(VISITS)], last=ago * 0.35 if binned else min(ago * 0.1, 2 + place % 9))
        if not binned:
            self._course(COURSES[place % len(COURSES)])
            self._judged(place)

    def _talks(self, count: int, last: float) -> None:
        first = self.ago * 0.58  # by then everybody there has been entered
        for number in range(count):
            ago = first + (last - first) * number / max(count - 1, 1)
            self.thread.then(ago, lambda final=number == count - 1: self._talk(final))  # type: ignore[misc]

    def _talk(self, final: bool) -> None:
        kind = next(self.told.order)
        summary, detail = self.told.talks.next(kind)
        people = list(Contact.objects.alive().filter(customer=self.customer).order_by("id"))
        contact = self.thread.dice.choice(people) if people else None
        called = f"{contact.name}（{contact.position}）" if contact else "对方"
        promised = next(self.told.next) if final else None
        day = self.told.diary.today + timedelta(days=promised or 0)
        Interaction(
            customer=self.customer, contact=contact, date=clock.today(), place=PLACES.get(kind, kind),
            kind=self.told.lookup.item(Category.INTERACTION, kind), summary=summary, detail=detail.format(who=called),
            next_contact_on=None if promised is None else max(day, clock.today() + timedelta(days=1)),
        ).create(by=self.owner)  # fmt: skip

    def _course(self, course: tuple[tuple[str, float], ...]) -> None:
        thread = Thread(self.told.diary, f"{self.customer.name} 进展")
        for name, part in course:
            status = self.told.statuses[name]
            thread.then(self.ago * part, lambda status=status: self._reach(status))  # type: ignore[misc]
        if chosen := next(self.told.classes):
            many: dict[str, Any] = {"categories": [chosen]}
            thread.then(self.ago * 0.12, lambda: self.customer.update({}, by=self.owner, many=many))

    def _reach(self, status: CustomerStatus) -> None:
        self.customer.set_follow_status(status, by=self.owner)

    def _judged(self, place: int) -> None:
        thread = Thread(self.told.diary, f"{self.customer.name} 信用")
        for turn in range(2 if place % 4 == 0 else place % 2):
            score, basis = JUDGED[(place + turn * 3) % len(JUDGED)]
            thread.then(self.ago * (0.45 - turn * 0.25), lambda told=(score, basis): self._judge(*told))  # type: ignore[misc]
        if self.customer.name == UNPAID_FIRM:
            thread.then(self.ago * 0.05, self._blacklist)

    def _judge(self, score: int, basis: str) -> None:
        CreditAssessment(customer=self.customer, score=score, basis=basis, date=clock.today()).create(by=self.owner)

    def _blacklist(self) -> None:
        self._judge(1, UNPAID)
        listed = self.told.lookup.item(Category.CUSTOMER_TYPE, "黑名单")
        self.customer.update({"type": listed}, by=self.told.people["zhuguan"])
