"""The real product, served by two web processes on a database of its own that holds the demo data.

`tools/suite.py` runs the suite once for each database. The product runs on the database of that run, so nothing is
done twice; what a browser shows does not depend on the database and is looked at once, on SQLite.
"""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from .axe import AXE
from .browser import ARGUMENTS, Desk
from .clients import opportunity
from .product import LOGINS, Demo, Product
from .walk import Place, places


@pytest.fixture(scope="session")
def demo(tmp_path_factory, request):
    """The demo data, made once for all processes of this run."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if hasattr(request.config, "workerinput") else folder
    with Demo.shared(folder / "demo") as made:
        yield made


@pytest.fixture(scope="session")
def served(demo, tmp_path_factory):
    """`liuke serve --workers 2` on a copy of the demo data. Whatever is done to it, it may not fail inside."""
    with Product(demo, tmp_path_factory.mktemp("served")) as product:
        yield product
        complaints = product.complaints()
    assert not complaints, complaints


@pytest.fixture
def people(served):
    """The API of each person who acts."""
    return {name: served.api(name) for name in LOGINS}


@pytest.fixture
def enter(people):
    """Makes an opportunity, entered by jingli and not assigned yet."""
    return lambda **values: people["jingli"].done("opportunities", opportunity(**values))


@pytest.fixture
def assigned(people, enter):
    """Makes an opportunity of jingli's, ready to be won."""
    jingli = people["zhuguan"].user("jingli")

    def make(**values) -> dict:
        made = enter(**values)
        return people["zhuguan"].done(f"opportunities/{made['id']}/assign", {"assignee": jingli})

    return make


@pytest.fixture(scope="session")
def chromium():
    program = os.environ.get("LIUKE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.skip("no Chromium on this machine: install it or set LIUKE_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sessions(served):
    """Who has signed in once, by name: signing in is slow on purpose."""
    known = {}

    def session(name: str) -> list[dict]:
        known[name] = known.get(name) or served.pages(name).cookies
        return known[name]

    return session


@pytest.fixture(scope="session")
def walked(served):
    """Every page and dialog that links lead a person to, walked once; who walks is in the group "walk" for that."""
    known = {}

    def walk(name: str) -> list[Place]:
        known[name] = known.get(name) or places(served.pages(name))
        return known[name]

    return walk


@pytest.fixture
def sit(chromium, served, sessions):
    """Seats a person before a browser of his own; what the browser complains of is a failure."""
    desks = []

    def sit(name: str = "", **options) -> Desk:
        desk = Desk(chromium, served.address, **options)
        desks.append(desk)
        if name:
            desk.enter(sessions(name))
        return desk

    yield sit
    complaints = [complaint for desk in desks for complaint in desk.complaints]
    for desk in desks:
        desk.context.close()
    assert complaints == []


@pytest.fixture
def look(sit):
    """Seats a person with axe in the browser; motion is off, so that nothing is judged half faded in."""

    def look(name: str = "", **options) -> Desk:
        desk = sit(name, reduced_motion="reduce", **options)
        desk.context.add_init_script(AXE)
        return desk

    return look
