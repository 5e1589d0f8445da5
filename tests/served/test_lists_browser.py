"""A list in a real browser: rows chosen for an act on many, columns, views, conditions, the drawer, and all by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .browser import Keys, toast

pytestmark = [pytest.mark.browser, pytest.mark.shown]


@pytest.fixture
def page(sit) -> Page:
    return sit("jingli").page


@pytest.fixture
def three(enter) -> list[dict]:
    """Three fresh opportunities that stand first in the list."""
    return [enter(summary=f"一批 {n}") for n in range(3)]


def boxes(page: Page):
    return page.locator("#rows .ck input[name=ids]")


def heads(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#rows thead th").all_inner_texts() if text.strip()]


# an act on many


def test_ticked_rows_are_changed_together(served, page, three):
    page.goto("/opportunities/?scene=mine")
    for row in three:
        page.locator(f"#row-{row['id']} .ck input").check()
    expect(page.locator("#batch b")).to_have_text("已选 3 条")
    page.locator("#batch").get_by_role("button", name="批量修改").click()
    page.locator("#id_field").select_option("success_rate")
    page.locator("dialog [name=success_rate]").fill("77")
    page.locator("dialog footer .btn-primary").click()
    toast(page, "操作成功：3 条")
    rows = served.rows("SELECT success_rate FROM marketing_opportunity WHERE summary LIKE ?", "一批 %")
    assert (77,) in rows


def test_what_could_not_be_done_is_told_row_by_row(page, three, people):
    people["zhuguan"].done(f"opportunities/{three[0]['id']}/assign", {"assignee": people["zhuguan"].user("jingli")})
    page.goto("/opportunities/?scene=mine")
    for row in three[:2]:
        page.locator(f"#row-{row['id']} .ck input").check()
    page.locator("#batch").get_by_role("button", name="删除").click()
    page.locator("dialog footer .btn-danger").click()
    expect(page.locator("#dialog")).to_contain_text("成功 1 条，失败 1 条")
    page.get_by_role("link", name="返回列表").click()
    expect(page.locator(f"#row-{three[1]['id']}")).to_have_count(0)
    expect(page.locator(f"#row-{three[0]['id']}")).to_have_count(1)


def test_all_means_the_whole_list_and_a_filter_takes_the_ticks_out(page):
    page.goto("/customers/")
    page.locator("[data-pick-page]").check()
    expect(page.locator("#batch b")).to_have_text("已选 20 条")
    page.get_by_role("button", name=re.compile("选择全部")).click()
    expect(page.locator("#batch b")).to_have_text(re.compile("已选全部"))
    page.locator("#scenes a", has_text="我的").first.click()
    expect(page.locator("#scenes [aria-current]")).to_have_text("我的")
    expect(page.locator("#batch")).to_be_hidden()
    assert page.locator("#rows .ck input:checked").count() == 0


def test_without_script_the_bar_leads_to_pages(sit):
    page = sit("jingli", java_script_enabled=False).page
    page.goto("/customers/?scene=mine")
    boxes(page).nth(0).check()
    boxes(page).nth(1).check()
    page.locator("#batch [data-key=batch-update]").evaluate("button => button.click()")  # Chromium hides it here only
    expect(page.locator("#verb")).to_contain_text("所选 2 条")
    page.goto("/contacts/columns/")
    page.locator("[name=move][value^=down]").nth(1).click()
    page.locator("[data-save]").click()
    assert "columns=" in page.url


# what a person sets


def test_columns_are_chosen_and_moved_and_put_back(page):
    page.goto("/customers/")
    before = heads(page)
    page.locator("#columns-button").click()
    row = page.locator("[data-item]", has_text=before[2])
    row.locator("[data-step-item='-1']").click()
    page.locator("[data-item]", has_text=before[3]).locator("input[name=show]").uncheck()
    page.locator(".lk-columns [data-save]").click()
    expect(page).to_have_url(re.compile("columns="))
    assert heads(page)[:2] == [before[0], before[2]]
    assert before[3] not in heads(page)
    page.goto("/customers/")
    assert heads(page)[1] == before[2]
    page.locator("#columns-button").click()
    page.locator(".lk-columns [name=reset]").click()
    expect(page.locator("#rows thead th").nth(2)).to_contain_text(before[1])
    assert heads(page) == before


def test_a_column_is_dragged_by_its_handle(page):
    page.goto("/contacts/")
    page.locator("#columns-button").click()
    items = page.locator("[data-item]")
    expect(items.first).to_be_visible()
    second, fourth = items.nth(1).inner_text(), items.nth(3).bounding_box()
    items.nth(1).locator("[data-grip]").hover()
    page.mouse.down()
    page.mouse.move(fourth["x"] + 20, fourth["y"] + fourth["height"] - 4, steps=6)
    page.mouse.up()
    assert items.nth(3).inner_text() == second


def test_a_column_is_made_wider_by_mouse_and_by_keys_and_stays_so(page):
    page.goto("/contacts/")
    head = page.locator("#rows th[data-column]").nth(1)
    edge, before = head.locator(".lk-edge"), widths(page)
    box = edge.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 64, box["y"] + 10, steps=4)
    page.mouse.up()
    place = head.evaluate("head => head.cellIndex")
    grown = widths(page)
    assert grown[place] == pytest.approx(before[place] + 60, abs=1)
    others = [n for n in range(len(before) - 1) if n != place]
    assert [grown[n] for n in others] == pytest.approx([before[n] for n in others], abs=1)
    edge.focus()
    with page.expect_response(lambda answer: answer.url.endswith("/contacts/columns/")):
        Keys(page).press("ArrowLeft", "ArrowLeft")
    kept = widths(page)
    assert kept[place] == pytest.approx(grown[place] - 32, abs=1)
    assert edge.get_attribute("aria-valuenow") == str(round(kept[place]))
    page.reload()
    assert widths(page) == pytest.approx(kept, abs=1)
    with page.expect_response(lambda answer: answer.url.endswith("/contacts/columns/")):
        edge.dblclick()
    assert widths(page)[place] < kept[place]
    assert head.evaluate("head => head.scrollWidth <= head.clientWidth")
    page.locator("#columns-button").click()
    page.locator(".lk-columns [name=reset]").click()
    expect(page.locator("#rows table.sized")).to_have_count(0)


def widths(page: Page) -> list[float]:
    return page.locator("#rows thead th").evaluate_all("heads => heads.map(one => one.getBoundingClientRect().width)")


def test_conditions_are_put_together_kept_as_a_view_and_deleted(page):
    page.goto("/customers/")
    page.locator("#where-button").click()
    page.locator("#where-f1").select_option("created_at")
    page.locator("#where-o1").select_option("between")
    page.locator("#where-v1").fill("2020-01-01")
    page.locator("#where-w1").fill("2036-01-01")
    page.locator(".lk-where [name=add]").click()
    page.locator("#where-o2").select_option("has")
    page.locator("#where-v2").fill("有限")
    page.locator(".lk-where [data-save]").click()
    expect(page.locator(".lk-chips .chip")).to_have_count(2)
    page.get_by_role("link", name="保存为场景").click()
    page.locator("dialog [name=name]").fill("有限公司们")
    page.locator("dialog footer .btn-primary").click()
    expect(page.locator("#scenes [aria-current]")).to_have_text("有限公司们")
    page.get_by_role("link", name="编辑场景").click()
    page.locator("dialog .lk-del").click()
    page.locator("dialog footer .btn-danger").click()
    toast(page, "删除成功")
    expect(page.locator("#scenes")).not_to_contain_text("有限公司们")


def test_the_height_of_rows_is_chosen(page):
    page.goto("/customers/")
    height = boxes(page).first.locator("xpath=ancestor::tr").bounding_box()["height"]
    page.locator(".lk-tools summary").nth(1).click()
    page.get_by_role("button", name="紧凑").click()
    expect(page.locator("#app")).to_have_attribute("data-density", "compact")
    assert boxes(page).first.locator("xpath=ancestor::tr").bounding_box()["height"] < height


# a look beside the list


def test_the_drawer_shows_a_record_and_walks_down_the_list(page):
    page.goto("/customers/?scene=mine")
    names = page.locator("#rows td.lead a").all_inner_texts()
    page.locator("[data-quick]").first.click()
    expect(page.locator("#quick-title")).to_have_text(names[0])
    page.get_by_role("button", name="下一条").click()
    expect(page.locator("#quick-title")).to_have_text(names[1])
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == names[1]


def test_everything_on_a_list_is_done_by_keys(page):
    page.goto("/customers/?scene=mine")
    keys = Keys(page)
    keys.press("j", "x")
    expect(page.locator("#batch b")).to_have_text("已选 1 条")
    keys.press("Shift+ArrowDown", "Shift+ArrowDown")
    expect(page.locator("#batch b")).to_have_text("已选 3 条")
    keys.press("Escape")
    expect(page.locator("#batch")).to_be_hidden()
    keys.press("Control+a")
    assert page.locator("#rows .ck input:not(:checked)").count() == 0
    keys.press("Escape", "j", "Space")
    expect(page.locator("#quick-title")).to_be_visible()
    keys.press("Escape", "o")
    expect(page.locator(".lk-columns")).to_be_visible()
    keys.press("Escape")
    expect(page.locator(".lk-columns")).to_be_hidden()
    keys.press("j", "x", "Delete")
    expect(page.locator("dialog[open] footer [data-first]")).to_be_focused()


def test_a_sum_stands_under_its_column(page):
    page.goto("/opportunities/?scene=mine")
    expect(page.locator("#rows tfoot")).to_contain_text("合计")
    expect(page.locator("#rows tfoot .num").first).to_contain_text("¥")


def test_paper_has_the_list_and_nothing_else(page):
    page.goto("/customers/print/?scene=mine")
    page.emulate_media(media="print")
    expect(page.locator(".lk-sheet-bar")).to_be_hidden()
    expect(page.locator(".lk-sheet h1")).to_contain_text("客户")
