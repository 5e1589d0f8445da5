"""Sample customers: entered by their managers, completed, corrected; a few are in the recycle bin."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from liuke.base import sample_fields
from liuke.base.models import Category
from liuke.base.sample import Thread

from .models import Contact, Customer
from .sample_story import Relation, Told
from .sample_texts import DELETED_CONTACTS, DELETED_FIRMS, FIRMS, TITLES, Firm

if TYPE_CHECKING:
    from random import Random

    from liuke.accounts.models import User
    from liuke.base.sample import Diary, Lookup

AREA = {
    "宁波": "0574", "杭州": "0571", "温州": "0577", "上海": "021", "苏州": "0512", "南京": "025", "北京": "010",
    "广州": "020", "深圳": "0755", "青岛": "0532", "无锡": "0510", "济南": "0531", "合肥": "0551", "成都": "028",
}  # fmt: skip
LEVELS = ("普通客户", "普通客户", "普通客户", "重点开发客户", "重点开发客户", "大客户", "合作伙伴", "战略合作伙伴")
TYPES = ("老客户", "老客户", "目标客户", "潜在客户", "合作伙伴")
CORRECTIONS = ({"satisfaction": 5}, {"credit": 5}, {"rating": 5}, {"satisfaction": 3, "rating": 3}, {"credit": 2})


def plan(diary: Diary, people: dict[str, User], lookup: Lookup) -> dict[str, Customer]:
    """Note down how the customers come about. Returns them by name: they exist once the diary has been played."""
    told = Told(diary, people, lookup)
    entered = {}
    for place, firm in enumerate(FIRMS):
        entered[firm.name] = _FirmStory(firm, place, diary, people, lookup).customer
        Relation(told, entered[firm.name], place, firm.ago, binned=firm.name in DELETED_FIRMS)
    return entered


class _FirmStory:
    """One customer: entered with its people, sometimes corrected, sometimes binned."""

    def __init__(self, firm: Firm, place: int, diary: Diary, people: dict[str, User], lookup: Lookup) -> None:
        self.firm, self.place, self.owner = firm, place, people[firm.owner]
        self.thread = Thread(diary, firm.name)
        self.customer = Customer(
            name=firm.name, owner=self.owner, notes=firm.notes,
            **traits(lookup, self.thread.dice, firm.region, firm.city, firm.industry, firm.address, firm.web),
        )  # fmt: skip
        added = sample_fields.of_customer(firm.name, diary.today) if place % 4 != 3 else {}
        self.thread.make(firm.ago, self.customer, self.owner, added)
        for number, words in enumerate(firm.people.split(",")):
            self._contact(number, *words.split())
        if place % 3 == 1:
            self.thread.then(firm.ago * 0.4, lambda: self.customer.update(CORRECTIONS[place % 5], by=self.owner))
        if firm.name in DELETED_FIRMS:
            self.thread.then(firm.ago * 0.3, lambda: self.customer.delete(by=self.owner))

    def _contact(self, number: int, name: str, title: str, gender: str) -> None:
        contact = Contact(
            name=name, **person(self.thread.dice, title, gender),
            mobile=f"1390001{self.place:02d}{number:02d}", office_phone=self._extension(number),
            email=f"{self.firm.web.split('-')[0]}{number + 1}@{self.firm.web}.example",
        )  # fmt: skip
        ago = self.firm.ago * (1 - number / 5)
        decides = {"x_decides": True} if number == 0 else {}
        self.thread.make(ago, contact, self.owner, decides, customer=self.customer)
        if name in DELETED_CONTACTS:
            self.thread.then(self.firm.ago * 0.35, lambda: contact.delete(by=self.owner))

    def _extension(self, number: int) -> str:
        return f"{self.customer.phone} 转 {801 + number}"


def traits(
    lookup: Lookup, dice: Random, region: str, city: str, industry: str, address: str, web: str
) -> dict[str, Any]:
    """What people fill in about a company."""
    code = AREA.get(city, "0570")

    def pick(category: str) -> Any:
        return dice.choice(lookup.items(category))

    return {
        "region": lookup.item(Category.REGION, region), "city": lookup.cities.get(city),
        "industry": lookup.industries[industry], "address": address, "website": f"https://www.{web}.example",
        "level": lookup.item(Category.CUSTOMER_LEVEL, dice.choice(LEVELS)),
        "type": lookup.item(Category.CUSTOMER_TYPE, dice.choice(TYPES)),
        "source": pick(Category.SOURCE), "nature": lookup.item(Category.NATURE, dice.choice(
            ("民营企业", "民营企业", "民营企业", "国有企业", "外资企业", "合资企业"))),
        "company_scale": pick(Category.SCALE), "annual_turnover": pick(Category.TURNOVER),
        "satisfaction": dice.choice((3, 4, 4, 4, 5)), "credit": dice.choice((2, 3, 4, 4, 5)),
        "rating": dice.choice((3, 3, 4, 4, 5)), "zip": f"{dice.randrange(2000, 6000) * 100:06d}",
        "phone": f"{code}-5555{dice.randrange(1000, 10000)}",
        "founded_on": date(dice.randrange(1992, 2019), dice.randrange(1, 13), dice.randrange(1, 28)),
    }  # fmt: skip


def person(dice: Random, title: str, gender: str) -> dict[str, Any]:
    """What is known of a person called by this title."""
    position, department = TITLES[title]
    birthday = date(dice.randrange(1966, 1996), dice.randrange(1, 13), dice.randrange(1, 28))
    return {
        "gender": Contact.Gender.FEMALE if gender == "女" else Contact.Gender.MALE,
        "salutation": "女士" if gender == "女" else "先生",
        "position": position, "department": department,
        "birthday": birthday if dice.random() < 0.4 else None,
    }  # fmt: skip
