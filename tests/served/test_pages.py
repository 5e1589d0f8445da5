"""Every page in a real browser: lists, both languages, phones, and nothing that complains or leads to a refusal."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from liuke.base.sample_fields import FIELDS
from liuke.service.sample_texts import CASES, COMPLAINTS

from .browser import settle

pytestmark = pytest.mark.browser
ROLES = ("admin", "zhuguan", "jingli", "yewu", "bumen", "gaoguan", "shichang", "kefu")
PEOPLE = ("何建平", "方致远", "林国栋", "陈静", "周明远", "赵小满", "顾维钧", "沈若兰", "唐雨桐", "许文丽")
ADDED = [text for field in FIELDS for text in (field[6], field[3]) if text]  # what the company calls its own fields
RAISED = [one.raised for one in COMPLAINTS if one.raised]
ASKED = [re.escape(text) for text in (*(case.summary for case in CASES), *RAISED)]  # customers' own words, at the head
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{3,}")
NAMES_IN_BOTH = re.compile(r"Excel|CSV|API|YYYY-MM-DD|Enter|Ctrl|Shift|Esc|Home|End|Tab|Liuke|English|xlsx|JSON")
# Words of the product itself; what people have entered stands elsewhere.
WORDS = """() => {
    const seen = [...document.querySelectorAll(`#nav a, th, caption, label, legend, h1, h2, h3, summary, button, a.btn,
        .lk-tabs a, dt, .help, .lk-crumbs li, option[value=""]`)]
        .filter(one => one.checkVisibility() && !one.closest('[id^=id_] label, [id^=step_] label, .lk-data, .lk-demo'))
        .filter(one => !one.closest('[lang]:not(html), tbody, #me'))
        .map(one => [...one.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent).join(' '));
    const said = [...document.querySelectorAll('main [placeholder], header [aria-label], nav [aria-label]')]
        .filter(one => !one.closest('#me, tbody')).flatMap(
            one => [one.getAttribute('placeholder'), one.getAttribute('aria-label')]);
    return [document.title, ...seen, ...said].map(text => (text ?? '').trim()).filter(text => text);
}"""


# lists


def test_searching_exchanges_the_list_and_keeps_the_words_in_the_address(sit, enter):
    chance = enter()
    page = sit("jingli").page
    page.goto("/opportunities/")
    page.locator("[data-search]").press_sequentially(chance["customer_name"])
    expect(page.locator("#rows [data-row]")).to_have_count(1)
    expect(page).to_have_url(re.compile("search="))
    page.reload()
    expect(page.locator("#rows [data-row]")).to_have_count(1)


def test_the_strip_of_figures_comes_after_the_list(sit):
    page = sit("jingli").page
    page.goto("/opportunities/")
    expect(page.locator("#stats a")).to_have_count(4)


def test_who_comes_back_to_a_list_finds_the_row_opened_last(sit, enter):
    enter(), enter()
    page = sit("jingli").page
    page.goto("/opportunities/")
    second = page.locator("#rows [data-row]").nth(1)
    row = second.get_attribute("id")
    second.locator(".lead a").click()
    page.wait_for_url(re.compile(r"/opportunities/\d+/"))
    page.goto("/opportunities/")
    expect(page.locator("#rows .last")).to_have_attribute("id", row)


def test_from_a_record_one_goes_on_to_its_neighbours_in_the_list(sit, enter):
    enter(), enter(), enter()
    page = sit("jingli").page
    page.goto("/opportunities/")
    ids = [row.removeprefix("row-") for row in page.locator("#rows [data-row]").evaluate_all("r => r.map(o => o.id)")]
    page.locator("#rows [data-row] .lead a").first.click()
    page.wait_for_url(f"**/opportunities/{ids[0]}/")
    expect(page.locator("[data-step=previous]")).to_be_hidden()
    page.keyboard.press("]")
    page.wait_for_url(f"**/opportunities/{ids[1]}/")
    page.locator("[data-step=next]").click()
    page.wait_for_url(f"**/opportunities/{ids[2]}/")
    page.keyboard.press("[")
    page.wait_for_url(f"**/opportunities/{ids[1]}/")


# on every page


def leads_on(place) -> bool:
    """A step of an import leads to where the import has got by now; no other link leads elsewhere."""
    return place.status == 302 and re.search(r"/import/(\d+/)?(\w+/)?$", str(place.page)) is not None


@pytest.mark.xdist_group("walk")
@pytest.mark.parametrize("role", [*ROLES[:2], *(pytest.param(role, marks=pytest.mark.shown) for role in ROLES[2:])])
def test_no_link_leads_to_a_refusal_for(walked, role):
    refused = [
        f"{place} ({place.status}), from {place.came_from}"
        for place in walked(role)
        if place.status != 200 and place.came_from and not leads_on(place)
    ]
    assert refused == []


# Records that somebody has opened lately stand in it too, and are no part of the product. They come and go while the
# page is read: found and filtered in one go.
MENU = """() => [...new Set([...document.querySelectorAll('#nav a[href]')]
    .filter(a => !a.closest('.lk-at-hand')).map(a => a.getAttribute('href')))]"""


def menu_of(page: Page) -> list[str]:
    page.goto("/")
    return page.evaluate(MENU)


ERRANDS = "^(校验|撤销导入|导入|导出) .*"  # what a file came to, told once in the language of that day


def leaks(page: Page, addresses: list[str], foreign: re.Pattern) -> dict[str, list[str]]:
    """Words of the product in the wrong language, by page; names of people and what is quoted are data."""
    told = {}
    data = re.compile("|".join([NAMES_IN_BOTH.pattern, "“.*?”|「.*?」", ERRANDS, *PEOPLE, *ADDED, *ASKED]))
    for address in addresses:
        page.goto(address)
        words = [data.sub("", text) for text in page.evaluate(WORDS)]
        if wrong := sorted({text for text in words if foreign.search(text)}):
            told[address] = wrong
    return told


def main_pages(page: Page) -> list[str]:
    lists = [address for address in menu_of(page) if address.startswith("/")]
    forms = [f"{one}new/" for one in lists if one in ("/opportunities/", "/customers/", "/users/", "/roles/")]
    return [*dict.fromkeys([*lists, *forms, "/profile/", "/password/", "/notices/", "/help/"])]


@pytest.mark.shown
@pytest.mark.parametrize("role", ["admin", "zhuguan"])
def test_the_chinese_pages_hold_no_english_words(sit, role):
    page = sit(role).page
    assert leaks(page, main_pages(page), ENGLISH) == {}


@pytest.mark.shown
@pytest.mark.parametrize("role", ["admin", "zhuguan"])
def test_the_english_pages_hold_no_chinese_words(sit, role):
    page = sit(role).page
    page.goto("/")
    choose_language(page, "English")
    try:
        assert leaks(page, main_pages(page), CHINESE) == {}
    finally:
        choose_language(page, "中文")


def choose_language(page: Page, name: str) -> None:
    page.locator("#me > summary").click()
    with page.expect_event("load"):
        page.get_by_role("button", name=name).click()


@pytest.mark.shown
def test_the_choice_of_language_holds_on_the_next_page(sit):
    page = sit("gaoguan").page
    page.goto("/")
    choose_language(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/customers/")
    expect(page.locator("h1")).to_have_text("Customers")
    choose_language(page, "中文")
    expect(page.locator("h1")).to_have_text("客户")


@pytest.mark.shown
def test_the_clock_goes_on(sit):
    desk = sit("zhuguan")
    desk.page.clock.install(time="2026-11-22T06:08:30Z")
    desk.page.goto("/")
    expect(desk.page.locator("[data-clock]")).to_have_text("2026-11-22 14:08")
    desk.page.clock.run_for(31_000)
    expect(desk.page.locator("[data-clock]")).to_have_text("2026-11-22 14:09")


# on a phone


def too_wide(page: Page, addresses: list[str]) -> dict[str, int]:
    """Pages that would have to be scrolled sideways, and by how much."""
    over = {}
    for address in addresses:
        page.goto(address)
        settle(page)
        over[address] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return {address: width for address, width in over.items() if width > 0}


@pytest.mark.shown
def test_nothing_scrolls_sideways_on_a_phone(sit):
    page = sit("zhuguan", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).page
    page.goto("/opportunities/?status=assigned")
    record = page.locator("#rows .lead a").first.get_attribute("href")
    assert too_wide(page, ["/", "/opportunities/", "/opportunities/new/", "/customers/", "/notices/", record]) == {}


@pytest.mark.shown
def test_cards_are_ticked_on_a_phone_and_the_bar_stands_above_its_foot(sit):
    page = sit("jingli", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).page
    page.goto("/customers/?scene=mine")
    expect(page.locator("#batch")).to_be_hidden()
    page.locator(".ck [name=ids]").first.tap()
    expect(page.locator("#batch b")).to_have_text("已选 1 条")
    bar, foot = page.locator("#batch").bounding_box(), page.locator(".lk-bottom").bounding_box()
    assert bar["y"] + bar["height"] == foot["y"]
    page.locator("[data-key=batch-transfer]").tap()
    expect(page.locator("dialog #dialog-title")).to_have_text("转移")


@pytest.mark.shown
def test_the_phone_has_a_bar_at_its_foot_that_leads_to_the_customers(sit):
    page = sit("jingli", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).page
    page.goto("/")
    page.locator(".lk-bottom").get_by_role("link", name="客户").tap()
    expect(page.locator("h1")).to_have_text("客户")
