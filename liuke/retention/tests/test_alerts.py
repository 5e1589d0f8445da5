"""The weekly check, postponing and confirming (CHURN-01…05, S-04…S-07)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from liuke.base.models import SettingsChange
from liuke.core import clock
from liuke.core.models import Event, Notice
from liuke.core.refusals import Refused
from liuke.customers.models import Customer
from liuke.retention.check import check
from liuke.retention.models import ChurnAlert, ChurnMeasure
from liuke.retention.silence import alarm_on, months_before, start_of
from liuke.retention.thread import cases_of

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def alert_of(customer) -> ChurnAlert:
    return ChurnAlert.objects.get(customer=customer)


def test_a_silent_customer_gets_one_alert_with_its_event_and_its_notice(house, silent):
    assert str(check(TODAY)) == "已预警 1 个客户，挽回 0 个"
    alert = alert_of(silent)
    assert (alert.number[:2], len(alert.number)) == ("LS", 15)
    assert (alert.status, alert.last_order_on, alert.confirmed_at) == ("warning", months_before(TODAY, 7), None)
    assert [event.verb for event in Event.of(alert)] == ["warn"]
    notice = Notice.objects.get(kind="churn.warned")
    assert (notice.user, notice.url) == (house.jingli, f"/churn-alerts/{alert.pk}/")
    assert notice.text == f"流失预警：「台州椒江泵业」自 {alert.last_order_on} 起未下单"


def test_a_second_check_adds_nothing(silent):
    check(TODAY)
    assert check(TODAY).warned == 0
    assert (ChurnAlert.objects.count(), Event.objects.filter(verb="warn").count()) == (1, 1)
    assert Notice.objects.filter(kind="churn.warned").count() == 1


def test_exactly_six_months_are_not_yet_too_long_and_one_day_more_is(house):
    house.ordered(house.customer(house.jingli, name="刚好六个月"), months_before(TODAY, 6))
    longer = house.ordered(house.customer(house.jingli, name="再多一天"), months_before(TODAY, 6) - timedelta(days=1))
    check(TODAY)
    assert [alert.customer for alert in ChurnAlert.objects.all()] == [longer]


def test_a_customer_that_never_ordered_is_counted_from_its_first_day(house, silent):
    with clock.at(clock.now() - timedelta(days=400)):
        never = house.customer(house.jingli, name="从未下单")
    house.customer(house.jingli, name="新客户")
    check(TODAY)
    assert set(ChurnAlert.objects.values_list("customer", flat=True)) == {silent.pk, never.pk}
    assert (alert_of(never).last_order_on, alert_of(never).silent_since) == (None, TODAY - timedelta(days=400))


def test_churned_and_deleted_customers_are_left_alone(house, silent):
    Customer.objects.filter(pk=silent.pk).update(status="churned")
    house.ordered(house.customer(house.jingli, name="删除的"), TODAY - timedelta(days=300)).delete(by=house.jingli)
    assert check(TODAY).warned == 0


def test_measures_are_appended_each_with_its_author(house, silent):
    check(TODAY)
    alert = alert_of(silent)
    alert.postpone("电话了解停单原因", by=house.jingli)
    alert.postpone("带样机上门", by=house.zhuguan)
    measures = ChurnMeasure.objects.filter(alert=alert).order_by("pk")
    assert [(one.measure, one.created_by) for one in measures] == [
        ("电话了解停单原因", house.jingli),
        ("带样机上门", house.zhuguan),
    ]
    assert alert.status == "postponed"
    for act in (
        lambda: measures[0].update({"measure": "改"}, by=house.jingli),
        lambda: measures[0].delete(by=house.jingli),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "append_only"


def test_confirming_before_postponing_is_refused_with_the_exact_words_and_changes_nothing(house, silent):
    check(TODAY)
    alert = alert_of(silent)
    with pytest.raises(Refused) as refused:
        alert.confirm("倒闭了", by=house.jingli)
    assert (refused.value.message, refused.value.status) == ("请先采取暂缓流失措施", 409)
    silent.refresh_from_db()
    assert (alert_of(silent).status, silent.status) == ("warning", "normal")


@pytest.mark.parametrize("empty", ["", "  \n "])
def test_an_empty_measure_and_an_empty_reason_are_refused(house, silent, empty):
    check(TODAY)
    alert = alert_of(silent)
    with pytest.raises(ValidationError) as wrong:
        alert.postpone(empty, by=house.jingli)
    assert "measure" in wrong.value.message_dict
    assert (ChurnMeasure.objects.count(), alert_of(silent).status) == (0, "warning")
    alert.postpone("打过电话", by=house.jingli)
    with pytest.raises(ValidationError) as wrong:
        alert.confirm(empty, by=house.jingli)
    assert "reason" in wrong.value.message_dict
    assert alert_of(silent).status == "postponed"


def test_a_confirmed_loss_closes_the_customer_and_stays_as_it_is(house, silent):
    check(TODAY)
    alert = alert_of(silent)
    alert.postpone("打过电话", by=house.jingli)
    alert.confirm("转产停线，不再采购", by=house.jingli)
    silent.refresh_from_db()
    assert (silent.status, alert.status, alert.reason) == ("churned", "confirmed", "转产停线，不再采购")
    assert alert.confirmed_at is not None
    for act in (lambda: alert.confirm("再来一次", by=house.jingli), lambda: alert.postpone("再试", by=house.jingli)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.message == "该客户已确认流失"
    assert ChurnMeasure.objects.count() == 1
    assert Event.of(alert).filter(verb="confirm").count() == 1
    with pytest.raises(Refused):
        silent.update({"name": "改名"}, by=house.jingli)


def test_superiors_learn_what_was_lost(house, silent):
    check(TODAY)
    alert = alert_of(silent)
    alert.postpone("打过电话", by=house.jingli)
    alert.confirm("破产", by=house.jingli)
    told = Notice.objects.filter(kind="churn.confirmed").values_list("user__username", flat=True)
    assert set(told) == {"zhuguan", "gaoguan"}


def test_a_reactivated_customer_is_normal_its_change_has_a_reason_and_it_may_be_warned_of_again(house, silent):
    check(TODAY)
    alert = alert_of(silent)
    alert.postpone("打过电话", by=house.jingli)
    alert.confirm("搬走了", by=house.jingli)
    silent.refresh_from_db()
    with pytest.raises(ValidationError):
        silent.reactivate(" ", by=house.zhuguan)
    silent.reactivate("又来询价", by=house.zhuguan)
    change = Event.of(silent).get(verb="reactivate")
    assert (silent.status, change.changes, change.note) == ("normal", {"status": ["churned", "normal"]}, "又来询价")
    with pytest.raises(Refused):
        silent.reactivate("再来", by=house.zhuguan)
    assert check(TODAY).warned == 1  # it is still silent
    assert list(ChurnAlert.objects.order_by("pk").values_list("status", flat=True)) == ["confirmed", "warning"]


def test_the_database_itself_allows_one_open_alert_a_customer(silent):
    check(TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChurnAlert.objects.create(customer=silent, silent_since=TODAY, number="LS2")


def test_a_new_order_ends_the_alert_in_its_own_transaction(house, silent):
    check(TODAY)
    alert_of(silent).postpone("打过电话", by=house.jingli)
    with transaction.atomic():
        house.ordered(silent, TODAY - timedelta(days=1))
        assert alert_of(silent).status == "recovered"
        transaction.set_rollback(True)
    assert alert_of(silent).status == "postponed"
    house.ordered(silent, TODAY - timedelta(days=1))
    alert = alert_of(silent)
    assert (alert.status, alert.last_order_on) == ("recovered", TODAY - timedelta(days=1))
    with pytest.raises(Refused) as refused:
        alert.postpone("再试", by=house.jingli)
    assert refused.value.code == "is_recovered"
    house.ordered(silent, TODAY)
    assert Event.of(alert).filter(verb="recover").count() == 1
    assert Notice.objects.filter(kind="churn.recovered", user=house.jingli).count() == 1


def test_a_case_at_work_is_not_begun_anew_by_the_next_check(house, silent):
    check(TODAY)
    alert_of(silent).postpone("打过电话", by=house.jingli)
    before = ChurnAlert.objects.values().get()
    assert str(check(TODAY + timedelta(days=7))) == "已预警 0 个客户，挽回 0 个"
    assert ChurnAlert.objects.values().get() == before


def test_who_falls_silent_again_gets_another_alert_and_the_earlier_one_is_told_below_it(house, silent):
    check(TODAY)
    alert_of(silent).postpone("打过电话", by=house.jingli)
    house.ordered(silent, TODAY)
    later = alarm_on(TODAY, 6)
    check(later - timedelta(days=1))
    assert alert_of(silent).status == "recovered"
    with clock.at(start_of(later)):
        check(later)
    again = ChurnAlert.objects.get(customer=silent, status="warning")
    assert again.silent_since == TODAY
    assert [(case.alert.status, len(case.turns)) for case in cases_of(again, later)] == [
        ("warning", 3), ("recovered", 5),
    ]  # fmt: skip


def test_an_order_of_the_future_ends_the_alert_on_its_day_by_the_next_check(house, silent):
    check(TODAY)
    house.ordered(silent, TODAY + timedelta(days=2))
    assert alert_of(silent).status == "warning"
    assert check(TODAY).recovered == 0
    with clock.at(clock.now() + timedelta(days=3)):
        Customer.objects.filter(pk=silent.pk).update(last_order_on=TODAY + timedelta(days=2))  # the job of that night
        assert check(clock.today()).recovered == 1
    assert alert_of(silent).status == "recovered"


def test_an_order_of_long_ago_that_comes_late_does_not_end_the_alert_but_shows_in_it(house, silent):
    check(TODAY)
    later = months_before(TODAY, 6) - timedelta(days=2)
    house.ordered(silent, later)
    alert = alert_of(silent)
    assert (alert.status, alert.last_order_on, alert.silent_since) == ("warning", later, later)


def test_invalid_orders_do_not_count(house, silent):
    house.order(silent, TODAY - timedelta(days=1), status="invalid")
    assert check(TODAY).warned == 1
    house.order(silent, TODAY, status="invalid")
    assert alert_of(silent).status == "warning"


def test_a_churned_customer_may_order_and_stays_churned_until_it_is_reactivated(house, silent):
    check(TODAY)
    alert = alert_of(silent)
    alert.postpone("打过电话", by=house.jingli)
    alert.confirm("搬走了", by=house.jingli)
    house.ordered(silent, TODAY)
    assert (silent.status, alert_of(silent).status) == ("churned", "confirmed")


def test_raising_the_months_of_silence_ends_no_alert_and_an_order_does(house, silent):
    """Nobody has ordered: to say so would be untrue, and the alert was a true one when it was given (S-06)."""
    with clock.at(clock.now() - timedelta(days=300)):
        never = house.customer(house.jingli, name="从未下单")
    check(TODAY)
    SettingsChange().apply({"churn_months": 12}, by=house.admin)
    assert str(check(TODAY)) == "已预警 0 个客户，挽回 0 个"
    house.order(silent, months_before(TODAY, 7), status="invalid")  # what is written is no newer order
    assert (alert_of(silent).status, alert_of(never).status) == ("warning", "warning")
    assert not Event.objects.filter(verb="recover").exists()
    house.ordered(silent, TODAY)
    house.ordered(never, months_before(TODAY, 3))
    assert (alert_of(silent).status, alert_of(never).status) == ("recovered", "recovered")


def test_an_alert_is_named_by_its_customer_without_a_question_for_each_row(silent, django_assert_num_queries):
    check(TODAY)
    with django_assert_num_queries(1):
        assert [str(one) for one in ChurnAlert.objects.select_related("customer")] == ["台州椒江泵业"]
    with django_assert_num_queries(1):
        assert [str(one)[:2] for one in ChurnAlert.objects.all()] == ["LS"]
