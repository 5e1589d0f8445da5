"""Favourites and what was opened last: one's own, and only what one may still see."""

from __future__ import annotations

import re

import pytest

from liuke.workspace.models import Favourite, Visit
from tests.house import page_client

pytestmark = pytest.mark.django_db


def told(answer) -> list[str]:
    assert answer.status_code == 200
    return re.findall(r'<a href="([^"]+)"', answer.content.decode())


def opened(user, page: str = "") -> list[str]:
    return told(page_client(user).post("/at-hand/opened/", {"page": page}))


def starred(user, page: str, on: str = "1") -> list[str]:
    return told(page_client(user).post("/at-hand/starred/", {"page": page, "on": on}))


def page_of(record) -> str:
    return f"/{ {'customer': 'customers', 'opportunity': 'opportunities'}[record._meta.model_name] }/{record.pk}/"


def test_the_record_opened_last_stands_first_and_each_once(house):
    one, two = (page_of(house.customer(house.jingli, name=name)) for name in ("a", "b"))
    opened(house.jingli, one)
    opened(house.jingli, two)
    assert opened(house.jingli, one) == [one, two]
    assert Visit.objects.count() == 2


def test_no_more_than_ten_are_kept_and_no_one_elses_are_touched(house):
    pages = [page_of(house.customer(house.jingli, name=f"c{n}")) for n in range(12)]
    opened(house.zhuguan, pages[0])
    for page in pages:
        opened(house.jingli, page)
    assert opened(house.jingli) == pages[:1:-1]
    assert opened(house.zhuguan) == pages[:1]


def test_a_favourite_stands_before_what_was_opened_and_goes_with_its_star(house):
    one, two = (page_of(house.customer(house.jingli, name=name)) for name in ("a", "b"))
    opened(house.jingli, one)
    opened(house.jingli, two)
    assert starred(house.jingli, one) == starred(house.jingli, one) == [one, two]
    assert starred(house.jingli, one, on="0") == starred(house.jingli, one, on="0") == [two, one]


def test_a_star_is_known_however_many_came_after_it(house):
    pages = [page_of(house.customer(house.jingli, name=f"c{n}")) for n in range(12)]
    for page in pages:
        starred(house.jingli, page)
    answer = page_client(house.jingli).post("/at-hand/opened/", {"page": pages[0]})
    assert 'data-favourite="1"' in answer.content.decode()
    assert len(told(answer)) == 11  # the newest ten, and what was opened


@pytest.mark.parametrize("page", ["/opportunities/{}/", "/opportunities/999999/", "/nothing/1/", "/customers/", "//x"])
def test_what_is_out_of_sight_or_no_record_is_not_noted(house, page):
    strange = house.opportunity(house.jingli3, house.jingli3)
    assert opened(house.jingli, page.format(strange.pk)) == starred(house.jingli, page.format(strange.pk)) == []
    assert not Visit.objects.exists()
    assert not Favourite.objects.exists()


def test_what_has_gone_out_of_sight_is_told_no_more(house):
    mine = house.opportunity(house.jingli, house.jingli)
    starred(house.jingli, page_of(mine))
    assert opened(house.jingli, page_of(mine)) == [page_of(mine)]
    mine.reassign(house.jingli2, "交接", by=house.zhuguan)
    assert opened(house.jingli, page_of(mine)) == []
