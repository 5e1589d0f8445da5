"""Help says of every entry of everybody's menu what it is."""

from __future__ import annotations

import re

import pytest

from tests.house import PEOPLE, page_client

pytestmark = pytest.mark.django_db
ENTRY = re.compile(r'<div id="([^"]+)"><dt>.*?</dt><dd>(.*?)</dd></div>', re.S)


@pytest.mark.parametrize("name", PEOPLE)
def test_no_entry_of_the_menu_is_without_a_word(house, name):
    page = page_client(getattr(house, name)).get("/help/").content.decode()
    entries = ENTRY.findall(page)
    assert len(entries) > 3
    assert [place for place, text in entries if not text.strip()] == []
