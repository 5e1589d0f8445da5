"""Development plans: only of assigned opportunities, dated once, carried out once. And the notes beside them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liuke.core import clock
from liuke.core.models import Notice
from liuke.marketing.models import FollowUpNote, PlanItem

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()


@pytest.fixture
def ours(house):
    return house.opportunity(house.jingli, house.jingli, contact_name="周工", contact_phone="13800138000")


def test_the_assignee_plans_and_carries_it_out_unless_somebody_is_named(ours, house, as_, api):
    given = {"opportunity": ours.pk, "date": TOMORROW, "content": "送样品"}
    assert as_(house.jingli).post("/plan-items/new/", given).status_code == 302
    assert PlanItem.objects.get().executor == house.jingli
    told = api(house.jingli).post("plan-items", given | {"executor": house.yewu.pk})
    assert (told.status_code, told.json()["executor__text"]) == (201, house.yewu.name)
    assert Notice.objects.filter(user=house.yewu, kind="plan.given").count() == 1


@pytest.mark.parametrize("day", ["", "2026-02-30", "tomorrow", "2026/01/01x", 20260101, None])
def test_the_date_is_a_day(day, ours, house, api, unchanged):
    program = api(house.jingli)
    with unchanged():
        told = program.post("plan-items", {"opportunity": ours.pk, "date": day, "content": "送样品"})
        assert (told.status_code, list(told.json()["errors"])) == (422, ["date"])


def test_only_assigned_opportunities_have_a_plan(ours, house, api, unchanged):
    program, waiting = api(house.jingli), house.opportunity(house.jingli)
    ours.lose("没有预算", by=house.jingli)
    with unchanged():
        for one in (waiting, ours):
            told = program.post("plan-items", opportunity=one.pk, date=TOMORROW, content="送样品")
            assert (told.status_code, told.json()["code"]) == (409, "not_assigned")


def test_the_content_may_change_the_date_may_not(ours, house, api, as_, unchanged):
    item, program = house.plan_item(ours), api(house.jingli)
    other = house.opportunity(house.jingli, house.jingli)
    with unchanged():
        for name, value in (("date", "2027-05-01"), ("opportunity", other.pk)):
            told = program.patch(f"plan-items/{item.pk}", {name: value})
            assert (told.status_code, list(told.json()["errors"])) == (422, [name])
        sent = {"content": "改", "date": "2027-05-01"}
        assert as_(house.jingli).post(f"/plan-items/{item.pk}/edit/", sent).status_code == 422
    assert program.patch(f"plan-items/{item.pk}", content="改").json()["content"] == "改"


def test_carried_out_once_and_then_it_stays(ours, house, api, unchanged):
    item, program = house.plan_item(ours), api(house.jingli)
    with unchanged():
        assert program.post(f"plan-items/{item.pk}/execute").status_code == 422
    told = program.post(f"plan-items/{item.pk}/execute", result="见到了周工").json()
    assert (told["result"], told["executed_by"]) == ("见到了周工", house.jingli.pk)
    with unchanged():
        for answer in (
            program.post(f"plan-items/{item.pk}/execute", result="又一次"),
            program.delete(f"plan-items/{item.pk}"),
            program.patch(f"plan-items/{item.pk}", content="改"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "executed")


def test_a_step_without_result_may_be_deleted(ours, house, api, unchanged):
    item, program, stranger = house.plan_item(ours), api(house.jingli), api(house.jingli2)
    with unchanged():
        assert stranger.delete(f"plan-items/{item.pk}").status_code == 404
    assert program.delete(f"plan-items/{item.pk}").status_code == 204


def test_the_executor_sees_the_own_step_with_name_contact_and_phone_and_nothing_else(ours, house, api, as_):
    house.plan_item(ours, content="别人的事")
    mine = house.plan_item(ours, content="电话回访", executor=house.yewu)
    told = api(house.yewu).get("plan-items").json()["items"]
    assert [row["content"] for row in told] == ["电话回访"]
    assert (
        told[0]["opportunity__text"],
        told[0]["opportunity__contact_name"],
        told[0]["opportunity__contact_phone"],
    ) == (ours.customer_name, "周工", "13800138000")
    assert api(house.yewu).get(f"opportunities/{ours.pk}").status_code == 404
    page = as_(house.yewu).get(f"/plan-items/{mine.pk}/").content.decode()
    assert ours.description not in page
    assert ours.summary not in page
    assert "别人的事" not in as_(house.yewu).get("/plan-items/").content.decode()


def test_the_executor_notes_the_result_and_those_responsible_hear_of_it(ours, house, api):
    item = house.plan_item(ours, executor=house.yewu)
    assert api(house.yewu).post(f"plan-items/{item.pk}/execute", result="打通了").status_code == 200
    told = set(Notice.objects.filter(kind="plan.done").values_list("user__username", flat=True))
    assert told == {"jingli", "zhuguan", "gaoguan"}


def test_the_plan_of_a_closed_opportunity_is_read_only(ours, house, api, unchanged):
    item, program = house.plan_item(ours), api(house.jingli)
    ours.win(by=house.jingli)
    with unchanged():
        for answer in (
            program.post(f"plan-items/{item.pk}/execute", result="晚了"),
            program.delete(f"plan-items/{item.pk}"),
            program.patch(f"plan-items/{item.pk}", content="改"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "not_assigned")


def test_reassigned_the_plan_goes_along(ours, house, api):
    item = house.plan_item(ours)
    ours.reassign(house.jingli3, "换人", by=house.gaoguan)
    assert api(house.jingli3).get(f"plan-items/{item.pk}").status_code == 200
    assert api(house.zhuguan).get(f"plan-items/{item.pk}").status_code == 404


# notes


def test_a_note_is_written_by_whoever_has_it_in_hand(ours, house, api, unchanged):
    given = {"opportunity": ours.pk, "kind": "电话", "text": "要报价", "next_contact_on": TOMORROW}
    told = api(house.jingli).post("follow-up-notes", given)
    assert (told.status_code, told.json()["kind"], told.json()["created_by__text"]) == (201, "电话", house.jingli.name)
    stranger = api(house.jingli2)
    with unchanged():
        assert stranger.post("follow-up-notes", given).status_code == 422
    assert FollowUpNote.objects.count() == 1


def test_only_the_writer_changes_a_note(ours, house, api, unchanged):
    note, superior = house.note(ours), api(house.zhuguan)
    with unchanged():
        told = superior.patch(f"follow-up-notes/{note.pk}", text="改写")
        assert (told.status_code, told.json()["code"]) == (403, "not_writer")
        assert superior.delete(f"follow-up-notes/{note.pk}").status_code == 403
    assert api(house.jingli).patch(f"follow-up-notes/{note.pk}", text="改写").status_code == 200


def test_notes_end_with_the_opportunity(ours, house, api, unchanged):
    note, program = house.note(ours), api(house.jingli)
    ours.lose("没有预算", by=house.jingli)
    with unchanged():
        assert program.post("follow-up-notes", opportunity=ours.pk, text="晚了").status_code == 409
        assert program.patch(f"follow-up-notes/{note.pk}", text="改写").status_code == 409
