"""The pop-up finds people as search boxes do: by characters, pinyin, initials, and by their department (CUST-02)."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def found(house, as_):
    def ask(q, **more):
        text = as_(house.jingli).get("/users/pick/", {"q": q, **more}).content.decode()
        return set(re.findall('data-text="([^"]+)"', text))

    return ask


@pytest.mark.parametrize("typed", ["沈若兰", "若", "shenruolan", "ruolan", "srl", "SRL", "shenrl", "jingli3"])
def test_one_person_is_found_however_the_name_is_typed(found, typed):
    assert found(typed) == {"沈若兰"}


@pytest.mark.parametrize("typed", ["大客户", "dakehu", "dkhb"])
def test_a_department_finds_its_people(found, typed):
    assert found(typed) == {"顾维钧", "沈若兰"}


def test_every_word_must_be_met_by_name_or_department(found):
    assert found("dkhb srl") == {"沈若兰"}
    assert found("xsb srl") == set()


def test_what_no_name_can_hold_finds_nobody(found):
    assert found("\x00") == set()
    assert found("沈若兰\x00") == set()


def test_who_is_disabled_is_not_offered(house, found):
    house.kefu.disable(by=house.admin)
    assert found("xuwenli") == set()
