"""Contacts by the letter of their name (CONT-03)."""

from __future__ import annotations

import pytest

from liuke.core.search.letters import letter_of


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("王伟", "W"), ("单田芳", "S"), ("仇英", "Q"), ("曾国强", "Z"), ("解缙", "X"), ("陈静", "C"), ("区少坤", "O"),
        ("smith", "S"), ("Ａnna", "A"), ("7 号", "#"), ("", "#"), ("（无）", "#"),
    ],
)  # fmt: skip
def test_a_name_stands_under_its_letter(name, letter):
    assert letter_of(name) == letter


@pytest.fixture
def people(house):
    customer = house.customer(house.jingli)
    return [house.contact(customer, name=name) for name in ("单田芳", "王伟", "孙丽", "7 号")]


def test_the_letter_follows_the_name_and_the_list_filters_by_it(people, house, api, as_):
    told = api(house.jingli).get("contacts", letter="S").json()["items"]
    assert {one["name"] for one in told} == {"单田芳", "孙丽"}
    people[0].update({"name": "丹田芳"}, by=house.jingli)
    page = as_(house.jingli).get("/contacts/?letter=S").content.decode()
    assert "孙丽" in page
    assert "丹田芳" not in page
    assert "7 号" in as_(house.jingli).get("/contacts/?letter=%23").content.decode()


def test_the_bar_stands_above_contacts_and_marks_the_letter_chosen(people, house, as_):
    client = as_(house.jingli)
    page = client.get("/contacts/?letter=S").content.decode()
    assert page.count('id="letter-') == 28
    assert 'id="letter-S" aria-current="true"' in page
    assert 'id="letter-' not in client.get("/customers/").content.decode()
