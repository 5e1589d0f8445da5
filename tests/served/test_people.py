"""People picked in a pop-up, customers that change hands, and work that is handed over, in a real browser."""

from __future__ import annotations

import os
import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from .axe import AXE, violations
from .browser import Keys, fill, save, toast

pytestmark = [pytest.mark.browser, pytest.mark.shown]
GIVEN = {"region": "浙江", "level": "1", "address": "港口路 1 号", "phone": "0574-1"}


@pytest.fixture
def customer(people):
    def make(owner: str = "") -> dict:
        name = f"手手相传 {os.getpid()}-{uuid4().hex[:6]}"
        return people["jingli"].done("customers", {"name": name, **GIVEN} | ({"owner": owner} if owner else {}))

    return make


def test_a_customer_is_claimed_from_the_list_of_the_pool(people, sit, customer):
    made = customer("pool")
    page = sit("jingli2").page
    page.goto(f"/customers/?scene=pool&search={made['name']}")
    page.get_by_role("link", name="领取").click()
    page.locator("dialog").get_by_role("button", name="领取").click()
    toast(page, "领取成功")
    assert people["zhuguan"].get(f"customers/{made['id']}")["owner__text"] == "周明远"


def test_a_customer_is_transferred_with_keys_alone(people, sit, customer):
    made = customer()
    page = sit("jingli").page
    page.goto(f"/customers/{made['id']}/transfer/")
    keys = Keys(page)
    page.locator("#id_owner").focus()
    keys.press("Enter")
    expect(page.locator(".lk-people [type=search]")).to_be_focused()
    keys.type("周明")
    expect(page.locator(".lk-people [data-person]")).to_have_count(1)
    keys.press("ArrowDown", "Enter")
    expect(page.locator(".lk-people:popover-open")).to_have_count(0)
    expect(page.locator("#id_owner")).to_be_focused()
    page.get_by_role("button", name="转移", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/customers/{made['id']}/$"))
    assert people["zhuguan"].get(f"customers/{made['id']}")["owner__text"] == "周明远"


def test_the_pop_up_goes_by_department_and_escape_leaves_the_dialog_open(sit, customer):
    made = customer()
    page = sit("jingli").page
    page.goto(f"/customers/{made['id']}/")
    page.locator("[data-key=transfer]").first.click()
    page.locator("dialog #id_owner").click()
    page.locator(".lk-people").get_by_role("button", name=re.compile("大客户部")).first.click()
    expect(page.locator(".lk-people [data-person]")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(".lk-people:popover-open")).to_have_count(0)
    expect(page.locator("dialog[open]")).to_have_count(1)
    expect(page.locator("dialog #id_owner")).to_be_focused()


def test_a_new_customer_goes_to_the_pool_by_the_pop_up(served, sit):
    page = sit("jingli").page
    name = f"进池 {os.getpid()}-{uuid4().hex[:6]}"
    page.goto("/customers/new/")
    fill(page, {"name": name, "address": "港口路 1 号", "phone": "0574-1"})
    page.locator("[name=region]").select_option("浙江")
    page.locator("[name=level]").select_option("1")
    page.locator("#id_owner").click()
    page.locator(".lk-people").get_by_role("button", name="放入客户池").click()
    save(page)
    expect(page).to_have_url(re.compile("/customers/$"))
    assert served.rows("SELECT owner_id FROM customers_customer WHERE name = ?", name) == [(None,)]


def test_a_person_is_chosen_from_a_plain_select_without_script(served, sit, customer):
    made = customer()
    page = sit("jingli", java_script_enabled=False).page
    page.goto(f"/customers/{made['id']}/transfer/")
    page.locator("select[name=owner]").select_option(label="周明远")
    page.get_by_role("button", name="转移", exact=True).click()
    assert served.rows("SELECT owner_id FROM customers_customer WHERE id = ?", made["id"])[0][0]


def test_who_leaves_hands_over_first_and_is_disabled_in_the_same_flow(people, sit, customer):
    admin = people["admin"]
    leaver = admin.done("users", {"username": f"liren{os.getpid()}", "name": "离人"})
    made = customer()
    people["jingli"].done(f"customers/{made['id']}/transfer", {"owner": leaver["id"]})
    page = sit("admin").page
    page.goto(f"/users/{leaver['id']}/")
    expect(page.locator("[data-key=disable]").first).to_have_attribute("aria-disabled", "true")
    page.locator("[data-key=hand_over]").first.click()
    page.locator("dialog #id_to").click()
    page.locator(".lk-people [type=search]").fill("陈静")
    expect(page.locator(".lk-people [data-person]").first).to_contain_text("陈静")
    page.locator(".lk-people [type=search]").press("Enter")
    page.locator("dialog [name=disable]").check()
    page.locator("dialog").get_by_role("button", name="工作交接").click()
    toast(page, "已交接：1 条客户")
    assert admin.get(f"users/{leaver['id']}")["status"] == "disabled"
    assert admin.get(f"customers/{made['id']}")["owner__text"] == "陈静"


def test_axe_finds_nothing_in_the_pop_up(sit, customer):
    made = customer()
    desk = sit("jingli", reduced_motion="reduce")
    desk.context.add_init_script(AXE)
    page = desk.page
    for address in (f"/customers/{made['id']}/transfer/", "/customers/new/"):
        page.goto(address)
        page.locator("#id_owner").click()
        expect(page.locator(".lk-people [data-person]").first).to_be_visible()
        assert violations(page) == []
