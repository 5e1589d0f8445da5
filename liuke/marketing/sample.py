"""Sample opportunities: each is entered, given to a manager, developed step by step, and won, lost or still open."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from liuke.base import sample_fields
from liuke.base.models import Category
from liuke.base.sample import Thread, Words
from liuke.customers.sample import person, traits

from .models import FollowUpNote, Opportunity, PlanItem, SalesProfile, SalesStage
from .sample_texts import Case
from .sample_texts.developing import DEVELOPING
from .sample_texts.lost import LOST
from .sample_texts.steps import HELP, NOTES, STEPS
from .sample_texts.waiting import WAITING
from .sample_texts.won import WON

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liuke.accounts.models import User
    from liuke.base.sample import Diary, Lookup
    from liuke.customers.models import Customer

PROFILES = {
    "jingli": ("浙江", ("港口航运", "食品饮料", "纺织服装")),
    "jingli2": ("江苏", ("汽车零部件", "医药", "机械制造")),
    "jingli3": ("广东", ("能源电力", "电子信息")),
}
SUPERVISORS = {"jingli": "zhuguan", "jingli2": "zhuguan", "jingli3": "bumen"}
SOURCES = {"shichang": ("展会", "网络推广"), "yewu": ("电话营销", "主动来访", "网络推广")}
# Steps still to be done, in days from today; each manager's opportunities take them in turn.
PENDING = ((-2, 0), (1,), (0, 5), (-5, 2), (), (3, 9), (-1, 4), (0,), (2, 6), (-8, 1), (7,), (4, 13))
HELPERS = ("", "", "yewu", "", "", "")  # who carries out a step; mostly the manager himself
REASSIGNED = "原客户经理手上项目集中，且该客户与陈静有多年合作关系，改由她跟进"
REOPENED = "客户只签了意向书，合同尚未生效，误点为开发成功，撤回后继续跟进"


def profiles(people: dict[str, User], lookup: Lookup) -> None:
    """What each account manager is good at, so that opportunities find the right one."""
    for username, (region, industries) in PROFILES.items():
        profile = SalesProfile(user=people[username], region=lookup.item(Category.REGION, region))
        profile.create(by=people[SUPERVISORS[username]])
        profile.industries.set(lookup.industries[name] for name in industries)


def plan(diary: Diary, people: dict[str, User], lookup: Lookup, customers: dict[str, Customer]) -> None:
    """Note down the way of every opportunity."""
    told = _Told(diary, people, lookup, customers)
    for case in WAITING:
        story = _Story(told, case)
        story.entered(case.ago)
        if case.ago > 7:
            story.corrected(case.ago - 3)
    for case in DEVELOPING:
        _Story(told, case).developing()
    for case in WON:
        _Story(told, case).won()
    for case in LOST:
        _Story(told, case).lost()


class _Told:
    """What all stories share."""

    def __init__(self, diary: Diary, people: dict[str, User], lookup: Lookup, customers: dict[str, Customer]) -> None:
        self.diary, self.people, self.lookup, self.customers = diary, people, lookup, customers
        self.stages = {stage.position: stage for stage in SalesStage.objects.alive()}
        self.steps, self.notes = Words({**STEPS, **HELP}), Words(NOTES)
        self.developing: Counter[str] = Counter()
        self.pending = self.entered = 0


class _Story:
    """The way of one opportunity, as notes in the diary."""

    def __init__(self, told: _Told, case: Case) -> None:
        self.told, self.case = told, case
        self.creator = told.people[case.creator]
        self.manager = told.people.get(case.manager, self.creator)  # one that waits has none, and does not ask
        self.chief = told.people[SUPERVISORS.get(case.manager, "zhuguan")]
        self.thread = Thread(told.diary, case.name)
        self.dice = self.thread.dice
        short = case.name.removesuffix("有限公司").removesuffix("股份")[2:]
        self.words = {"who": case.who, "product": case.product, "short": short}
        told.entered += 1
        self.phone = f"1390000{told.entered:04d}"
        self.opportunity: Opportunity
        self.open_since: tuple[int, datetime | None] = (0, None)

    # how it may go

    def developing(self) -> None:
        case = self.case
        self.entered(case.ago + self.dice.randint(1, 4))
        if case.turn == "reassigned":
            self._handed_over()
        else:
            self.assigned(case.ago)
        self.open_since = case.ago, self.thread.last
        quiet = 8 if case.turn == "reopened" else self.dice.choice((0, 1, 1, 2, 3, 5, 7))
        self.developed(case.ago, min(quiet, case.ago // 2), range(1, case.stage + 1), most=3)
        if case.turn == "reopened":
            self._won_by_mistake()
        for ahead in PENDING[self.told.developing[case.manager] % len(PENDING)]:
            self.to_do(ahead)
        self.told.developing[case.manager] += 1

    def won(self) -> None:
        case, length = self.case, self.dice.randint(35, 62)
        self.entered(case.ago + length + 3)
        self.assigned(case.ago + length)
        self.developed(case.ago + length, case.ago, (2, 5, 7), most=2)
        self.thread.then(case.ago, lambda: self.opportunity.win(self._linked(), by=self.manager))
        if case.ago > 5 and case.place:
            self.thread.then(case.ago - self.dice.randint(1, 4), self._completed)

    def lost(self) -> None:
        case, length = self.case, self.dice.randint(20, 48)
        self.entered(case.ago + length + 2)
        self.assigned(case.ago + length)
        self.developed(case.ago + length, case.ago, range(1, case.stage + 1), most=2)
        self.thread.then(case.ago, lambda: self.opportunity.lose(case.turn, by=self.manager))

    # its parts

    def entered(self, ago: int) -> None:
        case, dice, lookup, day = self.case, self.dice, self.told.lookup, self.told.diary.workday
        source = dice.choice(SOURCES.get(case.creator, ("老客户介绍", "合作伙伴", "展会", "主动来访")))
        purchase = day(ago) + timedelta(days=dice.randint(70, 130))
        self.opportunity = Opportunity(
            customer_name=case.name, source=source, success_rate=dice.choice((20, 30, 35, 40)) + 7 * case.stage,
            summary=case.summary, contact_name=case.contact, contact_phone=self.phone, description=case.description,
            subject=f"{case.name[:2]}{case.product}项目", needed_product=case.product,
            purpose=dice.choice(("技术改造", "新建项目", "设备配套", "到期更换")),
            industry=lookup.industries[case.industry], region=lookup.item(Category.REGION, case.region),
            company_scale=dice.choice(lookup.items(Category.SCALE)), person_in_charge=case.who,
            contact_way=dice.choice(("手机", "微信", "邮件", "办公电话")), purchase_time=purchase,
            amount=case.amount * 10000, budget=case.amount * dice.choice((9500, 11000, 12000)),
        )  # fmt: skip
        self.thread.make(ago, self.opportunity, self.creator, sample_fields.of_opportunity(case.name))

    def corrected(self, ago: int) -> None:
        rate = self.dice.choice((25, 35, 45, 55))
        self.thread.then(ago, lambda: self.opportunity.update({"success_rate": rate}, by=self.creator))

    def assigned(self, ago: int) -> None:
        self.thread.then(ago, lambda: self.opportunity.assign(self.manager, by=self.chief))

    def _handed_over(self) -> None:
        first = self.told.people["jingli2"]
        self.thread.then(self.case.ago, lambda: self.opportunity.assign(first, by=self.chief))
        self.thread.then(self.case.ago - 9, lambda: self.opportunity.reassign(self.manager, REASSIGNED, by=self.chief))

    def _won_by_mistake(self) -> None:
        self.thread.then(5, lambda: self.opportunity.win(by=self.manager))
        self.thread.then(4, lambda: self.opportunity.reopen(REOPENED, by=self.chief))
        self.open_since = 4, self.thread.last

    def developed(self, start: int, end: int, stages: Iterable[int], most: int) -> None:
        """Step by step through the last stages, from `start` to `end` days ago; a short time has room for fewer."""
        start -= 10 if self.case.turn == "reassigned" else 0
        room = max(1, min(most, (start - end) // 3))
        chosen = list(stages)[-room:]
        for place, stage in enumerate(chosen, start=1):
            length = (start - end) / len(chosen)
            self._executed(round(start - length * (place - 1)), round(start - length * place), stage)
        if self.case.stage >= 4:
            self._priced(end + 1)

    def _executed(self, planned: int, done: int, stage: int) -> None:
        helper = self._helper(self.dice.randrange(len(HELPERS)), stage)
        content, result = self.told.steps.next(helper or stage)
        item = self._step(self.told.diary.workday(done), content, helper)
        between = (planned + done) // 2
        self.thread.make(planned, item, self.manager, opportunity=self.opportunity)
        if stage > 1:
            self.thread.then(between, lambda: self.opportunity.set_stage(self.told.stages[stage], by=self.manager))
        self._noted(between, stage)
        self.thread.then(done, lambda: item.execute(result.format(**self.words), by=item.executor))

    def to_do(self, ahead: int) -> None:
        """A step that still has no result, planned some days ago and before its day."""
        since, moment = self.open_since
        ahead = max(ahead, 1 - since)
        self.told.pending += 1
        helper = self._helper(self.told.pending, self.case.stage)
        content, _result = self.told.steps.next(helper or min(7, self.case.stage + (ahead > 2)))
        item = self._step(self.told.diary.due(ahead), content, helper)
        planned = min(since, self.dice.randint(1, 4) - min(0, ahead))
        beside = Thread(self.told.diary, f"{self.case.name} {ahead}", after=moment)
        beside.make(planned, item, self.manager, opportunity=self.opportunity)

    @staticmethod
    def _helper(turn: int, stage: int) -> str:
        """Service has something to do only once the customer has tried the product."""
        helper = HELPERS[turn % len(HELPERS)]
        return "" if helper == "kefu" and stage < 4 else helper

    def _step(self, date: date, content: str, helper: str) -> PlanItem:
        executor = self.told.people.get(helper)
        return PlanItem(date=date, content=content.format(**self.words), executor=executor)

    def _noted(self, ago: int, stage: int) -> None:
        kind, text = self.told.notes.next(stage)
        again = self.told.diary.workday(ago) + timedelta(days=self.dice.randint(3, 9))
        note = FollowUpNote(
            kind=self.told.lookup.item(Category.NOTE_KIND, kind), text=text.format(**self.words),
            next_contact_on=None if self.is_closed and again > self.told.diary.today else again,
        )  # fmt: skip
        self.thread.make(ago, note, self.manager, opportunity=self.opportunity)

    @property
    def is_closed(self) -> bool:
        return self.case in WON or self.case in LOST

    def _priced(self, ago: int) -> None:
        """Talks have made the amount and the day clearer."""
        amount = round(self.case.amount * self.dice.choice((0.92, 0.95, 1.0, 1.08))) * 10000
        ahead = -ago if self.is_closed else self.dice.randint(6, 70)
        values = {"amount": amount, "expected_close": self.told.diary.due(ahead)}
        self.thread.then(ago, lambda: self.opportunity.update(values, by=self.manager))

    def _linked(self) -> Customer | None:
        return self.told.customers[self.case.name] if self.case.turn == "linked" else None

    def _completed(self) -> None:
        """The manager fills in what winning could not know, and the contact's page too."""
        assert self.case.place
        city, address, web = self.case.place
        dice, customer = self.dice, self.opportunity.customer
        assert customer
        values = traits(self.told.lookup, dice, self.case.region, city, self.case.industry, address, web)
        customer.update({**values, "incomplete": False}, by=self.manager)
        contact = customer.primary_contact
        about = person(dice, self.case.title, "女" if self.case.contact[-1] in "云芳娟敏" else "男")
        contact.update({**about, "office_phone": f"{customer.phone} 转 801", "incomplete": False}, by=self.manager)
