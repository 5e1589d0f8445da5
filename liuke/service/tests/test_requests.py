"""A service request on its way: every step three ways, and no way around a step (SVC-01…SVC-07)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from liuke.base.models import SettingsChange
from liuke.core.models import Event
from liuke.core.refusals import Forbidden, Refused
from liuke.service.models import ServiceHandling, ServiceRequest
from tests.house import Api, page_client


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


@pytest.fixture
def api(house):
    """Tokens are handed out beforehand: what a refusal must leave as it was includes them."""
    made = {person.pk: Api(person) for person in house.people.values()}
    return lambda person: made[person.pk]


def fresh(request):
    return ServiceRequest.objects.get(pk=request.pk)


def test_a_request_goes_from_creation_through_two_rounds_into_the_archive(house, customer, api):
    request = house.service(customer, by=house.jingli, summary="温控模块漂移")
    assert (request.status, request.creator, request.number[:2], len(request.number)) == ("new", house.jingli, "FW", 15)
    request.assign(house.kefu, by=house.zhuguan)
    assert (request.status, request.assigned_to) == ("assigned", house.kefu)
    assert request.assigned_at
    request.handle("重启模块", by=house.kefu)
    assert (request.status, request.handler, request.method) == ("handled", house.kefu, "重启模块")
    request.feedback("又漂移了", 2, by=house.jingli)
    assert (request.status, request.assigned_to, request.round, request.archived_at) == (
        "assigned",
        house.kefu,
        2,
        None,
    )
    request.handle("升级固件", by=house.kefu)
    assert (request.satisfaction, request.result) == (None, "")
    request.feedback("正常了", 3, by=house.jingli)
    assert (request.status, request.satisfaction, request.result) == ("archived", 3, "正常了")
    assert request.archived_at
    kept = request.handlings.order_by("round").values_list("round", "method", "result", "satisfaction")
    assert list(kept) == [(1, "重启模块", "又漂移了", 2), (2, "升级固件", "正常了", 3)]
    found = api(house.jingli2).get(
        "service-requests",
        customer=customer.pk,
        summary__contains="温控",
        type="1",
        status="archived",
        created_at__gte=request.created_at.date().isoformat(),
    )
    assert [row["id"] for row in found.json()["items"]] == [request.pk]


def test_the_mark_that_archives_is_a_setting(house, customer):
    SettingsChange().apply({"service_archive_threshold": 5}, by=house.admin)
    assert house.service(customer, to=house.kefu, mark=4).status == "assigned"
    assert house.service(customer, to=house.kefu, mark=5).status == "archived"


def test_anybody_in_status_normal_is_a_candidate_and_nobody_else(house, customer, unchanged, api):
    request = house.service(customer)
    for person in (house.admin, house.shichang, house.yewu, house.jingli3):
        other = house.service(customer)
        assert api(house.zhuguan).post(f"service-requests/{other.pk}/assign", assignee=person.pk).status_code == 200
    house.shichang.status = "disabled"
    house.shichang.save(update_fields=["status"])
    with unchanged():
        told = api(house.zhuguan).post(f"service-requests/{request.pk}/assign", assignee=house.shichang.pk)
        assert (told.status_code, list(told.json()["errors"])) == (422, ["assignee"])
        page = page_client(house.zhuguan).post(
            f"/service-requests/{request.pk}/assign/", {"assignee": house.shichang.pk}
        )
        assert page.status_code == 422
        with pytest.raises(ValidationError):
            request.assign(house.shichang, by=house.zhuguan)


INPUT = {"assign": {}, "handle": {"method": "方法"}, "feedback": {"result": "好", "satisfaction": 4}}


@pytest.mark.parametrize(
    ("status", "act"),
    [
        ("new", "handle"), ("new", "feedback"), ("assigned", "feedback"), ("assigned", "assign"),
        ("handled", "assign"), ("handled", "handle"), ("archived", "assign"), ("archived", "handle"),
        ("archived", "feedback"),
    ],
)  # fmt: skip
def test_no_step_is_left_out_or_taken_twice(status, act, house, customer, unchanged, api):
    """zhuguan is the assignee here, so that nothing but the state stands in his way."""
    to = None if status == "new" else house.zhuguan
    request = house.service(
        customer, to=to, handled=status in ("handled", "archived"), mark=5 if status == "archived" else 0
    )
    assert request.status == status
    sent = {"assignee": house.kefu.pk} if act == "assign" else INPUT[act]
    refused = 403 if (status, act) == ("new", "handle") else 409  # nobody is its assignee yet
    with unchanged():
        assert api(house.zhuguan).post(f"service-requests/{request.pk}/{act}", **sent).status_code == refused
        page = page_client(house.zhuguan).post(f"/service-requests/{request.pk}/{act}/", sent)
        assert page.status_code == refused
        for field in ("status", "round", "satisfaction"):
            told = api(house.zhuguan).patch(f"service-requests/{request.pk}", {field: "archived"})
            assert told.status_code in (409, 422)


@pytest.mark.parametrize("mark", ["", None, 0, 6, -1, 3.5, "gut", True])
def test_feedback_needs_a_mark_from_one_to_five(mark, house, customer, unchanged, api):
    request = house.service(customer, to=house.kefu, handled=True)
    with unchanged():
        body = {"result": "可以"} if mark is None else {"result": "可以", "satisfaction": mark}
        told = api(house.jingli).post(f"service-requests/{request.pk}/feedback", body)
        assert (told.status_code, list(told.json()["errors"])) == (422, ["satisfaction"])
        page = page_client(house.jingli).post(f"/service-requests/{request.pk}/feedback/", {"result": "可以"})
        assert page.status_code == 422
    if mark in (0, 6, -1):
        with unchanged(), pytest.raises(ValidationError):
            request.feedback("可以", mark, by=house.jingli)


def test_feedback_and_handling_need_their_words(house, customer, unchanged, api):
    handled, assigned = house.service(customer, to=house.kefu, handled=True), house.service(customer, to=house.kefu)
    with unchanged():
        assert api(house.kefu).post(f"service-requests/{handled.pk}/feedback", satisfaction=4).status_code == 422
        assert api(house.kefu).post(f"service-requests/{assigned.pk}/handle", method="  ").status_code == 422


def test_only_the_assignee_handles(house, customer, unchanged, api):
    request = house.service(customer, to=house.kefu)
    with unchanged():
        for stranger, sign in ((house.zhuguan, 403), (house.jingli, 403), (house.jingli3, 404), (house.yewu, 404)):
            told = api(stranger).post(f"service-requests/{request.pk}/handle", method="我来")
            assert told.status_code == sign, stranger.username
        with pytest.raises(Forbidden):
            request.handle("我来", by=house.zhuguan)
    assert api(house.kefu).post(f"service-requests/{request.pk}/handle", method="好了").json()["status"] == "handled"


def test_what_is_handled_twice_is_handled_once(house, customer):
    request = house.service(customer, to=house.kefu)
    stale = fresh(request)
    request.handle("第一次", by=house.kefu)
    with pytest.raises(Refused):
        stale.handle("第二次", by=house.kefu)
    assert list(ServiceHandling.objects.values_list("method", flat=True)) == ["第一次"]
    assert Event.objects.filter(verb="handle").count() == 1


def test_it_is_handed_on_with_a_reason_while_it_is_not_handled(house, customer, unchanged):
    request = house.service(customer, to=house.kefu)
    with pytest.raises(ValidationError):
        request.reassign(house.kefu, "同一个人", by=house.zhuguan)
    request.reassign(house.yewu, "休假", by=house.zhuguan)
    assert (request.status, request.assigned_to, request.round) == ("assigned", house.yewu, 1)
    assert Event.objects.get(verb="reassign").note == "休假"
    request.handle("好了", by=house.yewu)
    with unchanged(), pytest.raises(Refused):
        request.reassign(house.kefu, "太晚", by=house.zhuguan)


def test_what_was_asked_for_stays_as_it_was_once_assigned(house, customer, unchanged, api):
    request = house.service(customer)
    api(house.jingli).patch(f"service-requests/{request.pk}", summary="改正了概要")
    assert fresh(request).summary == "改正了概要"
    request.assign(house.kefu, by=house.zhuguan)
    with unchanged():
        assert api(house.jingli).patch(f"service-requests/{request.pk}", summary="又改").status_code == 422
        assert api(house.jingli).delete(f"service-requests/{request.pk}").status_code == 409
    assert api(house.kefu).patch(f"service-requests/{request.pk}", type="3").status_code == 200


def test_an_earlier_request_of_the_matter_is_named_to_those_alone_who_see_it(house, customer, api):
    first = house.service(customer, summary="泄漏事故")
    later = house.service(customer, matter=first, to=house.yewu)
    assert api(house.jingli).get(f"service-requests/{later.pk}").json()["matter__text"] == "泄漏事故"
    told = api(house.yewu).get(f"service-requests/{later.pk}").json()
    assert (told["matter"], told["matter__text"]) == (first.pk, None)
    assert "泄漏事故" not in page_client(house.yewu).get(f"/service-requests/{later.pk}/").content.decode()
    assert "泄漏事故" not in page_client(house.yewu).get("/service-requests/?columns=matter").content.decode()


def test_a_matter_is_named_by_its_first_request(house, customer):
    first = house.service(customer)
    second = house.service(customer, matter=first)
    third = house.service(customer, matter=second)
    assert third.matter == first
    with pytest.raises(ValidationError):
        house.service(house.customer(house.jingli, name="别家"), matter=first)
    with pytest.raises(ValidationError):
        first.update({"matter": third}, by=house.jingli)


def test_a_customer_that_has_churned_is_served_and_one_in_the_bin_is_not(house, customer):
    type(customer).objects.filter(pk=customer.pk).update(status="churned")
    assert house.service(customer, to=house.kefu, mark=5).status == "archived"
    type(customer).objects.filter(pk=customer.pk).update(status="normal")
    customer.refresh_from_db()
    customer.delete(by=house.jingli)
    with pytest.raises(Refused):
        house.service(customer)


def test_rounds_stay_as_they_were(house, customer, unchanged):
    request = house.service(customer, to=house.kefu, mark=2)
    kept = request.handlings.get()
    with unchanged(), pytest.raises(Refused):
        kept.answer("改口", 5, by=house.jingli)
    with unchanged(), pytest.raises(Refused):
        kept.update({"method": "别的"}, by=house.kefu)
