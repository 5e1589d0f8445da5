"""The customer's page in a real browser: written to with the keyboard alone, filtered, printed, open to everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .axe import AXE, violations
from .browser import settle, toast

pytestmark = [pytest.mark.browser, pytest.mark.shown]
OF = "(SELECT id FROM accounts_user WHERE username = ?)"
OWN = f"SELECT id FROM customers_customer WHERE deleted_at IS NULL AND owner_id = {OF} ORDER BY id"
TOLD = f"SELECT count(*) FROM core_notice WHERE kind = 'customer.mentioned' AND user_id = {OF}"


@pytest.fixture
def own(served) -> int:
    """A customer of jingli's."""
    return served.rows(OWN, "jingli")[0][0]


def written(served, text: str) -> list[tuple]:
    return served.rows("SELECT place, summary FROM customers_interaction WHERE detail = ?", text)


def test_a_follow_up_takes_three_steps_from_the_list(served, sit):
    page = sit("jingli").page
    page.goto("/customers/?scene=mine")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("w")  # one: to the customer, the text box has the focus
    expect(page.locator("#entry_detail")).to_be_focused()
    page.keyboard.insert_text("三步写完的跟进")  # two
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")  # three
    toast(page, "保存成功")
    expect(page.locator("#timeline .ev").first).to_contain_text("三步写完的跟进")
    assert written(served, "三步写完的跟进") == [("电话", "三步写完的跟进")]


def test_w_on_the_page_leads_to_the_text_box(sit, own):
    page = sit("jingli").page
    page.goto(f"/customers/{own}/")
    with page.expect_navigation():
        page.keyboard.press("w")
    expect(page.locator("#entry_detail")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("w")
    expect(page.locator("#entry_detail")).to_be_focused()


def test_a_colleague_is_called_with_arrows_and_enter(served, sit, own):
    page = sit("jingli").page
    page.goto(f"/customers/{own}/?tab=timeline#entry_detail")
    box = page.locator("#entry_detail")
    box.press_sequentially("请 @周")
    expect(page.locator("#entry_detail-people [role=option]").first).to_contain_text("周明远")
    page.keyboard.press("Enter")
    expect(box).to_have_value("请 @周明远 ")
    page.keyboard.insert_text("帮忙看一下")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert written(served, "请 @周明远 帮忙看一下")
    assert served.rows(TOLD, "jingli2")[0][0] >= 1


def test_escape_closes_the_colleagues_and_keeps_the_text(sit, own):
    page = sit("jingli").page
    page.goto(f"/customers/{own}/?tab=timeline#entry_detail")
    page.locator("#entry_detail").press_sequentially("@陈")
    expect(page.locator("#entry_detail-people")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#entry_detail-people")).to_be_hidden()
    expect(page.locator("#entry_detail")).to_have_value("@陈")
    page.locator("#entry_detail").fill("")


def test_filters_of_the_timeline_leave_a_half_written_text_alone(sit, own):
    page = sit("jingli").page
    page.goto(f"/customers/{own}/?tab=timeline")
    settle(page)
    page.locator("#entry_detail").fill("写了一半")
    page.get_by_role("link", name="隐藏系统变更").click()
    expect(page.get_by_role("link", name="显示系统变更")).to_be_visible()
    page.get_by_role("link", name="跟进", exact=True).click()
    expect(page.get_by_role("link", name="跟进", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.locator("#entry_detail")).to_have_value("写了一半")
    page.locator("#entry_detail").fill("")


def test_the_status_is_changed_in_the_head_of_the_page(sit, own):
    page = sit("jingli").page
    page.goto(f"/customers/{own}/")
    page.locator(".lk-status-menu > summary").click()
    with page.expect_navigation():
        page.locator(".lk-status-menu button", has_text="暂停合作").click()
    expect(page.locator(".lk-status-menu > summary")).to_contain_text("暂停合作")


def test_without_script_the_timeline_is_a_page_of_its_own(sit, own):
    page = sit("jingli", java_script_enabled=False).page
    page.goto(f"/customers/{own}/?tab=timeline")
    page.get_by_role("link", name="显示全部动态").click()
    expect(page.locator("#timeline .ev").first).to_be_visible()
    page.get_by_role("link", name="跟进", exact=True).click()
    expect(page.locator("#timeline .ev").first).to_be_visible()


@pytest.mark.parametrize("tab", ["overview", "timeline", "interactions", "credit", "opportunities"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing_on_a_tab(sit, own, tab, phone):
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True} if phone else {}
    desk = sit("jingli", reduced_motion="reduce", **options)
    desk.context.add_init_script(AXE)
    desk.page.goto(f"/customers/{own}/?tab={tab}")
    assert violations(desk.page) == []


@pytest.mark.parametrize(
    "address", ["/customers/statistics/", "/contacts/statistics/?by=month", "/customers/{own}/print/"]
)
def test_axe_finds_nothing_on_statistics_and_paper(sit, own, address):
    desk = sit("jingli", reduced_motion="reduce")
    desk.context.add_init_script(AXE)
    desk.page.goto(address.format(own=own))
    assert violations(desk.page, dark="print" not in address) == []


def test_axe_finds_nothing_on_open_menus_and_offered_colleagues(sit, own):
    desk = sit("jingli", reduced_motion="reduce")
    desk.context.add_init_script(AXE)
    page = desk.page
    page.goto(f"/customers/{own}/?tab=timeline")
    settle(page)
    page.locator(".lk-status-menu > summary").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("#entry_detail").press_sequentially("@")
    expect(page.locator("#entry_detail-people")).to_be_visible()
    assert violations(page) == []
    page.locator("#entry_detail").fill("")
