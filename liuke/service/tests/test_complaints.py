"""Complaints: recorded, looked into, closed with a result, raised to a request and back (CMP-01…04)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from liuke.accounts import handover
from liuke.core import clock
from liuke.core.exports import all_paths
from liuke.core.models import Event, Notice
from liuke.core.refusals import Refused
from liuke.core.register import resource
from liuke.customers import timeline
from liuke.retention.models import CustomerRisk
from liuke.retention.scoring import score
from liuke.retention.screens import reasons_of
from liuke.service import cards, queues
from liuke.service.cards import complaints as home_card
from liuke.service.models import Complaint, FollowUpVisit, ServiceRequest
from tests.house import page_client


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


@pytest.fixture
def complaint(house, customer):
    return house.complaint(customer)


def fresh(complaint):
    return Complaint.objects.get(pk=complaint.pk)


def told(kind):
    return set(Notice.objects.filter(kind=f"complaint.{kind}").values_list("user__username", flat=True))


def test_a_complaint_is_recorded_looked_into_and_closed_with_a_result(house, customer, api):
    sent = {"customer": customer.pk, "category": "服务不周", "content": "打了三次电话没人回", "staff": house.kefu.pk,
            "complained_at": "2026-03-02T09:15:40+08:00"}  # fmt: skip
    kefu = api(house.kefu)
    made = api(house.jingli).post("complaints", sent).json()
    assert (made["number"][:2], made["status"], made["complained_at"]) == ("TS", "open", "2026-03-02T01:15:00Z")
    assert (told("given"), told("created")) == ({"kefu"}, set())  # who recorded it knows
    assert kefu.post(f"complaints/{made['id']}/accept").json()["status"] == "handling"
    done = kefu.post(f"complaints/{made['id']}/close", result="当天回访并致歉").json()
    assert (done["status"], done["result"], done["closed_by"]) == ("closed", "当天回访并致歉", house.kefu.pk)
    assert done["closed_at"]
    assert told("closed") == {"jingli"}


@pytest.mark.parametrize(
    ("missing", "value"),
    [("customer", ""), ("content", " "), ("category", ""), ("complained_at", ""), ("staff", ""),
     ("category", "没有这一类"), ("staff", 987654), ("complained_at", "昨天下午"),
     ("complained_at", "2099-01-01 08:00")],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named_and_what_was_typed_stays(missing, value, house, customer, unchanged, api):
    sent = {"customer": customer.pk, "category": "产品损坏", "content": "表头进水", "staff": house.kefu.pk,
            "complained_at": "2026-03-02T09:15", missing: value}  # fmt: skip
    client = api(house.kefu)
    with unchanged():
        answer = client.post("complaints", sent)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [missing])
        page = page_client(house.kefu).post("/complaints/new/", sent)
        assert page.status_code == 422
        assert f'id="id_{missing}_error"' in page.content.decode()
        if missing != "content":
            assert "表头进水" in page.content.decode()


def test_the_form_starts_with_now_and_with_oneself(house, customer, as_):
    with clock.at(timezone.make_aware(datetime(2026, 5, 4, 10, 30))):
        page = as_(house.kefu).get(f"/complaints/new/?customer={customer.pk}").content.decode()
    [box] = re.findall(r'<input[^>]*name="complained_at"[^>]*>', page)
    assert 'type="datetime-local"' in box
    assert 'value="2026-05-04T10:30"' in box
    assert re.search(rf'<option value="{house.kefu.pk}" selected', page)


@pytest.mark.parametrize("result", ["", "  ", None])
def test_nothing_is_closed_without_a_result(result, house, complaint, unchanged, api):
    client = api(house.kefu)
    with unchanged():
        told = client.post(f"complaints/{complaint.pk}/close", {} if result is None else {"result": result})
        assert (told.status_code, list(told.json()["errors"])) == (422, ["result"])
        page = page_client(house.kefu).post(f"/complaints/{complaint.pk}/close/", {"result": result or ""})
        assert page.status_code == 422
        with pytest.raises(ValidationError):
            complaint.close(result or "", by=house.kefu)


def test_no_state_is_left_out_or_taken_twice(house, customer, complaint, unchanged, api):
    closed, client = house.complaint(customer, result="换了新表"), api(house.zhuguan)
    taken = house.complaint(customer)
    taken.accept(by=house.kefu)
    jumps = ((closed, "accept", {}), (closed, "close", {"result": "又一次"}), (taken, "accept", {}),
             (closed, "raise_request", {"summary": "再来"}))  # fmt: skip
    with unchanged():
        for record, act, sent in jumps:
            assert client.post(f"complaints/{record.pk}/{act}", sent).status_code == 409
            assert page_client(house.zhuguan).post(f"/complaints/{record.pk}/{act}/", sent).status_code == 409
        assert client.patch(f"complaints/{closed.pk}", content="改口").status_code == 409
        assert client.patch(f"complaints/{taken.pk}", content="改口").status_code == 422  # what was said stays
        assert client.delete(f"complaints/{taken.pk}").status_code == 409
        for field, value in (("status", "closed"), ("result", "好了"), ("closed_at", "2026-01-01T00:00:00Z")):
            assert client.patch(f"complaints/{complaint.pk}", {field: value}).status_code == 422
            assert client.post("complaints", {"customer": customer.pk, field: value}).status_code == 422


def test_a_stranger_closes_nothing(house, complaint, unchanged, api):
    strangers = {"jingli2": 404, "jingli3": 404, "yewu": 404, "gaoguan": 403, "admin": 403}
    clients = [(api(person := getattr(house, name)), person, sign) for name, sign in strangers.items()]
    with unchanged():
        for client, person, sign in clients:
            assert client.post(f"complaints/{complaint.pk}/close", result="好了").status_code == sign, person.username
            page = page_client(person).post(f"/complaints/{complaint.pk}/close/", {"result": "好了"})
            assert page.status_code == sign, person.username


def test_whoever_looks_into_it_passes_it_on_with_a_reason_and_both_are_told(house, customer, unchanged, api):
    complaint = house.complaint(customer, staff=house.yewu)
    complaint.accept(by=house.yewu)
    yewu, sent = api(house.yewu), {"staff": house.kefu.pk, "reason": "要换货，不归我管"}
    jingli, stranger = api(house.jingli), api(house.jingli2)
    house.shichang.disable(by=house.admin)
    with unchanged():
        for wrong in ({**sent, "reason": " "}, {**sent, "staff": house.yewu.pk}, {**sent, "staff": house.shichang.pk}):
            assert yewu.post(f"complaints/{complaint.pk}/hand_on", wrong).status_code == 422
        assert jingli.post(f"complaints/{complaint.pk}/hand_on", sent).status_code == 403  # it is his customer alone
        assert stranger.post(f"complaints/{complaint.pk}/hand_on", sent).status_code == 404
    page = page_client(house.yewu)
    assert f"/complaints/{complaint.pk}/hand_on/" in page.get(f"/complaints/{complaint.pk}/").content.decode()
    assert page.post(f"/complaints/{complaint.pk}/hand_on/", sent).status_code in (200, 302)
    assert (fresh(complaint).staff, fresh(complaint).status) == (house.kefu, "handling")
    assert (told("given"), told("taken")) == ({"yewu", "kefu"}, set())  # he knows what he did himself
    kefu, back = api(house.kefu), {**sent, "staff": house.yewu.pk}
    with unchanged():
        assert yewu.post(f"complaints/{complaint.pk}/hand_on", sent).status_code == 404  # it is no longer his
    fresh(complaint).hand_on(house.jingli, "客户只认他", by=house.zhuguan)
    assert told("taken") == {"kefu"}
    fresh(complaint).close("换了新表", by=house.jingli)
    with unchanged():
        assert kefu.post(f"complaints/{complaint.pk}/hand_on", back).status_code == 409


def test_of_two_who_close_it_one_does(house, complaint):
    stale = fresh(complaint)
    complaint.close("换了新表", by=house.kefu)
    with pytest.raises(Refused):
        stale.close("退了款", by=house.jingli)
    assert (fresh(complaint).result, Event.objects.filter(verb="close").count()) == ("换了新表", 1)


def test_it_is_raised_to_a_request_of_its_type_once(house, customer, unchanged, api):
    contact = house.contact(customer)
    complaint = house.complaint(customer, contact=contact)
    stale, kefu = fresh(complaint), api(house.kefu)
    answer = kefu.post(f"complaints/{complaint.pk}/raise_request", summary="表头进水").json()
    request = ServiceRequest.objects.get(pk=answer["request"])
    assert (request.type.value, request.customer, request.contact) == ("3", customer, contact)
    assert (request.summary, request.request, request.status) == ("表头进水", complaint.content, "new")
    with unchanged():
        assert kefu.post(f"complaints/{complaint.pk}/raise_request", summary="再来").status_code == 409
        with pytest.raises(Refused):
            stale.raise_request("再来", by=house.kefu)
    pages = page_client(house.kefu)
    assert f'href="/service-requests/{request.pk}/"' in pages.get(f"/complaints/{complaint.pk}/").content.decode()
    assert f'href="/complaints/{complaint.pk}/"' in pages.get(f"/service-requests/{request.pk}/").content.decode()


def test_a_request_is_recorded_as_a_complaint_with_one_click_and_once(house, customer, unchanged, api):
    request = house.service(customer, request="表头进水三次了")
    page = page_client(house.jingli).get(f"/service-requests/{request.pk}/").content.decode()
    [url] = re.findall(r'href="(/complaints/new/[^"]+)"', page)
    form = page_client(house.jingli).get(url.replace("&amp;", "&")).content.decode()
    assert "表头进水三次了" in form
    assert re.search(rf'<option value="{request.pk}" selected', form)
    sent = {"customer": customer.pk, "category": "产品损坏", "content": "表头进水三次了", "staff": house.kefu.pk,
            "complained_at": "2026-03-02T09:15", "request": request.pk}  # fmt: skip
    client = api(house.jingli)
    assert client.post("complaints", sent).status_code == 201
    other, another = house.customer(house.jingli, name="别家"), house.service(customer)
    with unchanged():
        assert client.post("complaints", sent).status_code == 422
        answer = client.post("complaints", {**sent, "customer": other.pk})
        assert list(answer.json()["errors"]) == ["request"]
        with pytest.raises(ValidationError) as wrong:
            house.complaint(other, request=another)
        assert list(wrong.value.message_dict) == ["request"]
        answer = client.patch(f"service-requests/{request.pk}", customer=other.pk)  # nor the other way round
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["customer"])


def test_who_does_not_see_the_other_side_sees_no_link(house, customer):
    complaint = house.complaint(customer, by=house.jingli, staff=house.yewu)
    request = complaint.raise_request("表头进水", by=house.jingli)
    page = page_client(house.yewu).get(f"/complaints/{complaint.pk}/").content.decode()
    assert page_client(house.yewu).get(f"/service-requests/{request.pk}/").status_code == 404
    assert request.number not in page
    given = house.service(customer, to=house.shichang)
    house.complaint(customer, request=given)
    page = page_client(house.shichang).get(f"/service-requests/{given.pk}/").content.decode()
    assert "/complaints/new/" not in page
    assert given.complaints.get().number not in page


def test_every_combination_of_questions_finds_what_it_should(house, customer, api):
    """CMP-02: time span, customer name, content keyword, category, service staff; each alone and all together."""
    other = house.customer(house.jingli2, name="温州鹿城泵业")
    old, new = clock.now() - timedelta(days=40), clock.now() - timedelta(days=2)
    damaged, late = house.item("投诉类别", "产品损坏"), house.item("投诉类别", "交货延误")
    rows = [
        house.complaint(customer, complained_at=old, content="表头进水"),
        house.complaint(customer, complained_at=new, content="迟到五天", category=late, staff=house.yewu),
        house.complaint(other, complained_at=old, content="表头起雾", staff=house.yewu, category=damaged),
        house.complaint(other, complained_at=new, content="迟到三天，表头也坏了", category=late),
    ]
    day = timezone.localdate(new).isoformat()
    questions = {
        "complained_at__gte": (day, {1, 3}), "complained_at__lte": (day, {0, 1, 2, 3}),
        "customer__name__contains": ("温州", {2, 3}), "content__contains": ("表头", {0, 2, 3}),
        "category": ("交货延误", {1, 3}), "staff": (house.kefu.pk, {0, 3}),
    }  # fmt: skip
    client = api(house.zhuguan)
    names = list(questions)
    for mask in range(1, 2 ** len(names)):
        chosen = [name for place, name in enumerate(names) if mask >> place & 1]
        want = set.intersection(*(questions[name][1] for name in chosen))
        found = client.get("complaints", **{name: questions[name][0] for name in chosen}).json()["items"]
        assert {one["id"] for one in found} == {rows[place].pk for place in want}, chosen


def test_statistics_count_what_was_asked_for_and_each_figure_leads_to_its_list(house, customer, as_):
    late = house.item("投诉类别", "交货延误")
    house.complaint(customer, content="迟到五天", category=late)
    house.complaint(customer, content="迟到三天", category=late, staff=house.yewu)
    house.complaint(customer, content="表头进水", result="换了")
    house.complaint(house.customer(house.jingli3, name="别家"), content="迟到", category=late).delete(by=house.jingli3)
    pages, proved = as_(house.zhuguan), 0
    found = re.compile(r'<th scope="row"><a href="([^"]+)">([^<]+)</a></th>\s*<td class="num strong"><a[^>]*>(\d+)</a>')
    for by in ("category", "staff", "status", "customer", "month"):
        for query in ("", "content__contains=迟到", f"staff={house.kefu.pk}"):
            page = pages.get(f"/complaints/statistics/?by={by}&{query}").content.decode()
            assert "data-chart" in page
            total = 0
            for url, _label, n in found.findall(page):
                listed = pages.get(url.replace("&amp;", "&")).content.decode()
                assert int(re.search(r'id="list-total">共 ([\d,]+)', listed)[1]) == int(n), url
                total, proved = total + int(n), proved + 1
            assert total == (3 if not query else 2), (by, query)
    assert proved > 20
    page = pages.get("/complaints/statistics/?by=category&content__contains=迟到").content.decode()
    assert [(label, n) for _url, label, n in found.findall(page)] == [("交货延误", "2")]
    assert found.findall(as_(house.shichang).get("/complaints/statistics/?by=category").content.decode()) == []


def test_open_complaints_speak_for_losing_the_customer_in_words(house, customer):
    since = clock.now() - timedelta(days=9)
    first, second = house.complaint(customer, complained_at=since), house.complaint(customer)
    score([customer.pk], clock.today())
    risk = CustomerRisk.objects.get(pk=customer.pk)
    assert [[key, points] for key, points, _seen in risk.found if key == "complaints"] == [["complaints", 15]]
    words = [text for _icon, text, _points in reasons_of(customer, house.jingli)]
    assert f"2 件投诉还没处理完，最早的在 {timezone.localdate(since)}" in words
    first.close("好了", by=house.kefu), second.delete(by=house.jingli)
    score([customer.pk], clock.today())
    assert "complaints" not in [key for key, _points, _seen in CustomerRisk.objects.get(pk=customer.pk).found]


def test_the_customers_page_knows_its_complaints_as_far_as_the_reader_does(house, customer):
    house.complaint(customer, content="表头进水", result="换了新表")
    pages = page_client(house.jingli)
    tab = pages.get(f"/customers/{customer.pk}/?tab=complaints").content.decode()
    assert "表头进水" in tab
    assert f"/complaints/new/?customer={customer.pk}" in tab
    entries = [entry.what for entry in timeline.page_of(customer, house.jingli, clock.now(), "service").entries]
    assert entries == ["办结了投诉", "登记了投诉"]
    assert "表头进水" in pages.get(f"/customers/{customer.pk}/print/").content.decode()
    assert "表头进水" in pages.get("/search/?q=进水").content.decode()
    stranger = page_client(house.jingli2)
    assert "表头进水" not in stranger.get(f"/customers/{customer.pk}/?tab=complaints").content.decode()
    assert timeline.page_of(customer, house.jingli2, clock.now(), "service").entries == []
    assert "表头进水" not in stranger.get(f"/customers/{customer.pk}/print/").content.decode()
    assert "表头进水" not in stranger.get("/search/?q=进水").content.decode()


def test_the_home_page_shows_those_that_wait(house, customer, monkeypatch):
    assert home_card(house.kefu) is None
    house.complaint(customer), house.complaint(customer, staff=house.jingli), house.complaint(customer, result="好了")
    card = home_card(house.again("kefu"))
    assert [(figure.value, figure.url) for figure in card.figures] == [
        ("2", "/complaints/?scene=open"), ("1", f"/complaints/?scene=open&staff={house.kefu.pk}"),
    ]  # fmt: skip
    assert home_card(house.again("jingli2")) is None
    for module, figures in ((cards, ["1", "1"]), (queues, ["0+", "0+"])):
        monkeypatch.setattr(module, "MOST", 0)  # nobody counts further than to one more than this
        assert [figure.value for figure in home_card(house.again("kefu")).figures] == figures


def test_who_leaves_hands_his_complaints_on(house, complaint):
    assert ("complaints", 1) in [(duty.key, n) for duty, n in handover.open_work(house.kefu)]
    complaint.take_over(house.yewu, "离职", by=house.admin)
    assert (fresh(complaint).staff, told("given")) == (house.yewu, {"kefu", "yewu"})
    house.shichang.disable(by=house.admin)
    with pytest.raises(ValidationError):
        complaint.take_over(house.shichang, "离职", by=house.admin)


def test_a_customer_in_the_bin_complains_no_more_and_a_lost_one_does(house, customer, complaint, unchanged):
    type(customer).objects.filter(pk=customer.pk).update(status="churned")
    assert house.complaint(customer, result="换了新表").status == "closed"
    type(customer).objects.filter(pk=customer.pk).update(status="normal", deleted_at=clock.now())
    customer.refresh_from_db()
    with unchanged():
        for act in (lambda: house.complaint(customer), lambda: fresh(complaint).close("好了", by=house.kefu),
                    lambda: fresh(complaint).raise_request("好了", by=house.kefu)):  # fmt: skip
            with pytest.raises(Refused):
                act()


def test_what_it_was_raised_to_may_be_gone_or_out_of_sight_and_it_is_edited_all_the_same(house, customer, api):
    contact = house.contact(customer)
    complaint = house.complaint(customer, by=house.jingli, staff=house.yewu, contact=contact)
    request = complaint.raise_request("表头进水", by=house.jingli)
    late = {"category": "交货延误"}
    assert api(house.yewu).patch(f"complaints/{complaint.pk}", late).json()["category"] == "交货延误"  # hidden
    pages = page_client(house.yewu)
    form = pages.get(f"/complaints/{complaint.pk}/edit/").content.decode()
    assert f'<option value="{request.pk}" selected>服务单 {request.pk}：' in form
    assert "表头进水</option>" not in form
    request.delete(by=house.jingli)
    contact.delete(by=house.jingli)
    form = page_client(house.jingli).get(f"/complaints/{complaint.pk}/edit/").content.decode()
    assert f'<option value="{contact.pk}" selected>王经理' in form
    told = api(house.jingli).patch(f"complaints/{complaint.pk}", category="服务不周").json()
    assert (told["category"], told["contact"], told["request"]) == ("服务不周", contact.pk, request.pk)


def test_a_request_keeps_the_contact_and_the_matter_that_were_deleted(house, customer, api):
    contact, first = house.contact(customer), house.service(customer)
    request = house.service(customer, contact=contact, matter=first)
    contact.delete(by=house.jingli), first.delete(by=house.jingli)
    told = api(house.jingli).patch(f"service-requests/{request.pk}", summary="还在漂移").json()
    assert (told["summary"], told["contact"], told["matter"]) == ("还在漂移", contact.pk, first.pk)


def test_the_risk_tells_of_complaints_to_those_who_see_them(house, customer, as_):
    house.complaint(customer, by=house.jingli), house.complaint(customer, by=house.jingli)
    score([customer.pk], clock.today())
    told = {name: "投诉还没处理完" in as_(getattr(house, name)).get(f"/customers/{customer.pk}/").content.decode()
            for name in ("jingli", "zhuguan", "kefu", "jingli2", "shichang")}  # fmt: skip
    assert told == {"jingli": True, "zhuguan": True, "kefu": True, "jingli2": False, "shichang": False}
    house.complaint(customer, by=house.jingli, staff=house.jingli2)  # one of several is not all
    score([customer.pk], clock.today())
    assert [text for _icon, text, _n in reasons_of(customer, house.jingli2) if "投诉" in text] == []


def test_a_request_that_is_out_of_sight_is_named_nowhere(house, customer, api):
    complaint = house.complaint(customer, by=house.jingli, staff=house.yewu)
    request = complaint.raise_request("只有经理知道的概述", by=house.jingli)
    pages, client = page_client(house.yewu), api(house.yewu)
    own = f"/complaints/{complaint.pk}/"
    lists = ("/complaints/?columns=content,request", f"/complaints/?request={request.pk}")
    for address in (own, f"{own}?tab=history", f"{own}edit/", *lists):
        page = pages.get(address)
        assert (page.status_code, "只有经理知道的概述" in page.content.decode()) == (200, False), address
    quick = pages.get(f"{own}?quick", HTTP_HX_REQUEST="true")
    assert (quick.status_code, "只有经理知道的概述" in quick.content.decode()) == (200, False)
    assert f"服务单 {request.pk}：" in pages.get(own).content.decode()
    for told in (client.get(own[1:]).json(), client.get("complaints").json()["items"][0],
                 client.patch(own[1:], category="交货延误").json()):  # fmt: skip
        assert (told["request"], told["request__text"]) == (request.pk, None)
    echoed = client.get(own[1:]).json()
    assert client.patch(own[1:], {**echoed, "content": "又进水了"}).json()["content"] == "又进水了"
    assert "request" not in all_paths(resource("complaints"))
    told = api(house.jingli).get(own[1:]).json()
    assert told["request__text"] == "只有经理知道的概述"
    assert "只有经理知道的概述" in page_client(house.jingli).get(f"{own}?tab=history").content.decode()


def test_a_call_back_does_not_tell_a_complaint_to_whoever_may_not_read_it(house, customer, api):
    complaint = house.complaint(customer, by=house.jingli, content="头" * 70 + "只有经手人知道", result="换了")
    visit = FollowUpVisit.objects.get(complaint=complaint)
    FollowUpVisit.objects.filter(pk=visit.pk).update(staff=house.yewu.pk)
    assert api(house.yewu).get(f"complaints/{complaint.pk}").status_code == 404
    told = api(house.yewu).get(f"follow-up-visits/{visit.pk}").json()
    assert (told["complaint"], told["complaint__text"]) == (complaint.pk, None)
    assert "只有经手人知道" in api(house.jingli).get(f"follow-up-visits/{visit.pk}").json()["complaint__text"]


def test_nobody_who_left_the_house_looks_into_a_complaint(house, customer, unchanged):
    deleted, other = house.complaint(customer, staff=house.shichang), house.complaint(customer)
    deleted.delete(by=house.jingli)
    house.shichang.disable(by=house.admin)
    with unchanged():
        with pytest.raises(Refused, match="停用"):
            fresh(deleted).restore(by=house.admin)
        for act in (lambda: house.complaint(customer, staff=house.shichang),
                    lambda: other.update({"staff": house.shichang}, by=house.jingli)):  # fmt: skip
            with pytest.raises(ValidationError) as wrong:
                act()
            assert list(wrong.value.message_dict) == ["staff"]


def test_a_complaint_of_a_request_starts_with_all_the_customer_said(house, customer):
    contact = house.contact(customer)
    request = house.service(customer, contact=contact, request="水" * 2990 + "最后十个字在这里收尾")
    page = page_client(house.jingli).get(f"/service-requests/{request.pk}/").content.decode()
    assert re.findall(r'href="(/complaints/new/[^"]+)"', page) == [f"/complaints/new/?request={request.pk}"]
    form = page_client(house.jingli).get(f"/complaints/new/?request={request.pk}").content.decode()
    assert request.request in form
    for chosen in (customer, contact, request):
        assert f'<option value="{chosen.pk}" selected' in form
    assert timezone.localtime(request.created_at).strftime('value="%Y-%m-%dT%H:%M"') in form
    assert request.request not in page_client(house.yewu).get(f"/complaints/new/?request={request.pk}").content.decode()
