"""Nobody leaves with work in his hands: it is refused, handed over by the verbs, and then he may go (PERM-07)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from liuke.accounts import handover
from liuke.core.errands import run_errand
from liuke.core.models import Errand, Event, Notice
from liuke.core.refusals import Refused
from liuke.customers.models import Customer, Ownership
from tests.house import Api


@pytest.fixture
def api(house):
    made = {person.pk: Api(person) for person in house.people.values()}
    return lambda person: made[person.pk]


@pytest.fixture
def busy(house):
    """jingli with two customers, an opportunity, and a step of another one's."""
    house.customer(house.jingli, name="甲")
    house.customer(house.jingli, name="乙")
    Customer.objects.filter(pk=house.customer(house.jingli, name="流失").pk).update(status="churned")
    house.customer(house.jingli, name="删掉").delete(by=house.jingli)
    made = house.opportunity(house.jingli, house.jingli)
    house.plan_item(made)
    other = house.opportunity(house.jingli2, house.jingli2)
    house.plan_item(other, executor=house.jingli)
    return house.jingli


def kinds(user):
    return {duty.key: n for duty, n in handover.open_work(user)}


def test_a_person_with_open_work_is_neither_disabled_nor_deleted(house, busy, api, unchanged):
    program = api(house.admin)
    with unchanged():
        told = program.post(f"users/{busy.pk}/disable")
        assert (told.status_code, told.json()["code"]) == (409, "open_work")
        counted = {one["kind"]: one["count"] for one in told.json()["work"]}
        assert counted == {"customers": 2, "opportunities": 1, "plan_items": 2}
        assert told.json()["url"] == f"/users/{busy.pk}/hand_over/"
        assert program.delete(f"users/{busy.pk}").json()["code"] == "open_work"


def test_everything_goes_to_one_by_its_verbs_and_he_is_disabled(house, busy, api):
    sent = {"to": house.jingli3.pk, "reason": "离职", "disable": True}
    told = api(house.admin).post(f"users/{busy.pk}/hand_over", sent)
    assert (told.status_code, told.json()["status"]) == (200, "disabled")
    assert kinds(busy) == {}
    assert kinds(house.jingli3) == {"customers": 2, "opportunities": 1, "plan_items": 2}
    assert Event.objects.filter(verb="transfer", note="离职", actor=house.admin).count() == 2
    assert Event.objects.filter(verb="reassign", note="离职").count() == 1
    assert Ownership.objects.filter(owner=house.jingli3, how="transferred", until=None).count() == 2
    assert Notice.objects.filter(user=house.jingli3, kind="customer.given").count() == 2


def test_each_kind_may_go_to_somebody_else(house, busy, api):
    sent = {"to": house.jingli3.pk, "to_customers": house.zhuguan.pk, "reason": "休假"}
    assert api(house.admin).post(f"users/{busy.pk}/hand_over", sent).json()["status"] == "normal"
    assert kinds(house.zhuguan) == {"customers": 2}
    assert kinds(house.jingli3) == {"opportunities": 1, "plan_items": 2}


def test_who_cannot_hold_it_does_not_get_it(house, busy, api, as_, unchanged):
    gone = house.jingli2
    program = api(house.admin)
    with unchanged():
        for sent, wrong in (
            ({"reason": "x"}, "to"),
            ({"to": house.kefu.pk, "reason": "x"}, "to_opportunities"),
            ({"to": busy.pk, "reason": "x"}, "to"),
            ({"to": gone.pk}, "reason"),
        ):
            told = program.post(f"users/{busy.pk}/hand_over", sent)
            assert (told.status_code, list(told.json()["errors"])) == (422, [wrong])
        assert as_(house.admin).post(f"/users/{busy.pk}/hand_over/", {"reason": "x"}).status_code == 422
        assert api(house.zhuguan).post(f"users/{busy.pk}/hand_over", to=gone.pk, reason="x").status_code == 403


def test_the_page_names_each_kind_and_leads_to_its_list(house, busy, as_):
    page = as_(house.admin).get(f"/users/{busy.pk}/hand_over/").content.decode()
    assert f"/customers/?owner={busy.pk}" in page
    assert 'name="to_opportunities"' in page


def test_twice_does_no_harm(house, busy, api):
    path, sent = f"users/{busy.pk}/hand_over", {"to": house.jingli3.pk, "reason": "离职"}
    assert [api(house.admin).post(path, sent).status_code for _ in range(2)] == [200, 200]
    assert Event.objects.filter(verb="transfer").count() == 2


def test_much_work_goes_in_the_background_and_on_after_a_crash(house, busy, api, monkeypatch):
    monkeypatch.setattr(handover, "AT_ONCE", 1)
    sent = {"to": house.jingli3.pk, "reason": "离职", "disable": True}
    assert api(house.admin).post(f"users/{busy.pk}/hand_over", sent).json()["status"] == "normal"
    work = Errand.objects.get(kind="hand_over")
    assert kinds(busy)["customers"] == 2
    Customer.objects.filter(name="甲").get().transfer(house.jingli3, "离职", by=house.admin)  # done before the crash
    run_errand(None, errand=work.pk)
    work.refresh_from_db()
    assert work.state == "done"
    busy.refresh_from_db()
    assert (busy.status, kinds(busy)) == ("disabled", {})


def test_what_refuses_stays_and_is_told(house, busy, monkeypatch):
    def stuck(self, owner, reason="", *, by):
        raise Refused("不给")

    monkeypatch.setattr(Customer, "transfer", stuck)
    result = busy.hand_over(house.jingli3, "离职", True, by=house.admin)
    assert len(result.failures) == 2
    assert "不给" in result.text
    busy.refresh_from_db()
    assert (busy.status, kinds(busy)) == ("normal", {"customers": 2})


def test_nobody_is_given_work_after_he_was_disabled(house, api, unchanged):
    customer = house.customer(house.jingli)
    house.jingli2.disable(by=house.admin)
    known = house.again("jingli2")
    known.status = "normal"  # as somebody read him a moment ago
    with pytest.raises(ValidationError, match="周明远"), unchanged():
        customer.transfer(known, by=house.admin)
