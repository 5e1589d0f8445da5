"""What was solved before, in a real browser: offered while it is typed, read, counted once, open to everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .axe import AXE, violations

pytestmark = [pytest.mark.browser, pytest.mark.shown]
READERS = "SELECT view_count FROM service_knowledgearticle WHERE id = ?"


def test_what_helped_before_is_one_click_away_from_what_is_typed_and_a_reader_counts_once(served, sit):
    desk = sit("kefu", reduced_motion="reduce")
    desk.context.add_init_script(AXE)
    page = desk.page
    page.goto("/service-requests/new/")
    page.locator("#id_request").press_sequentially("三号炉的温控模块比校验仪高三度")
    offered = page.locator("#id_request_hint .lk-alike")
    expect(offered).to_have_count(2)  # a case, and an article
    offered.first.get_by_text("温控模块读数漂移").click()
    expect(offered.first.get_by_text("固件由 2.1.3 升到 2.1.5 并重新标定")).to_be_visible()
    expect(page.locator("#id_request")).to_have_value("三号炉的温控模块比校验仪高三度")
    assert violations(page) == []
    offered.last.locator("summary").first.click()
    address = offered.last.get_by_role("link", name="阅读文章").first.get_attribute("href")
    article = int(address.strip("/").rpartition("/")[2])
    before = served.rows(READERS, article)[0][0]
    for _reload in range(3):
        with page.expect_response(lambda answer: "/service/read/" in answer.url) as counted:
            page.goto(address)
        assert counted.value.status == 204
    assert served.rows(READERS, article)[0][0] == before + 1
    assert violations(page) == []
