"""The box over everything and the palette without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def marked(page: Page, listbox: str):
    return page.locator(f'{listbox} [role="option"][aria-selected="true"]')


def name_of_one(page: Page) -> str:
    """A customer of the demo house."""
    page.goto("/customers/?ordering=id")
    return page.locator("#rows [data-row] .lead a").first.inner_text().strip()


def test_a_customer_is_found_from_anywhere_by_keys_alone(sit):
    page = sit("jingli").page
    name = name_of_one(page)
    page.goto("/")
    page.keyboard.press("/")
    box = page.locator("#everything")
    expect(box).to_be_focused()
    page.keyboard.type(name, delay=5)
    first = page.locator("#everything-list [role=option]").first
    expect(first).to_contain_text(name)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(marked(page, "#everything-list")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)


def test_enter_without_a_choice_leads_to_all_results_and_escape_closes_the_suggestions(sit):
    page = sit("jingli").page
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("yx", delay=20)
    expect(page.locator("#everything-list [role=option]").last).to_contain_text("yx")
    page.keyboard.press("Escape")
    expect(page.locator("#everything-list")).to_be_hidden()
    page.locator("#everything").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=yx"))
    expect(page.locator("#k-customers")).to_be_visible()


def test_a_list_keeps_the_slash_for_its_own_box(sit):
    page = sit("jingli").page
    page.goto("/customers/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


def test_the_palette_goes_by_initials_and_gives_the_focus_back(sit):
    page = sit("jingli").page
    page.goto("/customers/")
    page.locator("#search").focus()
    page.keyboard.press("Control+k")
    box = page.locator("[data-palette] input")
    expect(box).to_be_focused()
    page.keyboard.type("xsjh", delay=20)
    expect(marked(page, "#palette-list")).to_have_attribute("href", "/opportunities/")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.keyboard.type("销售机会", delay=20)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/opportunities/$"))


def test_the_palette_finds_records_and_walks_round_with_the_arrows(sit):
    page = sit("jingli").page
    name = name_of_one(page)
    page.keyboard.press("Control+k")
    expect(page.locator("[data-palette] input")).to_be_focused()
    page.keyboard.type(name, delay=5)
    expect(page.locator("#palette-list [data-hits] [role=option]").first).to_contain_text(name)
    page.keyboard.press("ArrowUp")
    expect(marked(page, "#palette-list")).to_have_attribute("href", re.compile("^/search/"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)


def test_what_is_typed_before_the_palette_has_come_is_not_lost(sit):
    page = sit("jingli").page
    page.goto("/customers/")
    page.route("**/palette/", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.keyboard.press("Control+k")
    page.keyboard.type("xsjh")
    expect(page.locator("[data-palette] input")).to_have_value("xsjh")
    expect(marked(page, "#palette-list")).to_have_attribute("href", "/opportunities/")


def test_an_input_method_that_composes_is_left_alone(sit):
    page = sit("jingli").page
    page.goto("/")
    page.keyboard.press("Control+k")
    box = page.locator("[data-palette] input")
    expect(box).to_be_focused()
    before = marked(page, "#palette-list").get_attribute("id")
    for key in ("ArrowDown", "Enter", "Escape"):
        box.dispatch_event("keydown", {"key": key, "isComposing": True})
    assert marked(page, "#palette-list").get_attribute("id") == before
    expect(page.locator("dialog[open]")).to_have_count(1)


def test_without_script_the_box_leads_to_the_results(sit):
    page = sit("jingli", java_script_enabled=False).page
    page.goto("/")
    page.locator("#everything").fill("yx")
    page.locator("#everything").press("Enter")
    expect(page.locator("#k-customers")).to_be_visible()
