"""A real B2B pipeline goes the whole way: entered, assigned, planned, executed, won or lost, as it was in life."""

from __future__ import annotations

import csv
import os
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .browser import Keys, toast
from .clients import PASSWORD

NAMES = {"jingli": "陈静", "zhuguan": "林国栋"}
FOLDER = os.environ.get("LIUKE_REAL_DATA")
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not FOLDER, reason="real data: set LIUKE_REAL_DATA to the folder that holds maven-crm"),
]
WINS = """SELECT e.object_id FROM core_event e JOIN django_content_type t ON t.id = e.content_type_id
          WHERE t.app_label = 'marketing' AND t.model = 'opportunity' AND e.verb = 'win'"""


def table(name: str) -> list[dict[str, str]]:
    with (Path(FOLDER or "") / "maven-crm" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcomes() -> dict[str, dict[str, str]]:
    """Each account's newest closed deal; of two on one day the one with the greater id."""
    closed = [deal for deal in table("sales_pipeline.csv") if deal["account"] and deal["deal_stage"] in ("Won", "Lost")]
    closed.sort(key=lambda deal: (datetime.strptime(deal["close_date"], "%m/%d/%Y"), deal["opportunity_id"]))
    return {deal["account"]: deal for deal in closed}


def steps_of(deal: dict[str, str]) -> list[tuple[str, str]]:
    today = date.today()
    return [(str(today), "Visit"), (str(today + timedelta(days=7)), f"Offer of {deal['product']}")]


class Journey:
    """The way of one account, each step taken by the person whose step it is."""

    def __init__(self, served) -> None:
        self.jingli, self.zhuguan = served.api("jingli"), served.api("zhuguan")
        self.manager = self.zhuguan.user("jingli")

    def run(self, account: dict[str, str], deal: dict[str, str]) -> dict:
        entered = self.jingli.done("opportunities", self.entry(account, deal))
        assert (entered["status"], entered["customer_name"]) == ("unassigned", account["account"])
        path = f"opportunities/{entered['id']}"
        assigned = self.zhuguan.done(f"{path}/assign", {"assignee": self.manager})
        assert (assigned["status"], assigned["assignee"]) == ("assigned", self.manager)
        self.plan(entered["id"], deal)
        if deal["deal_stage"] == "Won":
            return self.jingli.done(f"{path}/win")
        return self.jingli.done(f"{path}/lose", {"reason": f"{deal['product']} 未成交"})

    def entry(self, account: dict[str, str], deal: dict[str, str]) -> dict:
        return {
            "customer_name": account["account"],
            "source": account["sector"],
            "success_rate": 50,
            "summary": deal["product"],
            "contact_name": deal["sales_agent"],
            "description": f"{account['office_location']}, {account['employees']} employees, {account['revenue']} M$",
            "amount": f"{float(deal['close_value'] or 0):.2f}",
        }

    def by_keys(self, page, account: dict[str, str], deal: dict[str, str]) -> dict:
        """The same way in a browser, without a mouse."""
        hands = Hands(page)
        hands.sign_in("jingli")
        hands.enter(self.entry(account, deal))
        hands.change_to("zhuguan")
        hands.open(account["account"])
        hands.assign("陈静")
        hands.change_to("jingli")
        hands.open(account["account"])
        for day, words in steps_of(deal):
            hands.plan(day, words)
        for _day, words in steps_of(deal):
            hands.execute(words)
        hands.win()
        return self.jingli.get(f"opportunities/{hands.record}")

    def plan(self, opportunity: int, deal: dict[str, str]) -> None:
        """Two steps, then both carried out."""
        steps = [
            self.jingli.done("plan-items", {"opportunity": opportunity, "date": day, "content": words})
            for day, words in steps_of(deal)
        ]
        for step in steps:
            done = self.jingli.done(f"plan-items/{step['id']}/execute", {"result": f"{step['content']}: done"})
            assert done["executed_at"]


class Hands(Keys):
    """What a person does with keys, in the words of the work."""

    def sign_in(self, username: str) -> None:
        self._page.goto("/")
        self.credentials(username)

    def credentials(self, username: str) -> None:
        self.fill({"用户名": username, "密码": PASSWORD})
        self.leave("Enter")

    def change_to(self, username: str) -> None:
        """重新登录 in the menu of the person."""
        self.go(NAMES["jingli" if username == "zhuguan" else "zhuguan"])
        self.press("Enter")
        self.go("重新登录", "ArrowDown")
        self.leave("Enter")
        self.credentials(username)

    def enter(self, entry: dict[str, object]) -> None:
        self.leave("g", "j")
        self.leave("c")
        labels = {"customer_name": "客户名称", "source": "机会来源", "success_rate": "成功机率", "summary": "概要",
                  "contact_name": "联系人", "description": "机会描述", "amount": "预计金额"}  # fmt: skip
        self.fill({label: str(entry[name]) for name, label in labels.items()})
        self.save("保存成功", "Control+Enter")

    def open(self, customer: str) -> None:
        self.leave("g", "j")
        self.press("/")
        self.type(customer)
        expect(self._page.locator("#rows [data-row] .lead").first).to_have_text(customer)
        expect(self._page.locator("#list-total")).to_have_text("共 1 条")
        self.press("Escape", "j")
        self.leave("Enter")

    def assign(self, name: str) -> None:
        self.go("指派")
        self.press("Enter")
        expect(self._page.get_by_role("dialog")).to_be_visible()
        self.press("Space")
        self.go(name, "ArrowDown")
        self.save("指派成功", "Enter")

    def plan(self, day: str, words: str) -> None:
        self.fill({"日期": day, "计划内容": words})
        self.save("保存成功", "Enter")

    def execute(self, words: str) -> None:
        self.go(f"填写执行效果：{words}")
        self.press("Enter", "Tab")
        self.type(f"{words}: done")
        self.save("保存成功", "Control+Enter")

    def win(self) -> None:
        self.go("开发成功")
        self.press("Enter")
        expect(self._page.get_by_role("dialog")).to_be_visible()
        self.go("开发成功")
        self.save("操作成功", "Enter")

    def save(self, message: str, key: str) -> None:
        self.leave(key)
        toast(self._page, message)

    @property
    def record(self) -> int:
        return int(self._page.url.split("/opportunities/")[1].split("/")[0])


@pytest.fixture
def journey(served):
    return Journey(served)


def test_each_real_account_ends_as_its_newest_deal_did_and_each_win_makes_one_customer(served, sit, journey):
    last = served.rows("SELECT COALESCE(MAX(id), 0) FROM customers_customer")[0][0]
    deals = outcomes()
    first, *rest = table("accounts.csv")
    ended = {first["account"]: journey.by_keys(sit().page, first, deals[first["account"]])}
    ended |= {row["account"]: journey.run(row, deals[row["account"]]) for row in rest}

    assert {name: one["status"] for name, one in ended.items()} == {
        name: deal["deal_stage"].lower() for name, deal in deals.items()
    }
    won = {name: one for name, one in ended.items() if one["status"] == "won"}
    assert (len(ended), len(won)) == (85, 71)
    made = served.rows("SELECT id, name FROM customers_customer WHERE id > ?", last)
    assert dict(made) == {one["customer"]: name for name, one in won.items()}
    assert wins(served, ended) == sorted(one["id"] for one in won.values())
    assert owners(served, won) == {name: (deals[name]["sales_agent"], journey.manager) for name in won}
    assert executed(served, ended) == {one["id"]: 2 for one in ended.values()}


def wins(served, ended: dict[str, dict]) -> list[int]:
    """The opportunity of each event that tells of a win."""
    mine = {one["id"] for one in ended.values()}
    return sorted(pk for [pk] in served.rows(WINS) if pk in mine)


def owners(served, won: dict[str, dict]) -> dict[str, tuple[str, int]]:
    """Contact and account manager of the customer each win made, as a person of the house reads them."""
    told = {row["id"]: row for row in served.api("zhuguan").every("customers", status="normal")}
    found = {name: told[one["customer"]] for name, one in won.items()}
    return {name: (row["primary_contact__text"], row["owner"]) for name, row in found.items()}


def executed(served, ended: dict[str, dict]) -> dict[int, int]:
    """How many steps of each plan are carried out."""
    steps = Counter(row["opportunity"] for row in served.api("jingli").every("plan-items") if row["executed_at"])
    return {one["id"]: steps[one["id"]] for one in ended.values()}
