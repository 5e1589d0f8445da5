"""Sample service: requests come in, are assigned, handled, answered, sometimes handled again, and archived."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from liuke.base.models import Category
from liuke.base.sample import Thread
from liuke.core import clock
from liuke.core.links import link_to
from liuke.customers.models import Contact, Customer
from liuke.workspace.models import Task

from . import sample_articles
from .jobs import service_due
from .models import Complaint, FollowUpVisit, ServiceAgreement, ServiceRequest
from .models.visits import TO_DO
from .sample_texts import AGREEMENTS, CALLED_BACK, CASES, COMPLAINTS, ENTERED_BY, ESCALATED, HANDED_ON, Case, Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liuke.accounts.models import User
    from liuke.base.sample import Diary, Lookup

SUPERVISOR = "zhuguan"
UNHAPPY = "%s：与客户谈一次不满意的原因"
CALLED_BACK_ON = (165, 9, -4)  # days ago: from when on, until when and how often customers are called back
HANDED_PLACE = 4  # the case that goes from one to another before it is handled


def plan(diary: Diary, people: Mapping[str, User], lookup: Lookup, entered: Mapping[str, Customer]) -> None:
    """Note down what was promised, then the way of every request."""
    for firm, ago, kind, response, onsite, around in AGREEMENTS:
        customer = next(one for name, one in entered.items() if name.startswith(firm))
        Thread(diary, f"保障 {firm}").then(ago, partial(_agree, customer, people, kind, response, onsite, around))
    midnight = datetime.combine(diary.today, time(), timezone.get_default_timezone())
    diary.note(midnight, lambda: service_due(diary.today))
    for place, case in enumerate(CASES):
        _Story(diary, people, lookup, entered, case, place).tell()
    sample_articles.plan(diary, people, lookup)
    for said in COMPLAINTS:
        customer = next(one for name, one in entered.items() if name.startswith(said.firm))
        _complain(Thread(diary, f"投诉 {said.content[:8]}"), people, lookup, customer, said)

    for ago in range(*CALLED_BACK_ON):
        Thread(diary, f"回访 {ago}").then(ago, partial(_call_back, people))


def _call_back(people: Mapping[str, User]) -> None:
    """Service staff phone whoever is due, or hand out a link; now and then nobody is reached."""
    done = FollowUpVisit.objects.exclude(status__in=TO_DO).count()
    due = FollowUpVisit.objects.filter(status__in=TO_DO, due_on__lte=clock.today()).order_by("due_on", "id")
    for place, visit in enumerate(due, start=done):
        mark, said = CALLED_BACK[place % len(CALLED_BACK)]
        if not mark:
            visit.give_up(said, by=people["kefu"])
        elif place % 3 == 1:
            link = visit.send(by=people["kefu"])
            visit.answer(link.split("/")[2], mark, said, by=None)
        else:
            visit.record(mark, said, by=people["kefu"])


def _complain(
    thread: Thread, people: Mapping[str, User], lookup: Lookup, customer: Customer, said: Said
) -> None:  # fmt: skip
    """It is recorded, looked into, and closed or raised to a service request, as far as it has come by today."""
    made: list[Complaint] = []
    staff = people[said.staff]

    def record() -> None:
        known = Customer.objects.get(pk=customer.pk)
        made.append(Complaint(
            customer=known, contact=Contact.objects.alive().filter(customer=known).order_by("id").first(),
            category=lookup.item(Category.COMPLAINT, said.category), content=said.content, staff=staff,
            complained_at=clock.now(),
        ).create(by=people["kefu"]))  # fmt: skip

    thread.then(said.ago, record)
    if said.taken:
        thread.then(said.ago, lambda: made[0].accept(by=staff))
    if said.raised:
        thread.then(said.ago, lambda: made[0].raise_request(said.raised, by=people["kefu"]))
    if said.result:
        thread.then(max(0, said.ago - said.took), lambda: made[0].close(said.result, by=staff))


def _agree(
    customer: Customer, people: Mapping[str, User], kind: str, response: int, onsite: int | None, around: bool
) -> None:  # fmt: skip
    ServiceAgreement(
        customer=Customer.objects.get(pk=customer.pk), name=f"{customer.name[:4]}服务保障", kind=kind,
        response_hours=response, onsite_hours=onsite, around_the_clock=around,
        valid_from=clock.today(), valid_to=clock.today() + timedelta(days=365),
    ).create(by=people[SUPERVISOR])  # fmt: skip


class _Story:
    def __init__(
        self, diary: Diary, people: Mapping[str, User], lookup: Lookup, entered: Mapping[str, Customer], case: Case,
        place: int,
    ) -> None:  # fmt: skip
        self.people, self.lookup, self.case, self.place = people, lookup, case, place
        self.customer = next(one for name, one in entered.items() if name.startswith(case.firm))
        self.thread = Thread(diary, case.summary)
        self.ago = case.ago
        self.request: ServiceRequest

    def tell(self) -> None:
        self.thread.then(self.ago, self._called)
        if not self.case.who:
            return
        first = "kefu" if self.place == HANDED_PLACE else self.case.who
        self._then(0, lambda: self.request.assign(self.people[first], by=self.people[SUPERVISOR]))
        if self.case.first[0]:
            self._round(*self.case.first)
        if self.place == HANDED_PLACE:
            self._then(0, self._hand_on)
        if self.case.method:
            self._round(self.case.method, self.case.result, self.case.mark)
        if self.case.mark == 2:
            self._then(0, self._made_a_task)
            self._then(1, lambda: self.request.escalate(ESCALATED, by=self._owner()))

    def _then(self, days: int, act: object) -> None:
        self.ago = max(0, self.ago - days)
        self.thread.then(self.ago, act)  # type: ignore[arg-type]

    def _called(self) -> None:
        people = list(Contact.objects.alive().filter(customer=self.customer).order_by("id")[:3])
        by = ENTERED_BY[self.place % len(ENTERED_BY)]
        self.request = ServiceRequest(
            customer=Customer.objects.get(pk=self.customer.pk), summary=self.case.summary, request=self.case.request,
            type=self.lookup.item(Category.SERVICE_TYPE, self.case.kind),
            contact=self.thread.dice.choice(people) if people else None, matter=self._earlier(),
        ).create(by=self._owner() if by == "owner" else self.people[by])  # fmt: skip

    def _earlier(self) -> ServiceRequest | None:
        """The second call about the drifting modules belongs to the first request of that firm."""
        if "又漂移" not in self.case.summary:
            return None
        return ServiceRequest.objects.filter(customer=self.customer).order_by("id").first()

    def _round(self, method: str, result: str, mark: int) -> None:
        self._then(1, lambda: self.request.handle(method, by=self.people[self.case.who]))
        if mark:
            self._then(1, lambda: self.request.feedback(result, mark, by=self._owner()))

    def _made_a_task(self) -> None:
        """Of what an unhappy customer said."""
        said = self.request.handlings.exclude(answered_at=None).latest("round")
        Task(
            title=UNHAPPY % self.case.firm, executor=self.people[SUPERVISOR], source=Task.Source.FEEDBACK,
            record=link_to(said), priority=Task.Priority.HIGH, due=clock.today() + timedelta(days=3),
        ).create(by=self._owner())  # fmt: skip

    def _hand_on(self) -> None:
        self.request.reassign(self.people[self.case.who], HANDED_ON, by=self.people[SUPERVISOR])

    def _owner(self) -> User:
        owner = Customer.objects.get(pk=self.customer.pk).owner
        return owner or self.people["kefu"]
