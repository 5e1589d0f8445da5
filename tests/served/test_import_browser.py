"""Last year's list goes in by the wizard, in a real browser: with script, by keyboard, and without script."""

from __future__ import annotations

import secrets

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.shown]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


def a_list(mark: str) -> dict:
    rows = [f"{mark}{n}号机械厂,0512-{n:04d},{'江苏' if n else '火星'}" for n in range(5)]
    return {"name": "去年.csv", "mimeType": "text/csv", "buffer": "\n".join(["公司名称,联系电话,区域", *rows]).encode()}


def upload(page: Page, mark: str) -> None:
    page.goto("/customers/")
    page.locator('[data-key="import"]').click()
    page.set_input_files("#file", a_list(mark))
    page.locator(".lk-upload button").click()


def quiet(page: Page) -> list:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def alive(served, mark: str) -> list[tuple]:
    question = "SELECT name FROM customers_customer WHERE name LIKE ? AND deleted_at IS NULL ORDER BY name"
    return [name for (name,) in served.rows(question, f"{mark}%")]


def test_a_list_goes_in_is_put_right_and_comes_out_again(sit, served):
    page, mark = sit("zhuguan").page, f"甲{secrets.token_hex(3)}"
    upload(page, mark)
    expect(page.get_by_label("「公司名称」对应的字段")).to_have_value("name")  # nothing to choose: all is guessed
    assert quiet(page) == []
    page.get_by_role("button", name="校验").click()
    expect(page.locator(".lk-counts .green dd")).to_have_text("4")  # the page asks by itself until it is there
    assert quiet(page) == []
    assert alive(served, mark) == []
    page.get_by_label("「火星」对应").select_option("浙江")
    page.get_by_role("button", name="采用并重新校验").click()
    expect(page.locator(".lk-counts .green dd")).to_have_text("5")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.locator(".lk-counts .green dd").first).to_have_text("5")
    assert quiet(page) == []
    assert len(alive(served, mark)) == 5
    page.get_by_role("link", name="撤销本次导入").click()
    page.locator("dialog[open]").get_by_role("button", name="撤销").click()
    expect(page.locator(".lk-note.green")).to_contain_text("已撤销")
    assert alive(served, mark) == []


def test_the_wizard_works_without_script(sit, served):
    page, mark = sit("jingli", java_script_enabled=False).page, f"乙{secrets.token_hex(3)}"
    upload(page, mark)
    page.get_by_role("button", name="校验").click()
    for step in ("导入", ""):
        for _look in range(100):
            if page.locator(".lk-counts").count():
                break
            page.wait_for_timeout(100)  # somebody who presses 刷新
            page.get_by_role("link", name="刷新").click()
        if step:
            page.get_by_role("button", name=step, exact=True).click()
    expect(page.locator(".lk-counts .red dd")).to_have_text("1")
    assert len(alive(served, mark)) == 4


def test_the_task_centre_shows_the_work_and_its_end(sit):
    page = sit("zhuguan").page
    upload(page, f"丙{secrets.token_hex(3)}")
    page.get_by_role("button", name="校验").click()
    page.goto("/errands/")
    expect(page.locator(".lk-errands li").first).to_contain_text("已完成")
    assert quiet(page) == []
