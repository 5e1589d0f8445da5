"""No page, dialog or menu shuts anybody out: axe finds nothing, for every role, light and dark."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from .browser import Desk, fill, save, sent_before, settle, unguarded
from .clients import opportunity
from .walk import places

pytestmark = pytest.mark.browser
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that a theme changes
RUN = """async only => {
    const told = await axe.run(document, {runOnly: only, resultTypes: ['violations']});
    return told.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.target} ${node.any[0]?.message ?? rule.help}`));
}"""
# Rows of a table that differ in their words only are judged by the first of them.
THIN_OUT = """() => {
    const seen = new Set();
    for (const row of document.querySelectorAll('tbody tr')) {
        const bare = row.outerHTML.replace(/>[^<]*</g, '><').replace(/ (href|id|value|title|aria-[a-z]+)="[^"]*"/g, '');
        if (seen.has(bare)) row.remove(); else seen.add(bare);
    }
}"""
ROLES = ("admin", "zhuguan", "jingli", "yewu", "bumen", "gaoguan", "shichang", "kefu")
_looked_at: set[frozenset[str]] = set()  # a page built like one of another role's needs no second look
_seen_dark: set[str] = set()  # elements whose colours are known


def violations(page, dark: bool = True) -> list[str]:
    """In the light theme all rules, in the dark one those about colours."""
    settle(page)
    page.evaluate(THIN_OUT)
    found = [f"light: {line}" for line in page.evaluate(RUN, {"type": "tag", "values": TAGS})]
    if dark:
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        found += [f"dark: {line}" for line in page.evaluate(RUN, {"type": "rule", "values": COLOURS})]
    return found


@pytest.fixture
def look(sit):
    """Seats a person with axe in the browser; motion is off, so that nothing is judged half faded in."""

    def look(name: str = "", **options) -> Desk:
        desk = sit(name, reduced_motion="reduce", **options)
        desk.context.add_init_script(AXE)
        return desk

    return look


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_on_any_page_or_dialog_of(served, look, role):
    page, found = look(role).page, {}
    for place in places(served.pages(role)):
        if place.shape in _looked_at and place.page != "/":
            continue
        _looked_at.add(place.shape)
        page.goto(place.page)
        if place.dialog:
            page.locator(f'a[data-dialog][href="{place.dialog}"]').first.dispatch_event("click")
            page.wait_for_selector("dialog[open]")
        found[str(place)] = violations(page, dark=not place.shape <= _seen_dark)
        _seen_dark.update(place.shape)
    assert {place: lines for place, lines in found.items() if lines} == {}


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


@pytest.mark.parametrize("address", ["/", "/opportunities/", "/opportunities/new/", "/customers/", "/notices/"])
def test_axe_finds_nothing_on_a_phone(look, address):
    page = look("jingli", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).page
    page.goto(address)
    assert violations(page) == []
