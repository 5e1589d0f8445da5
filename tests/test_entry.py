"""Nothing lost, nothing doubled: one-time keys, versions, conflicts, numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuke.core import clock
from liuke.core.models import Event, OneTimeKey
from liuke.core.models.numbers import next_number, next_numbers
from liuke.core.refusals import Refused, Stale
from liuke.customers.models import Customer
from liuke.marketing.models import Opportunity

GIVEN = {"customer_name": "象山船厂", "success_rate": 60, "summary": "两台流量计", "description": "春季招标"}


# sent twice


def test_a_form_sent_twice_makes_one_record_and_says_where_it_is(house, as_, unchanged):
    pages = as_(house.jingli)
    assert pages.post("/opportunities/new/", GIVEN | {"once": "abc"}).status_code == 302
    made = Opportunity.objects.get()
    with unchanged():
        again = pages.post("/opportunities/new/", GIVEN | {"once": "abc"})
        assert again.status_code == 409
        assert f"/opportunities/{made.pk}/" in again.content.decode()


def test_every_new_form_carries_another_key(house, as_):
    pages = as_(house.jingli)

    def key() -> str:
        page = pages.get("/opportunities/new/").content.decode()
        return page.partition('name="once" value="')[2].partition('"')[0]

    first, second = key(), key()
    assert len(first) > 15
    assert first != second


def test_a_form_with_an_error_keeps_its_key_and_what_was_typed(house, as_):
    answer = as_(house.jingli).post("/opportunities/new/", GIVEN | {"once": "abc", "success_rate": "101"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="abc"' in text
    assert "两台流量计" in text
    assert not OneTimeKey.objects.exists()


def test_an_idempotency_key_answers_with_the_first_record(house, api, unchanged):
    program = api(house.jingli)
    first = program.post("opportunities", GIVEN, key="k-1")
    with unchanged():
        again = program.post("opportunities", GIVEN, key="k-1")
        assert (first.status_code, again.status_code, again.json()["id"]) == (201, 200, first.json()["id"])
        other = program.post("opportunities", GIVEN | {"success_rate": 1}, key="k-1")
        assert (other.status_code, list(other.json()["errors"])) == (422, ["Idempotency-Key"])
        assert program.post("opportunities", GIVEN, key="x" * 201).status_code == 422


def test_a_key_belongs_to_one_user_and_one_address(house, api):
    api(house.jingli).post("opportunities", GIVEN, key="k-1")
    assert api(house.jingli2).post("opportunities", GIVEN, key="k-1").status_code == 201
    assert api(house.jingli).post("customers", {}, key="k-1").status_code == 422
    assert Opportunity.objects.count() == 2


def test_a_key_is_remembered_for_a_day(house, api):
    program = api(house.jingli)
    program.post("opportunities", GIVEN, key="k-1")
    with clock.at(clock.now() + timedelta(hours=23)):
        assert program.post("opportunities", GIVEN, key="k-1").status_code == 200
    with clock.at(clock.now() + timedelta(hours=25)):
        assert program.post("opportunities", GIVEN, key="k-1").status_code == 201


def test_a_refused_request_uses_up_no_key(house, api):
    program = api(house.jingli)
    assert program.post("opportunities", GIVEN | {"success_rate": 101}, key="k-1").status_code == 422
    assert program.post("opportunities", GIVEN, key="k-1").status_code == 201


def test_a_verb_with_a_key_is_done_once(house, api, unchanged):
    made, program = house.opportunity(house.jingli, house.jingli), api(house.jingli)
    assert program.post(f"opportunities/{made.pk}/win", {}, key="w").status_code == 200
    with unchanged():
        again = program.post(f"opportunities/{made.pk}/win", {}, key="w")
        assert (again.status_code, again.json()["status"]) == (200, "won")


# two people at one record


def test_a_stale_edit_changes_nothing_and_shows_both_versions(house, as_, api, unchanged):
    made = house.opportunity(house.jingli)
    pages, stale = as_(house.jingli), made.version
    made.update({"summary": "主管改的"}, by=house.zhuguan)
    sent = GIVEN | {"summary": "经理改的", "version": stale}
    with unchanged():
        answer = pages.post(f"/opportunities/{made.pk}/edit/", sent)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "主管改的" in text
        assert "经理改的" in text
        assert house.zhuguan.name in text
    told = api(house.jingli)
    with unchanged():
        refused = told.patch(f"opportunities/{made.pk}", summary="经理改的", version=stale)
        assert (refused.status_code, refused.json()["code"]) == (409, "stale")
        with pytest.raises(Stale):
            made.update({"summary": "x"}, by=house.jingli, version=stale)
    assert pages.post(f"/opportunities/{made.pk}/edit/", sent | {"version": made.version}).status_code == 302


def test_a_version_is_a_number(house, api, unchanged):
    made, program = house.opportunity(house.jingli), api(house.jingli)
    with unchanged():
        for wrong in ("1", 1.5, [], True):
            assert list(program.patch(f"opportunities/{made.pk}", version=wrong, summary="x").json()["errors"]) == [
                "version"
            ]


def test_a_verb_reads_its_row_again_under_a_lock(house):
    """Whoever holds an old copy of the record decides by the present one."""
    made = house.opportunity(house.jingli, house.jingli)
    copy, another = Opportunity.objects.get(pk=made.pk), Opportunity.objects.get(pk=made.pk)
    made.update({"subject": "新的"}, by=house.jingli)
    with CaptureQueriesContext(connection) as asked:
        copy.lose("没有预算", by=house.jingli)
    assert connection.vendor == "sqlite" or any("FOR NO KEY UPDATE" in one["sql"] for one in asked)
    assert (copy.subject, copy.version) == ("新的", made.version + 1)
    with pytest.raises(Refused) as refused:
        another.win("new", by=house.jingli)
    assert refused.value.code == "is_lost"
    assert not Customer.objects.exists()


def test_what_a_verb_fails_at_leaves_the_object_as_it_was(house, monkeypatch):
    made = house.opportunity(house.jingli, house.jingli)

    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("liuke.core.events.tell", broken)
    with pytest.raises(ZeroDivisionError):
        made.lose("没有预算", by=house.jingli)
    assert (made.status, Opportunity.objects.get(pk=made.pk).status) == ("assigned", "assigned")
    assert not Event.of(made).filter(verb="lose").exists()


# numbers


def test_numbers_count_within_a_day_and_never_repeat(house):
    monday = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    with clock.at(monday):
        assert [next_number("JH"), next_number("JH"), next_number("KH")] == [
            "JH2026112300001",
            "JH2026112300002",
            "KH2026112300001",
        ]
        assert next_numbers("JH", 3) == [f"JH202611230000{n}" for n in (3, 4, 5)]
    with clock.at(monday + timedelta(days=1)):
        assert next_number("JH") == "JH2026112400001"
    with clock.at(datetime(2026, 11, 23, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))):
        assert next_number("JH") == "JH2026112300006"


def test_a_deleted_record_keeps_its_number(house):
    first = house.opportunity(house.jingli).delete(by=house.jingli)
    assert house.opportunity(house.jingli).number > first.number


# events


def test_every_act_is_one_event_with_who_and_what(house):
    made = house.opportunity(house.jingli)
    made.update({"success_rate": 80}, by=house.zhuguan)
    made.delete(by=house.jingli)
    made.restore(by=house.jingli)
    told = list(Event.of(made).order_by("id").values_list("verb", "actor__username"))
    assert told == [("create", "jingli"), ("update", "zhuguan"), ("delete", "jingli"), ("restore", "jingli")]
    assert Event.of(made).get(verb="update").changes == {"success_rate": [40, 80]}
    assert Event.of(made).get(verb="create").changes["customer_name"] == [None, "宁波港口机械"]
