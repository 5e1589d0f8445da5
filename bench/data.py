"""A company at scale, the same at every run: people, customers, opportunities, plans and their events."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType

from bench import people, words
from liuke.base.models import DictionaryItem, Industry
from liuke.core.models import Event
from liuke.customers.models import Customer
from liuke.marketing.models import Opportunity, PlanItem, SalesStage

TODAY = date.today()
DAYS = 5 * 365  # the years the data reach back
BATCH = 2_000
# status: share; closed ones pile up over the years
STATUSES = {"unassigned": 5, "assigned": 20, "won": 25, "lost": 50}


def fill(rows: int, seed: int = 7) -> None:
    """`rows` opportunities and what belongs to them."""
    dice = random.Random(seed)
    staff = people.make(dice)
    kept = Kept(dice, staff)
    _insert(Customer, (kept.customer(n) for n in range(1, rows // 2 + 1)))
    _insert(Opportunity, (kept.opportunity(n, rows) for n in range(1, rows + 1)))
    _insert(PlanItem, kept.plan_items())
    _insert(Event, kept.events())


def _insert(model: Any, rows: Iterator[Any]) -> None:
    while batch := list(islice(rows, BATCH)):
        model._base_manager.bulk_create(batch)


class Kept:
    """Makes rows; remembers of each opportunity what plans and events need to know."""

    def __init__(self, dice: random.Random, staff: people.Staff) -> None:
        self.dice, self.staff = dice, staff
        self.stages = list(SalesStage.objects.order_by("position").values_list("pk", flat=True))
        self.industries = list(Industry.objects.values_list("pk", flat=True))
        self.regions = list(DictionaryItem.objects.filter(category="地区").values_list("pk", flat=True))
        self.known: list[tuple[int, str, int, int | None, datetime]] = []

    def _maybe(self, share: float, value: Callable[[], Any]) -> Any:
        return value() if self.dice.random() < share else None

    def _amount(self) -> Decimal:
        return Decimal(int(self.dice.lognormvariate(11, 1.3))).quantize(Decimal("0.01"))

    def customer(self, n: int) -> Customer:
        made = _moment(self.dice, DAYS)
        return Customer(
            id=n, number=f"KH{made:%Y%m%d}{n:07d}", name=words.company(self.dice),
            status=self.dice.choices(("normal", "churned"), (9, 1))[0], owner_id=self.staff.manager(self.dice),
            region_id=self.dice.choice(self.regions), industry_id=self.dice.choice(self.industries),
            phone=f"0{self.dice.randrange(10**9, 10**10)}", created_at=made, updated_at=made,
        )  # fmt: skip

    def opportunity(self, n: int, rows: int) -> Opportunity:
        age = DAYS * (rows - n) / rows
        made = _at(age, self.dice)
        status = self._status(age)
        assignee = None if status == "unassigned" else self.staff.manager(self.dice)
        creator = self.dice.choice(self.staff.finders)
        self.known.append((n, status, creator, assignee, made))
        closed = made + timedelta(days=self.dice.randrange(1, 90)) if status in ("won", "lost") else None
        return Opportunity(
            id=n, number=f"JH{made:%Y%m%d}{n:07d}", status=status, creator_id=creator, assignee_id=assignee,
            customer_name=words.company(self.dice), summary=words.summary(self.dice), source=words.source(self.dice),
            success_rate=self.dice.randrange(0, 101, 5), contact_name=words.person(self.dice),
            contact_phone=f"1{self.dice.randrange(3 * 10**9, 10**10)}", description=words.description(self.dice),
            subject=self._maybe(0.7, lambda: words.subject(self.dice)) or "",
            needed_product=self._maybe(0.5, lambda: words.product(self.dice)) or "",
            purchase_time=self._maybe(0.4, lambda: _day(made, self.dice)),
            amount=self._maybe(0.85, self._amount), budget=self._maybe(0.3, self._amount),
            expected_close=self._maybe(0.8, lambda: _day(made, self.dice)),
            stage_id=None if status == "unassigned" and self.dice.random() < 0.5 else self._stage(),
            region_id=self._maybe(0.8, lambda: self.dice.choice(self.regions)),
            industry_id=self._maybe(0.8, lambda: self.dice.choice(self.industries)),
            customer_id=self.dice.randrange(1, rows // 2) if status == "won" else None,
            created_at=made, updated_at=closed or made, stage_since=made, closed_at=closed,
            assigned_at=made if assignee else None, deleted_at=self._maybe(0.01, lambda: made + timedelta(days=1)),
            lost_reason="价格太高" if status == "lost" else "",
        )  # fmt: skip

    def _status(self, age: float) -> str:
        """What is unassigned or in development is of this year, mostly."""
        if age < 365 or self.dice.random() < 0.02:
            return self.dice.choices(list(STATUSES), (25, 55, 8, 12))[0]
        return self.dice.choices(("won", "lost"), (1, 2))[0]

    def _stage(self) -> int:
        """The first stages are many, the last one is rare."""
        return self.dice.choices(self.stages, [2 ** (len(self.stages) - i) for i in range(len(self.stages))])[0]

    def plan_items(self) -> Iterator[PlanItem]:
        for pk, status, creator, assignee, made in self.known:
            for _n in range(self.dice.randrange(0, 4) if assignee else 0):
                day = _day(made, self.dice) if status != "assigned" else TODAY + timedelta(self.dice.randrange(-20, 60))
                done = status != "assigned" or (day < TODAY and self.dice.random() < 0.9)
                yield PlanItem(
                    opportunity_id=pk, date=day, content=words.step(self.dice), created_by_id=creator,
                    executor_id=assignee if self.dice.random() < 0.7 else self.dice.choice(self.staff.finders),
                    result="已完成" if done else "", executed_at=made if done else None, executed_by_id=assignee,
                    created_at=made, updated_at=made,
                )  # fmt: skip

    def events(self) -> Iterator[Event]:
        kind = ContentType.objects.get_for_model(Opportunity).pk
        for pk, _status, creator, assignee, made in self.known:
            shared = {
                "content_type_id": kind,
                "object_id": pk,
                "object_text": "销售机会",
                "actor_id": creator,
                "at": made,
            }
            yield Event(verb="create", changes={"customer_name": [None, "某公司"]}, **shared)
            if assignee:
                yield Event(verb="assign", changes={"status": ["unassigned", "assigned"]}, **shared)


def _at(age: float, dice: random.Random) -> datetime:
    now = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
    return now - timedelta(days=age) + timedelta(seconds=dice.randrange(8 * 3600))


def _moment(dice: random.Random, days: int) -> datetime:
    return _at(dice.randrange(days), dice)


def _day(made: datetime, dice: random.Random) -> date:
    return made.date() + timedelta(days=dice.randrange(0, 180))
