"""What follows from a request: whom it tells, what the customer's file learns, what its page shows."""

from __future__ import annotations

from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from liuke.accounts import handover
from liuke.core import clock
from liuke.core.models import Notice
from liuke.service.models import ServiceRequest
from liuke.service.queues import queues_of
from liuke.service.satisfaction import rounded, satisfaction_of
from liuke.service.screens import interaction_url
from tests.house import Api, page_client


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


def told(kind):
    return set(Notice.objects.filter(kind=f"service.{kind}").values_list("user__username", flat=True))


def test_who_may_assign_hears_of_a_new_request(house, customer):
    house.service(customer, by=house.yewu)
    assert told("created") == {"zhuguan"}
    house.service(house.customer(house.jingli3, name="大客户"), by=house.kefu)
    assert told("created") == {"zhuguan", "bumen"}


def test_assignee_account_manager_and_assignee_again_hear_in_turn(house, customer):
    request = house.service(customer, to=house.kefu)
    assert told("assigned") == {"kefu"}
    request.handle("好了", by=house.kefu)
    assert told("handled") == {"jingli"}
    request.feedback("没好", 1, by=house.jingli)
    assert told("returned") == {"kefu"}
    request.reassign(house.yewu, "休假", by=house.zhuguan)
    assert (told("assigned"), told("taken")) == ({"kefu", "yewu"}, {"kefu"})


def test_an_escalated_request_calls_the_superiors_and_goes_first(house, customer):
    house.service(customer, to=house.jingli2)
    urgent = house.service(customer, to=house.jingli2)
    urgent.escalate("停产了", by=house.jingli)
    assert told("escalated") == {"zhuguan", "gaoguan"}
    page = page_client(house.jingli2).get("/service/handle/").content.decode()
    assert page.index(f"/service-requests/{urgent.pk}/") < page.index(f"/service-requests/{urgent.pk - 1}/")
    waiting = house.service(customer)
    waiting.escalate("没人管", by=house.jingli)
    assert waiting.status == "new"


def test_the_customers_satisfaction_is_the_mean_of_a_years_marks(house, customer):
    """2, 4 and 4 make 3.33: 3; a 5 of thirteen months ago no longer counts."""
    long_ago = datetime(2025, 10, 1, 4, tzinfo=timezone.utc)  # noqa: UP017
    with clock.at(long_ago):
        house.service(customer, to=house.kefu, mark=5)
    customer.refresh_from_db()
    assert customer.satisfaction == 5
    with clock.at(long_ago.replace(year=2026, month=11)):
        again = house.service(customer, to=house.kefu, mark=2)
        again.handle("再来", by=house.kefu)
        again.feedback("好", 4, by=house.jingli)
        house.service(customer, to=house.kefu, mark=4)
        assert satisfaction_of(customer) == 3
    customer.refresh_from_db()
    assert customer.satisfaction == 3


@pytest.mark.parametrize(("total", "n", "mean"), [(5, 2, 3), (9, 2, 5), (7, 3, 2), (8, 3, 3), (4, 1, 4)])
def test_means_are_rounded_half_up(total, n, mean):
    assert rounded(total, n) == mean


def test_each_person_has_the_queues_he_works_in(house, customer):
    house.service(customer)
    house.service(customer, to=house.kefu)
    house.service(customer, to=house.kefu, handled=True)
    house.service(customer, to=house.kefu, mark=5)

    def counts(person):
        return {queue.key: queue.count for queue in queues_of(house.again(person), "")}

    assert counts("zhuguan") == {"create": "", "assign": "1", "handle": "0", "feedback": "1", "archive": "1"}
    assert counts("kefu") == {"create": "", "assign": "1", "handle": "1", "feedback": "1", "archive": "1"}
    assert counts("jingli3") == {"create": "", "assign": "0", "handle": "0", "feedback": "0", "archive": "1"}
    assert counts("bumen") == {"assign": "0", "handle": "0", "feedback": "0", "archive": "1"}
    assert counts("shichang") == {"handle": "0", "feedback": "0"}


def test_a_queue_opens_its_first_case_at_the_present_step(house, customer):
    request = house.service(customer, to=house.kefu)
    page = page_client(house.kefu).get("/service/handle/").content.decode()
    assert f'action="/service-requests/{request.pk}/handle/"' in page
    assert "处理方法" in page
    request.handle("第一轮的办法", by=house.kefu)
    request.feedback("没好", 2, by=house.jingli)
    page = page_client(house.kefu).get(f"/service-requests/{request.pk}/").content.decode()
    assert "第一轮的办法" in page
    assert "2 分，退回已分配" in page
    assert (
        f'action="/service-requests/{request.pk}/handle/"'
        not in page_client(house.zhuguan).get(f"/service-requests/{request.pk}/").content.decode()
    )


def test_after_creating_an_empty_form_waits_and_the_same_form_makes_one_request(house, customer):
    pages = page_client(house.jingli)
    sent = {"customer": customer.pk, "type": "1", "summary": "新来电", "request": "要资料", "once": "einmal"}
    answer = pages.post("/service-requests/new/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/service-requests/new/")
    assert pages.post("/service-requests/new/", sent).status_code == 409
    assert ServiceRequest.objects.filter(summary="新来电").count() == 1
    assert pages.post("/service-requests/new/", {**sent, "type": "", "once": "zweimal"}).status_code == 422


def test_a_form_saved_as_it_was_leads_back_to_its_request(house, customer):
    one = house.service(customer)
    sent = {"customer": customer.pk, "type": "1", "summary": one.summary, "request": one.request, "version": 1}
    answer = page_client(house.jingli).post(f"/service-requests/{one.pk}/edit/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/service-requests/{one.pk}/")
    one.refresh_from_db()
    assert one.version == 1


def test_a_closed_case_offers_the_interaction_filled_in(house, customer):
    request = house.service(customer, to=house.kefu, mark=5, contact=house.contact(customer))
    page = page_client(house.jingli).get(f"/service-requests/{request.pk}/").content.decode()
    assert "写交往记录" in page
    asked = parse_qs(urlsplit(interaction_url(request)).query)
    assert (asked["customer"], asked["contact"]) == ([str(customer.pk)], [str(request.contact_id)])
    form = page_client(house.jingli).get(interaction_url(request)).content.decode()
    assert request.number in form
    assert "重新标定" in form
    assert "写交往记录" not in page_client(house.gaoguan).get(f"/service-requests/{request.pk}/").content.decode()


def test_the_event_report_tells_the_whole_matter(house, customer):
    first = house.service(customer, to=house.kefu, mark=5, summary="第一次来电")
    house.service(customer, matter=first, summary="第二次来电")
    page = page_client(house.jingli).get(f"/service-requests/{first.pk}/report/").content.decode()
    assert page.count(first.number) >= 5  # its heading and four events
    assert "第二次来电" in page
    assert page_client(house.shichang).get(f"/service-requests/{first.pk}/report/").status_code == 404


def test_who_leaves_hands_his_requests_on_also_those_that_may_come_back(house, customer):
    waiting = house.service(customer, to=house.kefu, handled=True)
    assert {duty.key: n for duty, n in handover.open_work(house.kefu)} == {"service_requests": 1}
    waiting.take_over(house.yewu, "离职", by=house.admin)
    assert (waiting.status, waiting.assigned_to) == ("handled", house.yewu)
    waiting.feedback("没好", 2, by=house.jingli)
    assert waiting.assigned_to == house.yewu


def test_the_customers_page_tells_of_its_services(house, customer):
    request = house.service(customer, to=house.kefu, mark=4, summary="空管有读数")
    pages = page_client(house.jingli)
    assert "空管有读数" in pages.get(f"/customers/{customer.pk}/?tab=service").content.decode()
    life = pages.get(f"/customers/{customer.pk}/timeline/?show=service").content.decode()
    assert life.count(request.number) == 3
    assert f"/service-requests/?customer={customer.pk}" in pages.get(f"/customers/{customer.pk}/").content.decode()


def test_part_of_a_summary_is_found_wherever_it_stands_and_nothing_that_only_sounds_alike(house, customer):
    for summary in ("二号线温控模块误报警，急", "温控模块误报", "温空模块误报警", "误报警的温控模块"):
        house.service(customer, summary=summary)
    client = Api(house.zhuguan)
    found = {
        word: {one["summary"] for one in client.get("service-requests", summary__contains=word).json()["items"]}
        for word in ("温控模块误报警", "误报警", "，急", "二", "不在")
    }
    assert found == {
        "温控模块误报警": {"二号线温控模块误报警，急"},
        "误报警": {"二号线温控模块误报警，急", "温空模块误报警", "误报警的温控模块"},
        "，急": {"二号线温控模块误报警，急"}, "二": {"二号线温控模块误报警，急"}, "不在": set(),
    }  # fmt: skip
