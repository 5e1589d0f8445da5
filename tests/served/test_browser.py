"""The pages in a real browser: what people do with mouse and keys, with and without script, in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .browser import fill, save, sent_before, toast, unguarded
from .clients import opportunity

pytestmark = [pytest.mark.browser, pytest.mark.shown]
FOCUS = "() => document.activeElement.id || document.activeElement.textContent.trim()"


def focus(page: Page) -> str:
    return page.evaluate(FOCUS)


def found(served, chance: dict) -> list[tuple]:
    alive = "SELECT id, summary FROM marketing_opportunity WHERE customer_name = ? AND deleted_at IS NULL"
    return served.rows(alive, chance["customer_name"])


# signing in


def test_a_person_signs_in_and_is_greeted_by_his_own_name(sit):
    desk = sit()
    desk.sign_in("zhuguan")
    expect(desk.page.locator("#me > summary")).to_contain_text("林国栋")


def test_a_wrong_password_is_told_and_the_name_is_kept(sit):
    desk = sit()
    desk.sign_in("shichang", "wrong")
    expect(desk.page.get_by_role("alert")).to_have_text("用户名或密码错误")
    expect(desk.page.locator("#id_username")).to_have_value("shichang")
    expect(desk.page.locator("#id_password")).to_have_value("")


def test_cancel_clears_what_was_typed_to_sign_in(sit):
    page = sit().page
    page.goto("/login/")
    fill(page, {"username": "zhuguan", "password": "secret"})
    page.get_by_role("button", name="取消").click()
    expect(page.locator("#id_username")).to_have_value("")
    expect(page.locator("#id_password")).to_have_value("")


def test_somebody_else_can_sign_in_in_my_place(sit):
    desk = sit()
    desk.sign_in("kefu")
    page = desk.page
    page.locator("#me > summary").click()
    page.get_by_role("button", name="重新登录").click()
    expect(page).to_have_url(re.compile("/login/"))


# entering


def test_the_browser_does_not_send_a_form_with_an_empty_required_field(sit):
    desk = sit("jingli")
    posts = []
    desk.context.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    desk.page.goto("/opportunities/new/")
    fill(desk.page, opportunity() | {"customer_name": ""})
    save(desk.page)
    assert focus(desk.page) == "id_customer_name"
    assert [url for url in posts if not url.endswith("/at-hand/opened/")] == []


def test_the_server_names_the_empty_field_and_keeps_what_was_typed(sit):
    page = sit("jingli").page
    page.goto("/opportunities/new/")
    fill(page, opportunity() | {"customer_name": "", "summary": "不能丢"})
    unguarded(page)
    save(page)
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors")).to_contain_text("客户名称")
    expect(page.locator("#field-customer_name .invalid-feedback")).to_contain_text("请填写")
    expect(page.locator("[name=summary]")).to_have_value("不能丢")


def test_a_success_rate_of_101_is_refused_with_the_range(served, sit):
    page = sit("jingli").page
    chance = opportunity(success_rate=101)
    page.goto("/opportunities/new/")
    fill(page, chance)
    unguarded(page)
    save(page)
    expect(page.locator("#field-success_rate .invalid-feedback")).to_contain_text("0–100")
    assert found(served, chance) == []


def test_a_double_click_on_save_makes_one_record(served, sit):
    page = sit("jingli").page
    chance = opportunity()
    page.goto("/opportunities/new/")
    fill(page, chance)
    page.locator("#form [data-save]").dblclick()
    toast(page, "保存成功")
    assert len(found(served, chance)) == 1


def test_a_form_that_arrives_twice_shows_the_record_it_made(served, sit):
    page = sit("jingli").page
    chance = opportunity()
    page.goto("/opportunities/new/")
    fill(page, chance)
    sent_before(page)
    save(page)
    expect(page.get_by_role("heading", name="请勿重复提交")).to_be_visible()
    [(made, _summary)] = found(served, chance)
    expect(page.locator(f'main a[href="/opportunities/{made}/"]')).to_be_visible()


def test_save_and_add_another_leads_to_an_empty_form(sit):
    page = sit("jingli").page
    page.goto("/opportunities/new/")
    fill(page, opportunity())
    with page.expect_event("load"):
        page.locator("#form [data-save-new]").click()
    toast(page, "保存成功")
    expect(page.locator("[name=customer_name]")).to_have_value("")


def test_back_after_a_save_does_not_save_again(served, sit):
    page = sit("jingli").page
    chance = opportunity()
    page.goto("/opportunities/new/")
    fill(page, chance)
    save(page)
    expect(page).to_have_url(re.compile(r"/opportunities/\d+/"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/opportunities/new/"))
    page.go_forward()
    expect(page.locator("h1")).to_have_text(chance["customer_name"])
    assert len(found(served, chance)) == 1


def test_saving_the_form_one_has_gone_back_to_does_not_make_a_second_record(served, sit):
    page = sit("jingli").page
    chance = opportunity()
    page.goto("/opportunities/new/")
    fill(page, chance)
    save(page)
    expect(page).to_have_url(re.compile(r"/opportunities/\d+/"))
    page.go_back()
    expect(page.locator("[name=customer_name]")).to_have_value(chance["customer_name"])
    save(page)
    expect(page.get_by_role("heading", name="请勿重复提交")).to_be_visible()
    assert len(found(served, chance)) == 1


# assigning


def open_dialog(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_supervisor_assigns_with_the_mouse(people, sit, enter):
    chance = enter()
    page = sit("zhuguan").page
    page.goto(f"/opportunities/{chance['id']}/")
    open_dialog(page, "指派")
    page.get_by_role("dialog").get_by_label("陈静").check()
    page.get_by_role("dialog").get_by_role("button", name="指派").click()
    toast(page, "指派成功")
    assert people["zhuguan"].get(f"opportunities/{chance['id']}")["assignee__text"] == "陈静"


def test_escape_closes_the_dialog_and_the_focus_returns_to_its_opener(sit, enter):
    page = sit("zhuguan").page
    page.goto(f"/opportunities/{enter()['id']}/")
    page.locator("main").get_by_role("link", name="指派", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert focus(page) == "指派"


def test_the_focus_stays_inside_an_open_dialog(sit, enter):
    page = sit("zhuguan").page
    page.goto(f"/opportunities/{enter()['id']}/")
    open_dialog(page, "指派")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")


def test_a_second_supervisor_is_told_that_it_is_assigned_already(people, sit, enter):
    chance = enter()
    page = sit("zhuguan").page
    page.goto(f"/opportunities/{chance['id']}/")
    open_dialog(page, "指派")
    people["gaoguan"].done(f"opportunities/{chance['id']}/assign", {"assignee": people["gaoguan"].user("jingli2")})
    page.get_by_role("dialog").get_by_label("陈静").check()
    page.get_by_role("dialog").get_by_role("button", name="指派").click()
    expect(page.get_by_role("dialog")).to_contain_text("已指派")


# developing


def test_a_step_is_planned_and_executed_in_place(sit, assigned):
    page = sit("jingli").page
    page.goto(f"/opportunities/{assigned()['id']}/")
    add = page.get_by_role("form", name="新加计划项")
    add.get_by_label("日期", exact=False).first.fill("2030-01-31")
    add.get_by_label("计划内容").fill("上门演示")
    add.get_by_role("button", name="新加计划项").click()
    toast(page, "保存成功")
    row = page.locator("#plan tbody tr")
    expect(row).to_contain_text("2030-01-31")
    row.locator("summary").click()
    row.locator("textarea").fill("客户满意")
    row.get_by_role("button", name="保存").click()
    toast(page, "保存成功")
    expect(page.locator("#plan tbody tr")).to_contain_text("客户满意")
    expect(page.locator("#plan tbody textarea")).to_have_count(0)


def test_a_step_is_changed_in_a_dialog_but_never_its_date(sit, people, assigned):
    chance = assigned()
    people["jingli"].done("plan-items", {"opportunity": chance["id"], "date": "2030-01-31", "content": "电话"})
    page = sit("jingli").page
    page.goto(f"/opportunities/{chance['id']}/")
    page.get_by_role("link", name="编辑：电话").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[name=date]")).to_be_disabled()
    dialog.locator("[name=content]").fill("改为拜访")
    dialog.locator("[data-save]").click()
    toast(page, "保存成功")
    expect(page.locator("#plan tbody")).to_contain_text("改为拜访")


def test_when_all_steps_have_results_the_page_asks_for_the_verdict(sit, people, assigned):
    chance = assigned()
    step = people["jingli"].done("plan-items", {"opportunity": chance["id"], "date": "2030-01-31", "content": "电话"})
    people["jingli"].done(f"plan-items/{step['id']}/execute", {"result": "愿意购买"})
    page = sit("jingli").page
    page.goto(f"/opportunities/{chance['id']}/")
    expect(page.locator(".lk-verdict").get_by_role("link", name="开发成功")).to_be_visible()
    expect(page.locator(".lk-verdict").get_by_role("link", name="终止开发")).to_be_visible()


def test_a_win_with_a_namesake_asks_and_links_to_the_chosen_customer(people, sit, assigned):
    first = assigned()
    customer = people["jingli"].done(f"opportunities/{first['id']}/win")["customer"]
    second = assigned(customer_name=first["customer_name"])
    page = sit("jingli").page
    page.goto(f"/opportunities/{second['id']}/")
    open_dialog(page, "开发成功")
    page.locator(f"#customer-{customer}").check()
    page.get_by_role("dialog").get_by_role("button", name="开发成功").click()
    toast(page, "操作成功")
    assert people["jingli"].get(f"opportunities/{second['id']}")["customer"] == customer


def test_stopping_asks_for_a_reason(people, sit, assigned):
    chance = assigned()
    page = sit("jingli").page
    page.goto(f"/opportunities/{chance['id']}/")
    open_dialog(page, "终止开发")
    page.get_by_role("dialog").locator("textarea, input[name=reason]").fill("没有预算")
    page.get_by_role("dialog").get_by_role("button", name="终止开发").click()
    toast(page, "操作成功")
    after = people["jingli"].get(f"opportunities/{chance['id']}")
    assert (after["status"], after["lost_reason"]) == ("lost", "没有预算")


# deleting


def test_a_deleted_record_comes_back_by_undo(served, sit, enter):
    chance = enter()
    page = sit("jingli").page
    page.goto(f"/opportunities/{chance['id']}/")
    page.get_by_role("link", name="删除").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("确认删除?")
    expect(dialog.get_by_role("link", name="取消")).to_be_focused()
    dialog.get_by_role("button", name="删除").click()
    toast(page, "删除成功")
    assert found(served, chance) == []
    with page.expect_event("load"):
        page.locator("#toasts").get_by_role("button", name="撤销").click()
    assert len(found(served, chance)) == 1


def test_cancel_in_the_question_deletes_nothing(served, sit, enter):
    chance = enter()
    page = sit("jingli").page
    page.goto(f"/opportunities/{chance['id']}/")
    page.get_by_role("link", name="删除").first.click()
    page.get_by_role("dialog").get_by_role("link", name="取消").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert len(found(served, chance)) == 1


def test_who_has_not_made_it_sees_why_he_cannot_delete_it(sit, enter):
    page = sit("zhuguan").page
    page.goto(f"/opportunities/{enter()['id']}/")
    button = page.locator('[data-key="delete"]')
    expect(button).to_be_disabled()
    expect(button).to_contain_text("只有创建人可以删除该销售机会")


# two people on one record


def test_a_stale_edit_shows_both_versions_and_saves_what_is_chosen(served, sit, enter):
    chance = enter()
    address = f"/opportunities/{chance['id']}/edit/"
    first, second = sit("zhuguan").page, sit("jingli2").page
    first.goto(address)
    second.goto(address)
    fill(first, {"summary": "主管的概要"})
    save(first)
    toast(first, "保存成功")
    fill(second, {"summary": "经理的概要"})
    save(second)
    expect(second.locator("main h1")).to_have_text("记录已被他人修改,请刷新后重试")
    expect(second.locator("tr.differs")).to_have_count(1)
    expect(second.locator("tr.differs")).to_contain_text("主管的概要")
    expect(second.locator("tr.differs")).to_contain_text("经理的概要")
    save(second)
    toast(second, "保存成功")
    assert found(served, chance) == [(chance["id"], "经理的概要")]


# without script


def test_everything_goes_without_script(served, sit):
    desk = sit(java_script_enabled=False)
    page, chance = desk.page, opportunity()
    desk.sign_in("jingli")
    page.goto("/opportunities/")
    page.get_by_role("link", name="新加", exact=True).first.click()
    fill(page, chance)
    save(page)
    expect(page.locator("h1")).to_have_text(chance["customer_name"])
    expect(page.locator("#toasts")).to_contain_text("保存成功")
    page.get_by_role("link", name="编辑", exact=True).click()
    fill(page, {"summary": "没有脚本"})
    save(page)
    [(made, summary)] = found(served, chance)
    assert summary == "没有脚本"
    page.goto(f"/opportunities/?search={chance['customer_name']}")
    expect(page.locator("#rows [data-row]")).to_have_count(1)
    page.goto(f"/opportunities/{made}/")
    page.get_by_role("link", name="删除").first.click()
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("删除成功")
    assert found(served, chance) == []


# a call comes in


def test_the_customer_of_a_call_is_found_by_what_is_typed_at_once(sit):
    """Nobody clicks first: the words go into the field that has the focus; not even the answer to none is offered."""
    page = sit("kefu").page
    page.goto("/service-requests/new/")
    expect(page.locator("#id_customer-ts-control")).to_be_focused()
    expect(page.locator(".ts-dropdown .option:visible")).to_have_count(0)
    page.keyboard.type("ningbo", delay=30)
    found = page.locator(".ts-dropdown .option")
    expect(found.first).to_contain_text("宁波")
    page.wait_for_timeout(600)  # a late answer to an empty question would have come by now
    expect(found.filter(has_not_text="宁波")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#id_customer option:checked")).to_contain_text("宁波")
    page.keyboard.press("Tab")
    expect(page.locator("#id_type")).to_be_focused()
