"""Agreements and the clock they set (SVC-08, S-13)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from liuke.base.models import CalendarDay
from liuke.core import clock
from liuke.core.jobs.runner import run_now
from liuke.core.models import Notice
from liuke.core.refusals import Refused
from liuke.service import jobs
from liuke.service.jobs import service_due
from liuke.service.models import ServiceAgreement, ServiceDue
from liuke.service.promises import promised_here, tell
from tests.house import page_client

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


MONDAY = "2026-09-28"


@pytest.fixture
def customer(house):
    return house.customer(house.jingli, name="有保障的客户")


@pytest.fixture
def agree(house, customer):
    """Makes an agreement of 4 hours to the response and 16 to somebody on site, of working time."""
    CalendarDay.objects.all().delete()

    def agree(**values) -> ServiceAgreement:
        given = {"name": "年度保障", "response_hours": 4, "onsite_hours": 16, "valid_from": date(2026, 1, 1)}
        return ServiceAgreement(**({"customer": customer} | given | values)).create(by=house.zhuguan)

    return agree


@pytest.fixture
def call(house, customer):
    """A request that comes at a moment."""

    def call(moment: str, **values):
        with clock.at(at(moment)):
            return house.service(values.pop("customer", customer), **values)

    return call


def promises(request) -> dict[str, tuple[str, str]]:
    rows = request.dues.order_by("due_at")
    return {one.kind: (f"{one.due_at.astimezone(SHANGHAI):%m-%d %H:%M}", one.status) for one in rows}


def told(person, kind: str) -> int:
    return Notice.objects.filter(user=person, kind__startswith=kind).count()


def run(moment: str) -> str:
    with clock.at(at(moment)):
        return service_due(clock.today())


def test_a_request_under_an_agreement_is_due_by_working_hours(agree, call):
    agree()
    request = call(f"{MONDAY} 16:00")
    assert promises(request) == {"response": ("09-29 11:00", "running"), "onsite": ("09-30 17:00", "running")}


def test_round_the_clock_every_hour_counts(agree, call):
    agree(around_the_clock=True)
    request = call("2026-09-26 23:00")  # a Saturday
    assert promises(request) == {"response": ("09-27 03:00", "running"), "onsite": ("09-27 15:00", "running")}


def test_without_hours_on_site_there_is_one_promise(agree, call):
    agree(onsite_hours=None)
    assert list(promises(call(f"{MONDAY} 09:00"))) == ["response"]


def test_without_an_agreement_in_force_nothing_is_promised(agree, call):
    agree(valid_from=date(2026, 1, 1), valid_to=date(2026, 9, 27))
    agree(valid_from=date(2026, 9, 29))
    assert promises(call(f"{MONDAY} 09:00")) == {}


def test_its_last_day_still_counts(agree, call):
    agree(valid_to=date(2026, 9, 28))
    assert promises(call(f"{MONDAY} 23:59"))


def test_of_several_agreements_the_one_that_began_last_holds(agree, call):
    agree()
    agree(response_hours=1, onsite_hours=None, valid_from=date(2026, 9, 1))
    assert promises(call(f"{MONDAY} 09:00")) == {"response": ("09-28 10:00", "running")}


def test_a_deleted_agreement_promises_nothing(agree, call, house):
    agree().delete(by=house.zhuguan)
    assert promises(call(f"{MONDAY} 09:00")) == {}


def test_a_request_entered_for_the_wrong_customer_goes_by_the_agreement_of_the_right_one(agree, call, house, customer):
    agree()
    request = call(f"{MONDAY} 09:00", customer=house.customer(house.jingli, name="打错的客户"))
    assert promises(request) == {}
    request.update({"customer": customer}, by=house.jingli)
    assert promises(request) == {"response": ("09-28 14:30", "running"), "onsite": ("09-30 10:00", "running")}


def test_assigning_in_time_keeps_the_response_and_handling_in_time_the_visit(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00")
    with clock.at(at(f"{MONDAY} 14:30")):
        request.assign(house.kefu, by=house.zhuguan)
    assert promises(request)["response"][1] == "kept"
    with clock.at(at("2026-09-30 10:01")):
        request.handle("重启", by=house.kefu)
    assert promises(request)["onsite"][1] == "broken"


def test_handling_again_does_not_change_what_was_kept(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00")
    with clock.at(at(f"{MONDAY} 10:00")):
        request.assign(house.kefu, by=house.zhuguan)
        request.handle("重启", by=house.kefu)
        request.feedback("不行", 2, by=house.kefu)
    done = request.dues.get(kind="onsite").done_at
    with clock.at(at("2026-10-12 10:00")):
        request.handle("更换", by=house.kefu)
    assert (request.dues.get(kind="onsite").done_at, promises(request)["onsite"][1]) == (done, "kept")


def test_an_hour_before_the_responsible_and_his_superiors_are_warned_once(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00", to=house.kefu)  # the visit is due on Wednesday at 10:00
    assert run("2026-09-30 08:59").startswith("0")
    run("2026-09-30 09:00"), run("2026-09-30 09:30")
    assert told(house.kefu, "service.due") == 1
    assert {told(one, "service.due") for one in house.kefu.superiors()} == {1}
    assert promises(request)["onsite"][1] == "running"


def test_while_nobody_has_it_those_who_assign_are_warned(agree, call, house):
    agree()
    call(f"{MONDAY} 09:00")
    run(f"{MONDAY} 14:00")
    assert told(house.zhuguan, "service.due") == 1


def test_what_has_run_out_is_broken_and_told_once(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00", to=house.kefu)
    run("2026-09-30 10:01"), run("2026-09-30 10:05")
    assert promises(request)["onsite"][1] == "broken"
    assert (told(house.kefu, "service.due"), told(house.kefu, "service.broken")) == (0, 1)


def test_a_warning_is_followed_by_the_word_that_it_is_broken(agree, call, house):
    agree()
    call(f"{MONDAY} 09:00", to=house.kefu)
    run("2026-09-30 09:30"), run("2026-09-30 10:30")
    assert (told(house.kefu, "service.due"), told(house.kefu, "service.broken")) == (1, 1)


def test_of_deleted_requests_nobody_is_told(agree, call, house):
    agree()
    call(f"{MONDAY} 09:00").delete(by=house.jingli)
    assert run("2026-09-30 10:30").startswith("0")


def test_the_end_may_not_lie_before_the_beginning(agree):
    with pytest.raises(ValidationError) as refused:
        agree(valid_to=date(2025, 12, 31))
    assert list(refused.value.message_dict) == ["valid_to"]


@pytest.mark.parametrize("hours", [Decimal(0), Decimal(-1), Decimal("0.4"), Decimal(1001)])
def test_hours_lie_between_a_half_and_a_thousand(agree, hours):
    with pytest.raises(ValidationError) as refused:
        agree(response_hours=hours, onsite_hours=None)
    assert list(refused.value.message_dict) == ["response_hours"]


def test_nobody_is_on_site_before_the_response(agree):
    with pytest.raises(ValidationError) as refused:
        agree(response_hours=8, onsite_hours=4)
    assert list(refused.value.message_dict) == ["onsite_hours"]


def test_promises_are_not_changed_by_hand(agree, call, house):
    agree()
    due = call(f"{MONDAY} 09:00").dues.first()
    with pytest.raises(Refused):
        due.update({"due_at": at("2027-01-01 00:00")}, by=house.zhuguan)
    assert ServiceDue.objects.get(pk=due.pk).due_at == due.due_at


def test_beside_the_case_stands_how_long_there_is(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00")
    with clock.at(at(f"{MONDAY} 10:00")):
        (_due, left), _onsite = promised_here(request, house.zhuguan)["dues"]
        page = page_client(house.zhuguan).get(f"/service-requests/{request.pk}/").content.decode()
    assert left == "还剩 4 小时 30 分"
    assert "年度保障" in page
    assert "2026-09-28 14:30" in page


def test_two_promises_broken_on_one_day_are_told_both(agree, call, house):
    agree(response_hours=1, onsite_hours=2, around_the_clock=True)
    call(f"{MONDAY} 09:00")
    run(f"{MONDAY} 12:30")
    assert told(house.zhuguan, "service.broken") == 2


def test_what_is_kept_while_the_job_looks_is_told_to_nobody(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00")
    due = request.dues.get(kind="response")
    with clock.at(at(f"{MONDAY} 14:00")):
        request.assign(house.kefu, by=house.zhuguan)
        with pytest.raises(Refused):
            tell(due)
    assert told(house.kefu, "service.due") == 0
    assert promises(request)["response"][1] == "kept"


def test_one_promise_that_cannot_be_told_of_holds_back_no_other(agree, call, house, monkeypatch):
    agree()
    first, second = call(f"{MONDAY} 09:00"), call(f"{MONDAY} 09:01")
    real = jobs.tell

    def stumble(due):
        if due.request_id == first.pk:
            raise ZeroDivisionError
        real(due)

    monkeypatch.setattr(jobs, "tell", stumble)
    with pytest.raises(RuntimeError):
        run(f"{MONDAY} 14:00")
    assert [Notice.objects.get(kind="service.due.response", user=house.zhuguan).params["about"]] == [str(second)]


def test_a_call_is_filed_whatever_the_calendar_says(agree, call, house):
    agree(response_hours=1000, onsite_hours=None)
    CalendarDay.objects.bulk_create(
        CalendarDay(name="停产", date=date(2026, 9, 28) + timedelta(days=n), kind="free") for n in range(3800)
    )
    assert promises(call(f"{MONDAY} 09:00")) == {}


def test_what_is_done_late_before_the_job_has_looked_is_told_too(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00")
    with clock.at(at("2026-09-29 09:00")):
        request.assign(house.kefu, by=house.admin)
    assert told(house.kefu, "service.broken") == 1
    assert promises(request)["response"][1] == "broken"


def test_a_broken_promise_stays_told_when_the_customer_is_corrected(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00")
    run(f"{MONDAY} 15:00")
    request.update({"customer": house.customer(house.jingli, name="别家")}, by=house.jingli)
    assert promises(request) == {"response": ("09-28 14:30", "broken")}


def test_who_gets_it_after_the_warning_is_warned_himself(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00", to=house.kefu)
    run("2026-09-30 09:00")
    with clock.at(at("2026-09-30 09:10")):
        request.reassign(house.yewu, "休假", by=house.zhuguan)
    assert told(house.yewu, "service.due") == 1


def test_the_paper_is_shown_to_those_who_read_agreements_alone(agree, call, house):
    agree()
    request = call(f"{MONDAY} 09:00", to=house.yewu)
    assert promised_here(request, house.yewu)["agreement"] is None
    assert promised_here(request, house.kefu)["agreement"] is not None


def test_whoever_takes_the_call_is_told_until_when(agree, house, customer, as_):
    agree(around_the_clock=True)
    form = {"customer": customer.pk, "type": "1", "summary": "来电", "request": "读数偏高"}
    client = as_(house.jingli)
    once = client.get("/service-requests/new/").content.decode().split('name="once" value="')[1].split('"')[0]
    with clock.at(at(f"{MONDAY} 09:00")):
        answer = client.post("/service-requests/new/", form | {"once": once}, follow=True)
    assert "2026-09-28 13:00" in answer.content.decode()


@pytest.mark.parametrize("hours", [Decimal("0.7"), Decimal("3.3")])
def test_hours_are_told_to_the_half(agree, hours):
    with pytest.raises(ValidationError) as refused:
        agree(response_hours=hours, onsite_hours=None)
    assert list(refused.value.message_dict) == ["response_hours"]


def test_run_by_hand_for_a_day_the_clock_is_at_its_close(agree, call):
    agree(response_hours=2)
    due = call(f"{MONDAY} 15:00").dues.get(kind="response")  # by 17:00
    run_now("service-due", date(2026, 9, 27))
    due.refresh_from_db()
    assert (due.status, due.warned_at) == ("running", None)
    run_now("service-due", date.fromisoformat(MONDAY))
    due.refresh_from_db()
    assert due.status == "broken"


def test_the_form_shows_what_was_promised_and_whose_people_there_are_once_the_customer_is_chosen(
    house, agree, customer, as_
):
    agree(around_the_clock=True)
    other = house.customer(house.jingli2, name="别的客户")
    house.contact(customer, name="钱工")
    house.contact(other, name="孙工")
    with clock.at(at(f"{MONDAY} 15:00")):
        for path in ("/service-requests/new/", "/service/caller/"):
            shown = as_(house.kefu).get(f"{path}?customer={customer.pk}").content.decode()
            assert ("年度保障" in shown, "2026-09-28 19:00" in shown) == (True, True)
            assert ("钱工" in shown, "孙工" in shown) == (True, False)
            hidden = as_(house.yewu).get(f"{path}?customer={customer.pk}").content.decode()
            assert ("年度保障" in hidden, "钱工" in hidden) == (False, True)  # he reads no agreements
        swapped = as_(house.jingli).get(f"/service/caller/?customer={other.pk}").content.decode()
    assert 'id="field-contact" hx-swap-oob="true"' in swapped
    assert ("孙工" in swapped, "钱工" in swapped, "年度保障" in swapped) == (True, False, False)
    for nothing in ("", "x", "987654321"):
        assert as_(house.kefu).get(f"/service/caller/?customer={nothing}").status_code == 200
    assert as_(house.shichang).get(f"/service/caller/?customer={customer.pk}").status_code == 403
