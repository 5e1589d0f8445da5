"""One service request goes the whole way in a browser: called in, assigned, answered twice, filed, found again."""

from __future__ import annotations

import os
import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from .browser import Keys, toast

pytestmark = [pytest.mark.browser, pytest.mark.shown]
CUSTOMER = "宁波鄞州星海电机有限公司"
ASKED = "四号炉的温控模块比校验仪高三度"  # like a case of the demo house that is archived
HELPED = "固件由 2.1.3 升到 2.1.5 并重新标定"  # what was done in that one
DONE = "固件升级后复测，与校验仪一致"
CASE = "SELECT id, status, round, satisfaction FROM service_servicerequest WHERE summary = ?"
WHOSE = """SELECT c.name FROM service_servicerequest r JOIN customers_customer c ON c.id = r.customer_id
           WHERE r.id = ?"""
ROUNDS = "SELECT round, method, satisfaction FROM service_servicehandling WHERE request_id = ? ORDER BY round"


class Hands:
    """Those who take part, each before a browser of his own."""

    def __init__(self, sit, summary: str) -> None:
        self.sit, self.summary = sit, summary

    def take_the_call(self) -> None:
        """Without a mouse. Looking for another customer leaves the list open: saved is the one that was chosen."""
        page = self.sit("jingli").page
        page.goto("/service-requests/new/")
        expect(page.locator("#id_customer-ts-control")).to_be_focused()
        keys = Keys(page)
        keys.type("鄞州星海")
        marked = page.locator(".ts-dropdown .option.active")
        expect(marked).to_have_text(CUSTOMER)
        keys.press("Enter")
        expect(page.locator("#id_contact option")).not_to_have_count(0)  # the people of this customer have come
        keys.go("服务类型")
        keys.press("ArrowDown")
        keys.fill({"概要": self.summary, "服务请求": ASKED})
        keys.go("客户", "Shift+Tab")
        keys.type("海晟")
        expect(marked).to_have_text("宁波海晟港务设备有限公司")
        keys.leave("Control+Enter")
        toast(page, "保存成功")
        expect(page.locator("#id_summary")).to_have_value("")  # ready for the next call

    def assign(self) -> None:
        page = self.open("zhuguan", "assign")
        page.get_by_role("button", name="选择 受理人").click()
        page.locator(".lk-people [type=search]").fill("许文丽")
        expect(page.locator(".lk-people [data-person]")).to_have_count(1)
        page.keyboard.press("Enter")
        self.submit(page, "提交分配", "指派成功，已通知 许文丽")

    def look_up_what_helped(self) -> None:
        page = self.open("kefu", "handle")
        alike = page.locator(".lk-aside .lk-alike li").filter(has_text="温控模块读数漂移").first
        alike.locator("summary").click()
        expect(alike.get_by_text(HELPED)).to_be_visible()

    def handle(self, method: str) -> None:
        page = self.open("kefu", "handle")
        page.locator("[name=method]").fill(method)
        self.submit(page, "提交处理", "已处理，等待客户反馈")

    def ask_the_customer(self, mark: int, told: str) -> Page:
        page = self.open("kefu", "feedback")
        page.locator("[name=result]").fill("客户复测")
        page.locator(f"[name=satisfaction][value='{mark}']").check()
        self.submit(page, "提交反馈", told)
        return page

    def open(self, who: str, queue: str) -> Page:
        """The case is picked from the queue where it waits."""
        page = self.sit(who).page
        page.goto(f"/service/{queue}/")
        page.locator(".lk-waiting").get_by_text(self.summary).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(self.summary)
        return page

    def submit(self, page: Page, button: str, told: str) -> None:
        page.get_by_role("button", name=button).click()
        toast(page, told)

    def release(self, article: int) -> None:
        page = self.sit("zhuguan").page
        page.goto(f"/knowledge-articles/{article}/")
        page.locator("[data-key=release]").click()
        page.locator("dialog").get_by_role("button", name="发布").click()
        expect(page.locator(".lk-title")).to_contain_text("已发布")

    def find_again(self) -> Page:
        """A colleague who had nothing to do with it types into the search of every page."""
        page = self.sit("jingli3").page
        page.goto("/")
        page.locator("[data-search-all]").fill(self.summary)
        page.keyboard.press("Enter")
        page.locator("section").filter(has_text="知识库").get_by_role("link", name=self.summary).click()
        return page


@pytest.fixture
def hands(sit):
    return Hands(sit, f"温控模块偏高 {os.getpid()}-{uuid4().hex[:6]}")


def test_a_request_is_called_in_assigned_answered_badly_then_well_archived_and_found_by_a_colleague(served, hands):
    def case() -> tuple:
        return served.rows(CASE, hands.summary)[0]

    hands.take_the_call()
    pk, *entered = case()
    assert entered == ["new", 1, None]
    assert served.rows(WHOSE, pk) == [(CUSTOMER,)]
    hands.assign()
    hands.look_up_what_helped()
    hands.handle("电话指导重启")
    hands.ask_the_customer(2, "满意度 2，已退回「已分配」重新处理")
    assert case()[1:] == ("assigned", 2, 2)
    hands.handle(DONE)
    archived = hands.ask_the_customer(4, "已归档")
    expect(archived.locator(".lk-case")).to_contain_text(re.compile("归档，满意度 4"))
    assert case()[1:] == ("archived", 2, 4)
    assert served.rows(ROUNDS, pk) == [(1, "电话指导重启", 2), (2, DONE, 4)]
    [(article,)] = served.rows("SELECT id FROM service_knowledgearticle WHERE request_id = ?", pk)
    hands.release(article)
    expect(hands.find_again().get_by_role("article")).to_contain_text(DONE)
