"""Every page and dialog that links lead to, opened once in a browser: what is wrong with its look, for every role."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.sync_api import Page

from .axe import DIALOG, FRAME, violations
from .browser import DESKTOP, settle
from .walk import LookedAt, Place

pytestmark = [pytest.mark.browser, pytest.mark.shown, pytest.mark.xdist_group("walk")]
ROLES = ("admin", "zhuguan", "jingli", "yewu", "bumen", "gaoguan", "shichang", "kefu")
NARROW = {"width": 320, "height": 640}


class Look(NamedTuple):
    """What is wrong with a page: what axe found, how many pixels too wide it is on a narrow screen."""

    place: str
    violations: list[str]
    too_wide: int


@pytest.fixture(scope="module")
def looks():
    """What has been looked at, by role; a page that is made as one of an earlier role is not looked at again."""
    return {}


@pytest.fixture(scope="module")
def seen():
    return Seen(LookedAt(own=True), set())


class Seen(NamedTuple):
    places: LookedAt
    dark: set[str]  # elements whose colours are known


@pytest.fixture
def looked(walked, look, looks, seen):
    def looked(role: str) -> list[Look]:
        if role not in looks:
            page = look(role).page
            looks[role] = [_look(page, place, seen.dark) for place in walked(role) if seen.places.is_new(place)]
        return looks[role]

    return looked


def _look(page: Page, place: Place, dark: set[str]) -> Look:
    page.goto(place.page)
    if place.dialog:
        page.locator(f'a[data-dialog][href="{place.dialog}"]').first.dispatch_event("click")
        page.wait_for_selector("dialog[open]")
    over = 0 if place.dialog else _too_wide(page)
    part = DIALOG if place.dialog else FRAME if place.page != "/" else None
    found = violations(page, dark=not place.shape <= dark, part=part)  # thins out the rows: last
    dark.update(place.shape)
    return Look(str(place), found, over)


def _too_wide(page: Page) -> int:
    settle(page)
    page.set_viewport_size(NARROW)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size(DESKTOP)
    return over


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_on_any_page_or_dialog_of(looked, role):
    assert {look.place: look.violations for look in looked(role) if look.violations} == {}


@pytest.mark.parametrize("role", ROLES)
def test_nothing_scrolls_sideways_at_320_pixels(looked, role):
    assert {look.place: look.too_wide for look in looked(role) if look.too_wide > 0} == {}
