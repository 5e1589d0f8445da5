"""Customers and their contacts by the hundred thousand: made by dice, entered in bulk."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone

from liuke.base.models import Category, City, DictionaryItem, Industry
from liuke.core.many.trusted import enter_made

from .models import Contact, Customer, Interaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.accounts.models import User
    from liuke.base.made_up import Dice

CONTACTS = (0, 1, 1, 1, 2, 2)  # of a customer, 1.2 in the mean
POSITIONS = (("采购经理", "采购部"), ("总经理", "总经办"), ("技术总监", "技术部"), ("设备科长", "设备部"),
             ("财务经理", "财务部"), ("生产经理", "生产部"), ("销售总监", "销售部"), ("工程师", "技术部"))  # fmt: skip
TOPICS = (
    "确认技术参数",
    "商谈价格",
    "安排试用",
    "回访使用情况",
    "讨论年度框架合同",
    "介绍新产品",
    "催收尾款",
    "处理交货时间",
)
OUTCOMES = ("客户基本认可", "需要再比较两家", "等预算批下来", "同意下周见面", "希望账期延长", "已转给技术部评估")
WHERE = ("客户公司", "电话", "本公司", "展会现场", "线上会议")
LEVELS = (60, 22, 12, 4, 2)  # most are ordinary, few are strategic


class Choices:
    """What a customer's references may be, loaded once."""

    def __init__(self, owners: Sequence[User]) -> None:
        items: dict[str, list[DictionaryItem]] = {}
        for item in DictionaryItem.objects.alive().order_by("position"):
            items.setdefault(item.category, []).append(item)
        self.items = items
        self.industries = list(Industry.objects.alive().order_by("pk"))
        self.cities = list(City.objects.alive().order_by("pk"))
        self.regions = {item.entry: item for item in items[Category.REGION]}
        self.owners = list(owners)
        self.shares = list(accumulate(1 + place % 7 for place in range(len(self.owners))))  # some have many
        self.levels = list(accumulate(LEVELS[: len(items[Category.CUSTOMER_LEVEL])]))

    def owner(self, dice: Dice) -> User:
        return dice.random.choices(self.owners, cum_weights=self.shares)[0]

    def level(self, dice: Dice) -> DictionaryItem:
        levels = self.items[Category.CUSTOMER_LEVEL][: len(self.levels)]
        return dice.random.choices(levels, cum_weights=self.levels)[0]

    def item(self, dice: Dice, category: str, share: float = 1.0) -> DictionaryItem | None:
        return dice.some(share, dice.one(self.items[category]))


def enter_customers(dice: Dice, choices: Choices, places: range, of: int) -> list[Customer]:
    """The customers of these places among so many, and their contacts."""
    made = [customer(dice, choices, place, of) for place in places]
    enter_made(made)
    enter_made([contact(dice, one) for one in made for _n in range(dice.one(CONTACTS))])
    first = Contact.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(first=Min("pk"))
    span = Customer.objects.filter(pk__gte=made[0].pk, pk__lte=made[-1].pk)
    span.update(primary_contact=Subquery(first.values("first")))
    return made


def enter_interactions(dice: Dice, choices: Choices, customers: Sequence[Customer], count: int) -> None:
    enter_made([interaction(dice, choices, dice.one(customers)) for _n in range(count)])


def customer(dice: Dice, choices: Choices, place: int, of: int) -> Customer:
    moment, owner, city = dice.moment(place, of), choices.owner(dice), dice.one(choices.cities)
    seen = dice.after(moment, 400)
    marks: list[Any] = [dice.number(1, 6) if dice.chance() < 0.7 else None for _ in range(3)]
    return Customer(
        name=dice.company(city.name), owner=dice.some(0.98, owner), created_by=owner, created_at=moment,
        updated_at=seen, pool_from=moment, incomplete=dice.some(0.01, True, False),
        status=dice.some(0.05, "churned", "normal"), level=choices.level(dice), industry=dice.one(choices.industries),
        region=choices.regions.get(city.province), city=city, address=dice.address(city.name),
        phone=dice.phone(), type=choices.item(dice, Category.CUSTOMER_TYPE),
        source=choices.item(dice, Category.SOURCE, 0.9), nature=choices.item(dice, Category.NATURE, 0.8),
        company_scale=choices.item(dice, Category.SCALE, 0.8),
        annual_turnover=choices.item(dice, Category.TURNOVER, 0.6),
        satisfaction=marks[0], credit=marks[1], rating=marks[2],
        zip=f"{dice.number(1000, 9000) * 100:06d}", founded_on=dice.some(0.4, dice.day(1985, 2022)),
        legal_person=dice.some(0.3, dice.person(), ""),
        registered_capital=dice.some(0.3, Decimal(dice.number(10, 5000) * 10_000)),
    )  # fmt: skip


def contact(dice: Dice, at: Customer) -> Contact:
    position, department = dice.one(POSITIONS)
    female = dice.chance() < 0.4
    return Contact(
        customer=at, name=dice.person(), position=position, department=department, office_phone=at.phone,
        mobile=dice.some(0.85, dice.mobile(), ""), salutation="女士" if female else "先生",
        birthday=dice.some(0.2, dice.day(1965, 2000)), created_by=at.created_by, created_at=at.created_at,
        updated_at=at.updated_at, gender="female" if female else "male",
    )  # fmt: skip


def interaction(dice: Dice, choices: Choices, at: Customer) -> Interaction:
    moment = dice.after(at.created_at, 700)
    kind, topic, outcome = choices.item(dice, Category.INTERACTION), dice.one(TOPICS), dice.one(OUTCOMES)
    ahead = dice.after(moment, 60).date()
    return Interaction(
        customer=at, kind=kind, date=timezone.localdate(moment), happened_at=moment, place=dice.one(WHERE),
        summary=topic, detail=f"{topic}。{outcome}。", next_contact_on=dice.some(0.3, ahead),
        created_by=at.owner, created_at=moment, updated_at=moment,
    )  # fmt: skip
