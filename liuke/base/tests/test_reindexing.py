"""Search tells the truth about added fields after they, or what they choose from, have changed."""

from __future__ import annotations

import pytest

from liuke.base.models import CustomField, DictionaryItem
from liuke.core.jobs import runner, store
from liuke.core.models import JobRun, SearchEntry


@pytest.fixture
def field(house):
    return CustomField(
        resource="customers", kind="choice", category="投诉类别", label="测量介质", code="medium"
    ).create(by=house.admin)  # fmt: skip


@pytest.fixture
def found(house, api):
    program = api(house.zhuguan)
    return lambda text: [one["name"] for one in program.get("customers", search=text).json()["items"]]


@pytest.fixture
def customer(house, field):
    item = house.item("投诉类别", "交货延误")
    made = house.customer(house.jingli, name="甲公司")
    return made.update({"x_medium": item.pk}, by=house.jingli)


def asked() -> list[dict]:
    return [one.payload for one in JobRun.objects.filter(name="search-again", state="queued")]


def work() -> None:
    while run := store.take_next("test"):
        runner.execute(run)


def test_a_choice_that_gets_another_name_is_found_by_it(house, customer, found):
    assert found("交货") == ["甲公司"]
    item = house.item("投诉类别", "交货延误")
    item.update({"entry": "迟迟不到"}, by=house.admin)
    assert asked() == [{"item": item.pk}]
    work()
    assert found("迟迟") == ["甲公司"]
    assert found("ccbd") == ["甲公司"]
    assert found("交货") == []


def test_values_of_a_deleted_field_find_nothing_and_a_restored_one_finds_again(house, field, customer, found):
    field.delete(by=house.admin)
    work()
    assert found("交货") == []
    field.restore(by=house.admin)
    work()
    assert found("交货") == ["甲公司"]


def test_what_no_value_uses_and_what_no_search_shows_asks_for_nothing(house, field, customer):
    house.item("投诉类别", "其他").update({"entry": "另外"}, by=house.admin)
    house.item("投诉类别", "交货延误").update({"position": 9}, by=house.admin)
    field.update({"label": "介质"}, by=house.admin)
    CustomField(resource="customers", label="空的", code="empty").create(by=house.admin).delete(by=house.admin)
    assert asked() == []


def test_run_by_hand_it_mends_all_values_and_nothing_is_written_twice(house, customer, found):
    DictionaryItem.objects.filter(value="交货延误").update(entry="迟迟不到")
    JobRun.objects.create(name="search-again")
    work()
    assert found("迟迟") == ["甲公司"]
    before = list(SearchEntry.objects.order_by("pk").values())
    JobRun.objects.create(name="search-again")
    work()
    assert list(SearchEntry.objects.order_by("pk").values()) == before
