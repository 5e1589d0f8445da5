"""Call-backs: made by closing a case, settled on the phone or by a link that works once (VISIT-01/02, CMP-03)."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from liuke.accounts import handover
from liuke.accounts.models.attempts import SignInAttempt
from liuke.base.models import SettingsChange
from liuke.core import clock
from liuke.core.models import Event, Notice
from liuke.core.refusals import Refused
from liuke.customers import timeline
from liuke.service import cards, queues
from liuke.service.cards import visits as home_card
from liuke.service.models import Complaint, FollowUpVisit, ServiceRequest
from tests.house import page_client


@pytest.fixture
def customer(house):
    return house.customer(house.jingli, name="绝密客户名")


@pytest.fixture
def visit(house, customer):
    """After an archived request that kefu handled with a mark of 5."""
    house.service(customer, to=house.kefu, mark=5, summary="读数漂移")
    return FollowUpVisit.objects.get()


@pytest.fixture
def link(house, visit):
    return visit.send(by=house.kefu)


def fresh(visit):
    return FollowUpVisit.objects.get(pk=visit.pk)


def told(kind):
    return set(Notice.objects.filter(kind=f"visit.{kind}").values_list("user__username", flat=True))


# made by the system, once


def test_archiving_a_request_makes_one_sheet_and_tells_the_service_staff(house, customer):
    contact = house.contact(customer)
    request = house.service(customer, to=house.jingli2, mark=2, contact=contact)
    assert not FollowUpVisit.objects.exists()  # it went back to be handled again
    request.handle("再来", by=house.jingli2)
    request.feedback("好了", 4, by=house.jingli)
    visit = FollowUpVisit.objects.get()
    assert (visit.customer, visit.contact, visit.request, visit.complaint) == (customer, contact, request, None)
    assert (visit.status, visit.staff, str(visit), visit.number[:2]) == ("due", house.jingli2, request.summary, "HF")
    assert visit.due_on == clock.today() + timedelta(days=3)
    assert told("made") == {"kefu"}


def test_closing_a_complaint_makes_one_sheet(house, customer):
    complaint = house.complaint(customer, result="换了新表")
    visit = FollowUpVisit.objects.get()
    assert (visit.complaint, visit.request, visit.staff) == (complaint, None, house.kefu)


def test_the_day_it_is_due_is_a_setting(house, customer):
    SettingsChange().apply({"visit_days": 10}, by=house.admin)
    house.complaint(customer, result="换了新表")
    assert FollowUpVisit.objects.get().due_on == clock.today() + timedelta(days=10)


def test_a_retried_verb_makes_no_second_sheet(house, customer, api):
    """The same key answers with the first; without a key the second press is refused; the database keeps it so."""
    complaint, kefu = house.complaint(customer), api(house.kefu)
    for _ in range(2):
        assert kefu.post(f"complaints/{complaint.pk}/close", {"result": "好了"}, key="again").status_code == 200
    assert kefu.post(f"complaints/{complaint.pk}/close", result="好了").status_code == 409
    request = house.service(customer, to=house.kefu, handled=True)
    said = {"result": "好了", "satisfaction": 5}
    for _ in range(2):
        assert kefu.post(f"service-requests/{request.pk}/feedback", said, key="again").status_code == 200
    assert kefu.post(f"service-requests/{request.pk}/feedback", said).status_code == 409
    assert FollowUpVisit.objects.count() == 2
    for same in ({"request": request}, {"complaint": complaint}):
        with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
            FollowUpVisit(customer=customer, about="再来", due_on=clock.today(), **same).create(by=None)


def test_where_no_sheet_can_be_made_nothing_is_closed(house, customer, monkeypatch, unchanged):
    complaint, request = house.complaint(customer), house.service(customer, to=house.kefu, handled=True)

    def fail(self, *, by, **_more):
        raise ZeroDivisionError

    monkeypatch.setattr(FollowUpVisit, "create", fail)
    with unchanged():
        for act in (lambda: complaint.close("好了", by=house.kefu), lambda: request.feedback("好了", 5, by=house.kefu)):
            with pytest.raises(ZeroDivisionError):
                act()
    assert Complaint.objects.get(pk=complaint.pk).status == "open"
    assert ServiceRequest.objects.get(pk=request.pk).status == "handled"


# settled on the phone


def test_what_is_said_on_the_phone_is_recorded_and_counts_for_the_customers_satisfaction(house, customer, visit, api):
    customer.refresh_from_db()
    assert customer.satisfaction == 5
    answer = api(house.kefu).post(f"follow-up-visits/{visit.pk}/record", satisfaction=2, suggestions="来得太慢").json()
    assert (answer["status"], answer["channel"], answer["satisfaction"], answer["suggestions"]) == (
        "answered", "phone", 2, "来得太慢",
    )  # fmt: skip
    assert answer["answered_by"] == house.kefu.pk
    customer.refresh_from_db()
    assert customer.satisfaction == 4  # the mean of 5 and 2 is 3.5
    assert told("unhappy") == {"jingli"}


@pytest.mark.parametrize("mark", ["", None, 0, 6, -1, 3.5, "gut", True])
def test_a_call_back_needs_a_mark_from_one_to_five(mark, house, visit, unchanged, api):
    client = api(house.kefu)
    with unchanged():
        answer = client.post(f"follow-up-visits/{visit.pk}/record", {} if mark is None else {"satisfaction": mark})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["satisfaction"])
        sent = {"satisfaction": "" if mark is None else str(mark), "suggestions": "来得太慢"}
        page = page_client(house.kefu).post(f"/follow-up-visits/{visit.pk}/record/", sent)
        assert page.status_code == 422
        assert "来得太慢" in page.content.decode()  # what was typed stays
        if mark != "":
            with pytest.raises(ValidationError):
                visit.record(mark, by=house.kefu)


def test_it_is_settled_once_and_by_nobody_else(house, customer, visit, unchanged, api):
    strangers = {"jingli2": 404, "shichang": 404, "admin": 403}
    clients = [(api(getattr(house, name)), sign) for name, sign in strangers.items()]
    with unchanged():
        for client, sign in clients:
            for act, sent in (("record", {"satisfaction": 5}), ("send", {}), ("give_up", {"reason": "空号"})):
                assert client.post(f"follow-up-visits/{visit.pk}/{act}", sent).status_code == sign
    stale = fresh(visit)
    visit.record(5, by=house.jingli)
    kefu = api(house.kefu)
    with unchanged():
        for act, sent in (("record", {"satisfaction": 1}), ("send", {}), ("give_up", {"reason": "空号"})):
            assert kefu.post(f"follow-up-visits/{visit.pk}/{act}", sent).status_code == 409
        with pytest.raises(Refused):
            stale.record(1, by=house.kefu)
        assert kefu.patch(f"follow-up-visits/{visit.pk}", satisfaction=5).status_code in (404, 405)
        assert kefu.post("follow-up-visits", customer=customer.pk).status_code in (404, 405)


def test_who_cannot_be_reached_is_noted_with_a_reason(house, visit, unchanged, api):
    client = api(house.kefu)
    with unchanged():
        assert client.post(f"follow-up-visits/{visit.pk}/give_up", reason=" ").status_code == 422
    assert client.post(f"follow-up-visits/{visit.pk}/give_up", reason="三次无人接听").json()["status"] == "unreachable"
    assert Event.objects.get(verb="give_up").note == "三次无人接听"
    pages = page_client(house.jingli)
    assert "三次无人接听" in pages.get(f"/follow-up-visits/{visit.pk}/").content.decode()
    assert "三次无人接听" in pages.get("/follow-up-visits/?scene=done").content.decode()
    case = pages.get(f"/service-requests/{visit.request_id}/").content.decode()
    assert "三次无人接听" in case


def test_reasons_of_sheets_closed_before_are_taken_from_their_history(house, visit):
    visit.give_up("空号", by=house.kefu)
    FollowUpVisit.objects.update(reason="")
    import_module("liuke.service.migrations.0006_reasons_and_additions").fill(apps, None)
    assert fresh(visit).reason == "空号"


# by the link


def test_a_customer_answers_by_the_link_without_signing_in(house, customer, visit, link, as_):
    stranger = as_()
    page = stranger.get(link)
    text = page.content.decode()
    assert page.status_code == 200
    assert visit.request.number in text
    for secret in ("绝密客户名", "读数漂移", "读数比校验仪高三度", "许文丽", customer.phone, "/login/?next"):
        assert secret not in text, secret
    answer = stranger.post(link, {"satisfaction": "4", "suggestions": "来得快"})
    assert "谢谢" in answer.content.decode()
    now = fresh(visit)
    assert (now.status, now.channel, now.satisfaction, now.suggestions) == ("answered", "web", 4, "来得快")
    assert now.answered_by is None
    customer.refresh_from_db()
    assert customer.satisfaction == 5  # the mean of 5 and 4 is 4.5
    assert told("content") == {"jingli", "kefu"}
    for threshold, tone in ((4, "green"), (5, "red")):  # by the mark that was enough for the notice, too
        SettingsChange().apply({"service_archive_threshold": threshold}, by=house.admin)
        assert f'lk-note {tone}"' in page_client(house.kefu).get(f"/follow-up-visits/{visit.pk}/").content.decode()
    assert Event.objects.get(verb="answer", content_type__model="followupvisit").actor is None


def test_a_link_used_twice_thanks_and_changes_nothing(house, visit, link, unchanged, as_):
    as_().post(link, {"satisfaction": "4"})
    with unchanged():
        again = as_().post(link, {"satisfaction": "1", "suggestions": "改口"})
        assert (again.status_code, "谢谢" in again.content.decode()) == (409, True)
        look = as_().get(link)
        assert (look.status_code, "谢谢" in look.content.decode()) == (200, True)
        assert "<form" not in look.content.decode()


def test_nobody_of_the_house_answers_for_the_customer(house, link, unchanged, as_):
    with unchanged():
        for who in (house.kefu, house.admin):
            assert "<form" not in as_(who).get(link).content.decode()
            assert as_(who).post(link, {"satisfaction": "5"}).status_code == 403


@pytest.mark.parametrize("mark", ["", "0", "6", "gut", "5.5"])
def test_a_wrong_mark_is_named_and_what_was_typed_stays(mark, house, link, unchanged, as_):
    with unchanged():
        page = as_().post(link, {"satisfaction": mark, "suggestions": "来得太慢"})
        assert page.status_code == 422
        assert 'id="id_satisfaction_error"' in page.content.decode()
        assert "来得太慢" in page.content.decode()
        assert as_().post(link, {"satisfaction": "5", "suggestions": "长" * 2001}).status_code == 422


def test_a_guessed_link_leads_nowhere_and_guessing_ends(house, visit, link, unchanged, as_):
    """Behind a proxy all customers have one address: nobody's guesses keep another from a link that is right."""
    with unchanged():
        for n in range(20):
            guess = as_().get(f"/call-back/{'x' * 40}{n}/")
            assert (guess.status_code, "无效" in guess.content.decode()) == (404, True)
        assert as_().post(f"/call-back/{'x' * 43}/", {"satisfaction": "1"}).status_code == 429
        assert as_().get(link).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert as_(REMOTE_ADDR="10.1.2.3").get("/call-back/x/").status_code == 404
        assert [one.address for one in SignInAttempt.objects.all()] == ["10.1.2.3"]  # the old count is gone
        assert as_().get("/call-back/x/").status_code == 404


def test_a_link_that_has_expired_or_was_replaced_works_no_more(house, visit, link, unchanged, as_):
    visit.refresh_from_db()
    with clock.at(visit.valid_until), unchanged():
        for answer in (as_().get(link), as_().post(link, {"satisfaction": "4"})):
            assert (answer.status_code, "失效" in answer.content.decode()) == (410, True)
        with pytest.raises(Refused):
            fresh(visit).answer(link.split("/")[2], 4, by=None)
    second = visit.send(by=house.kefu)
    assert as_().get(link).status_code == 404
    assert as_().get(second).status_code == 200
    visit.give_up("客户不愿评价", by=house.kefu)
    with unchanged():
        assert as_().post(second, {"satisfaction": "4"}).status_code == 410


def test_of_a_link_only_a_hash_is_kept_and_it_is_told_once(house, visit, as_, api):
    pages = as_(house.kefu)
    told_page = pages.post(f"/follow-up-visits/{visit.pk}/send/").content.decode()
    [whole] = re.findall(r'value="(http://testserver/call-back/([\w-]{43})/)"', told_page)
    url, word = whole
    assert as_().get(url.removeprefix("http://testserver")).status_code == 200
    row = FollowUpVisit.objects.filter(pk=visit.pk).values().get()
    assert word not in str(row)
    hashed = row["token_hash"]
    for path in (f"/follow-up-visits/{visit.pk}/", f"/follow-up-visits/{visit.pk}/?tab=history", "/follow-up-visits/"):
        page = pages.get(path).content.decode()
        assert word not in page
        assert hashed not in page
    program = api(house.kefu)
    assert hashed not in str(program.get(f"follow-up-visits/{visit.pk}").json())
    assert program.get("follow-up-visits", token_hash__gte="a").status_code == 422
    assert [event.changes for event in Event.objects.all() if hashed in str(event.changes)] == []
    assert program.post(f"follow-up-visits/{visit.pk}/send").json()["link"].startswith("/call-back/")


def test_the_page_of_a_link_carries_the_headers_of_every_page(link, as_):
    page = as_().get(link)
    assert "script-src 'self'" in page["Content-Security-Policy"]
    # no other host learns the address; with "no-referrer" browsers would hide their origin, and no form could be sent
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("same-origin", "no-store")
    assert as_(enforce_csrf_checks=True).post(link, {"satisfaction": "5"}).status_code == 403


# found, counted, shown


def test_lists_tell_due_overdue_and_done(house, customer, as_, monkeypatch):
    for _ in range(3):
        house.complaint(customer, result="好了")
    late, done, due = FollowUpVisit.objects.order_by("id")
    FollowUpVisit.objects.filter(pk=late.pk).update(due_on=clock.today() - timedelta(days=1))
    done.record(4, by=house.kefu)

    def listed(scene):
        page = as_(house.kefu).get(f"/follow-up-visits/?scene={scene}").content.decode()
        return [int(pk) for pk in dict.fromkeys(re.findall(r'href="/follow-up-visits/(\d+)/"', page))]

    assert (listed("due"), listed("overdue"), listed("done")) == ([late.pk, due.pk], [late.pk], [done.pk])
    card = home_card(house.again("kefu"))
    assert [(figure.value, figure.url) for figure in card.figures] == [
        ("2", "/follow-up-visits/?scene=due"), ("1", "/follow-up-visits/?scene=overdue"),
    ]  # fmt: skip
    assert home_card(house.again("jingli2")) is None  # he sees none
    assert home_card(house.again("gaoguan")) is None  # he sees all, and may call nobody
    assert home_card(house.again("zhuguan")).figures[0].value == "2"
    for module, figures in ((cards, ["1", "1"]), (queues, ["0+", "0+"])):
        monkeypatch.setattr(module, "MOST", 0)  # nobody counts further than to one more than this
        assert [figure.value for figure in home_card(house.again("kefu")).figures] == figures


def test_results_are_counted_by_mark_and_each_figure_leads_to_its_list(house, customer, as_):
    for mark in (5, 5, 2, 0):
        house.complaint(customer, result="好了")
        if mark:
            FollowUpVisit.objects.latest("pk").record(mark, by=house.kefu)
    page = as_(house.kefu).get("/follow-up-visits/statistics/?by=satisfaction&scene=all").content.decode()
    row = re.compile(r'<th scope="row"><a href="([^"]+)">([^<]+)</a></th>\s*<td class="num strong"><a[^>]*>(\d+)</a>')
    found = [(label, n) for _url, label, n in row.findall(page)]
    assert found == [("5 很满意", "2"), ("2 不满意", "1"), ("未填写", "1")]
    for url, _label, n in row.findall(page):
        listed = as_(house.kefu).get(url.replace("&amp;", "&")).content.decode()
        assert re.search(r'id="list-total">共 ([\d,]+)', listed)[1] == n
    assert "3 份回答，均分 4.0" in page
    assert "data-chart" in page


def test_the_customers_page_shows_them_as_far_as_the_reader_may_see(house, customer, visit):
    visit.record(4, "来得快", by=house.kefu)
    pages = page_client(house.jingli)
    assert "来得快" in pages.get(f"/customers/{customer.pk}/?tab=visits").content.decode()
    entries = timeline.page_of(customer, house.jingli, clock.now(), "service").entries
    assert entries[0].what == "回访了客户"
    sheet = pages.get(f"/follow-up-visits/{visit.pk}/").content.decode()
    assert f'href="/service-requests/{visit.request_id}/"' in sheet
    found = f'href="/follow-up-visits/{visit.pk}/"'
    assert found in pages.get("/search/?q=来得快").content.decode()
    stranger = page_client(house.jingli2)
    assert "来得快" not in stranger.get(f"/customers/{customer.pk}/?tab=visits").content.decode()
    assert stranger.get(f"/follow-up-visits/{visit.pk}/").status_code == 404
    assert found not in stranger.get("/search/?q=来得快").content.decode()


def test_who_leaves_hands_his_call_backs_on(house, visit):
    assert ("visits", 1) in [(duty.key, n) for duty, n in handover.open_work(house.kefu)]
    visit.take_over(house.yewu, "离职", by=house.admin)
    assert fresh(visit).staff == house.yewu
