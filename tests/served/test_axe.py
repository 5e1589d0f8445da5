"""No dialog, menu or phone shuts anybody out: axe finds nothing, light and dark. Whole pages: test_looks.py."""

from __future__ import annotations

from uuid import uuid4

import pytest

from .axe import violations
from .browser import fill, save, sent_before, unguarded
from .clients import opportunity

pytestmark = [pytest.mark.browser, pytest.mark.shown]


def test_axe_finds_nothing_where_people_sign_in(look):
    page = look().page
    page.goto("/login/")
    assert violations(page) == []


def test_axe_finds_nothing_on_a_refused_sign_in(look):
    desk = look()
    desk.sign_in("nobody", "wrong")
    desk.page.wait_for_selector("[role=alert]")
    assert violations(desk.page) == []


def test_axe_finds_nothing_on_a_form_with_errors(look):
    page = look("jingli").page
    page.goto("/opportunities/new/")
    unguarded(page)
    save(page)
    page.wait_for_selector("#errors")
    assert violations(page) == []


def test_axe_finds_nothing_on_a_conflict(look, people, enter):
    chance = enter()
    page = look("zhuguan").page
    page.goto(f"/opportunities/{chance['id']}/edit/")
    people["jingli2"].patch(f"opportunities/{chance['id']}", {"summary": "别人先保存"})
    fill(page, {"summary": "我的概要"})
    save(page)
    page.wait_for_selector(".conflict")
    assert violations(page) == []


def test_axe_finds_nothing_on_a_double_submission(look):
    page = look("jingli").page
    page.goto("/opportunities/new/")
    fill(page, opportunity())
    sent_before(page)
    save(page)
    page.wait_for_selector(".lk-error")
    assert violations(page) == []


@pytest.mark.parametrize("menu", [".lk-top details.lk-menu", "#me", ".lk-head details.lk-menu"])
def test_axe_finds_nothing_on_an_open_menu(look, menu):
    page = look("zhuguan").page
    page.goto("/opportunities/")
    page.locator(f"{menu} > summary").first.click()
    assert violations(page) == []


def test_axe_finds_nothing_on_the_list_of_shortcuts(look):
    page = look("zhuguan").page
    page.goto("/opportunities/")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    assert violations(page) == []


def test_axe_finds_nothing_on_suggestions_and_the_palette(look):
    page = look("zhuguan").page
    page.goto("/")
    page.locator("#everything").fill("yx")
    page.locator("#everything-list [role=option]").first.wait_for()
    assert violations(page) == []
    page.goto("/")
    page.keyboard.press("Control+k")
    page.locator("[data-palette] input").fill("kh")
    page.locator("#palette-list [data-hits] [role=option]").first.wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("layer", ["batch", "update", "columns", "where", "view", "drawer"])
def test_axe_finds_nothing_on_what_opens_above_a_list(look, layer):
    page = look("zhuguan").page
    page.goto("/customers/")
    if layer in ("batch", "update"):
        page.locator("#rows .ck input").first.check()
    click = {
        "update": '[data-key="batch-update"]',
        "columns": "#columns-button",
        "where": "#where-button",
        "view": '.lk-scenes a[href*="views/new"]',
        "drawer": "[data-quick]",
    }.get(layer)
    shown = {"batch": "#batch", "columns": ".lk-columns", "where": ".lk-where", "drawer": "#quick-title"}
    if click:
        page.locator(click).first.click()
    page.locator(shown.get(layer, "dialog[open] form")).wait_for()
    assert violations(page) == []


def test_axe_finds_nothing_on_a_printed_list(look):
    page = look("zhuguan").page
    page.goto("/customers/print/?scene=mine")
    assert violations(page) == []


@pytest.mark.parametrize("address", ["/", "/opportunities/", "/opportunities/new/", "/customers/", "/notices/"])
def test_axe_finds_nothing_on_a_phone(look, address):
    page = look("jingli", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).page
    page.goto(address)
    assert violations(page) == []


def test_a_customer_answers_by_its_link_on_a_phone(look, people):
    """VISIT-01, without an account: a form no browser refuses to send, no wider than the phone, thanks at the end."""
    given = {"region": "浙江", "level": "1", "address": "港口路 1 号", "phone": "0574-1"}
    customer = people["jingli"].done("customers", {"name": f"回访客户 {uuid4().hex[:8]}", **given})
    said = {"customer": customer["id"], "category": "其他", "content": "迟到五天", "complained_at": "2026-03-02T09:15",
            "staff": people["zhuguan"].user("jingli")}  # fmt: skip
    complaint = people["jingli"].done("complaints", said)["id"]
    people["jingli"].done(f"complaints/{complaint}/close", {"result": "致歉"})
    [sheet] = people["jingli"].every("follow-up-visits", customer=customer["id"])
    link = people["jingli"].done(f"follow-up-visits/{sheet['id']}/send")["link"]
    desk = look(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = desk.page
    page.goto(link)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []
    page.get_by_text("4 满意").tap()
    page.locator("#id_suggestions").fill("来得快")
    page.get_by_role("button", name="提交评价").tap()
    page.get_by_role("heading", name="谢谢").wait_for()
    assert violations(page) == []
    now = people["jingli"].get(f"follow-up-visits/{sheet['id']}")
    assert (now["satisfaction"], now["suggestions"], now["channel"]) == (4, "来得快", "web")
    assert desk.complaints == []
