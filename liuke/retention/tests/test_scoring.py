"""The risk of losing a customer: what speaks for it, in points and in words, and that it is true the next morning."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from liuke.base.models import SettingsChange
from liuke.commerce.models import SalesSync
from liuke.core import clock
from liuke.core.models import Event
from liuke.customers.beside import beside
from liuke.customers.models import Customer
from liuke.retention import scoring
from liuke.retention.models import CustomerRisk
from liuke.retention.orders import bought_since, rhythms_of
from liuke.retention.rhythm import Bought, Rhythm
from liuke.retention.scoring import score_all
from liuke.retention.signals import judged, reasons, score_of
from liuke.retention.signs import amounts, satisfaction, silence, unheard
from liuke.retention.source import Unreadable

DAY = date(2026, 11, 21)
TODAY = clock.today()


def bought(*days_ago: int, sums=(), today: date = DAY) -> Rhythm:
    sums = sums or [100] * len(days_ago)
    return Rhythm([Bought(today - timedelta(days=ago), Decimal(sum)) for ago, sum in zip(days_ago, sums, strict=True)])


# the rhythm


@pytest.mark.parametrize(
    ("days_ago", "gap"),
    [
        ((), None),
        ((60,), None),
        ((90, 60), None),
        ((90, 60, 30), 30),
        ((200, 100, 70, 40), 30),  # the median: one long pause does not make a slow customer
        ((100, 80, 50), 25),
        ((12, 11, 10, 9), 7),  # who orders every day is not lost after a long weekend
    ],
)
def test_the_usual_gap_is_the_median_of_the_days_between_orders(days_ago, gap):
    assert bought(*days_ago).usual_gap == gap


def test_the_days_that_were_missed_are_counted_from_the_last_order_by_the_usual_gap():
    assert bought(190, 160, 130, 100).missed(DAY) == [DAY - timedelta(days=ago) for ago in (70, 40, 10)]
    assert bought(100, 70, 30).missed(DAY) == []  # 35 days are not over yet
    assert bought(60, 30).missed(DAY) == []
    assert len(bought(9014, 9007, 9000).missed(DAY)) == 60


def test_the_silence_is_told_in_usual_gaps():
    assert bought(190, 160, 130, 100).times(DAY) == pytest.approx(100 / 30)
    assert bought(100).times(DAY) is None


# the signs


@pytest.mark.parametrize(
    ("last", "points"), [(0, 0), (40, 0), (50, 0), (105, 30), (160, 60), (1600, 60)]
)  # gap 40: from 1.25 of it on it counts, in full from 4 on
def test_silence_counts_from_one_and_a_quarter_usual_gaps_to_four(last, points):
    rhythm = bought(last + 120, last + 80, last + 40, last)
    found, seen = silence.judge(rhythm, DAY)
    assert (found, seen["gap"]) == (pytest.approx(points), 40)


@pytest.mark.parametrize(("last", "points"), [(91, 0), (228, 15), (365, 30), (4000, 30)])
def test_without_a_rhythm_a_year_of_silence_counts_half(last, points):
    assert silence.judge(bought(last), DAY)[0] == pytest.approx(points, abs=0.1)
    assert unheard.judge(DAY - timedelta(days=last), DAY)[0] == pytest.approx(points, abs=0.1)


@pytest.mark.parametrize(
    ("sums", "points"),
    [
        ((100, 100, 100, 100, 100, 100), 0),
        ((100, 100, 100, 80, 80, 80), 0),  # a fifth less says nothing yet
        ((100, 100, 100, 55, 55, 55), 12.5),
        ((100, 100, 100, 30, 30, 30), 25),
        ((100, 100, 100, 0, 0, 0), 25),
        ((10, 100, 190, 55, 55, 55), 12.5),  # the mean of all before
        ((30, 30, 30, 100, 100, 100), 0),
    ],
)
def test_the_last_three_amounts_are_held_against_those_before(sums, points):
    assert amounts.judge(bought(60, 50, 40, 30, 20, 10, sums=sums), DAY)[0] == pytest.approx(points)


@pytest.mark.parametrize("sums", [(100, 100, 1, 1, 1), (0, 0, 0, 5, 5, 5), (-5, -5, -5, 5, 5, 5)])
def test_amounts_say_nothing_where_there_is_nothing_to_hold_them_against(sums):
    assert amounts.judge(bought(*range(60, 60 - 10 * len(sums), -10), sums=sums), DAY) is None


@pytest.mark.parametrize(("score", "points"), [(1, 15), (2, 12), (3, 4), (4, 0), (5, 0)])
def test_a_dissatisfied_customer_is_more_likely_to_leave(score, points):
    assert satisfaction.judge(score, DAY)[0] == points


def test_each_sign_says_in_words_what_it_saw_on_the_day_somebody_reads_it():
    sums = (81_000, 80_000, 79_000, 61_000, 42_000, 23_000)
    rhythm, later = bought(340, 310, 280, 250, 220, 190, sums=sums), DAY + timedelta(days=8)
    smaller = bought(340, 310, 280, 250, 220, 190, sums=(*sums[:3], 42_000, 61_000, 23_000))
    found = [
        ["silence", 60, silence.judge(rhythm, DAY)[1]],
        ["silence", 20, silence.judge(bought(300), DAY)[1]],
        ["unheard", 20, unheard.judge(DAY - timedelta(days=300), DAY)[1]],
        ["amounts", 20, amounts.judge(rhythm, DAY)[1]],
        ["amounts", 20, amounts.judge(smaller, DAY)[1]],
        ["satisfaction", 12, satisfaction.judge(2, DAY)[1]],
        ["a module that is gone", 5, {}],
    ]
    with translation.override("en"):
        told = [words for _icon, words, _points in reasons(found, later, amounts=True)]
        untold = [words for _icon, words, _points in reasons(found, later, amounts=False)]
    assert told == [
        "Silent for 198 days, 6.6 times its usual gap of 30 days between orders",
        "Silent for 308 days, with too few orders for a rhythm",
        "Never ordered in the 308 days since it was entered",
        "The last three amounts fell one after the other: ¥6.1 ten thousand、¥4.2 ten thousand、¥2.3 ten thousand",
        "The last three amounts ¥4.2 ten thousand、¥6.1 ten thousand、¥2.3 ten thousand are below "
        "the usual ¥8 ten thousand",
        "Satisfaction is only 2 of 5",
    ]
    smaller_ones = "The last three orders are smaller than usual"
    assert untold == [*told[:3], smaller_ones, smaller_ones, told[5]]


def test_a_score_is_the_sum_of_its_signs_and_a_hundred_at_most():
    assert score_of([["silence", 60, {}], ["amounts", 20, {}]]) == 80
    assert score_of([["silence", 60, {}], ["amounts", 25, {}], ["satisfaction", 15, {}], ["service", 20, {}]]) == 100
    assert score_of([]) == 0


# the night


@pytest.fixture
def lost(house):
    """Ordered every thirty days until 120 days ago: four times its usual gap; with a satisfaction of 2."""
    customer = house.customer(house.jingli, name="渐行渐远")
    for ago in (210, 180, 150, 120):
        house.order(customer, TODAY - timedelta(days=ago), Decimal(100))
    Customer.objects.filter(pk=customer.pk).update(satisfaction=2)
    customer.refresh_from_db()
    return customer


def risk(customer):
    """(what stands with the customer, what its risk says): they are one number."""
    return (
        Customer.objects.get(pk=customer.pk).churn_risk,
        CustomerRisk.objects.filter(customer=customer.pk).values_list("score", flat=True).first(),
    )


@pytest.mark.django_db
def test_the_night_scores_every_normal_customer_and_a_second_one_changes_nothing(house, lost):
    new = house.customer(house.jingli, name="新客户")
    assert score_all(TODAY) == "评估 2 个客户，2 个风险有变化"
    assert (risk(lost), risk(new)) == ((72, 72), (0, 0))
    assert CustomerRisk.objects.get(customer=lost).found == [
        ["silence", 60, {"last": (TODAY - timedelta(days=120)).isoformat(), "gap": 30}],
        ["satisfaction", 12, {"score": 2}],
    ]
    assert score_all(TODAY) == "评估 2 个客户，0 个风险有变化"
    assert not Event.of(lost).exclude(verb="create").exists()


@pytest.mark.django_db
def test_a_customer_that_never_ordered_is_counted_from_its_first_day_once_anybody_orders(house):
    with clock.at(clock.now() - timedelta(days=400)):
        never = house.customer(house.jingli, name="从未下单")
    score_all(TODAY)
    assert risk(never) == (0, 0)  # no order data at all: nobody is silent
    house.order(house.customer(house.jingli, name="在下单"), TODAY)
    score_all(TODAY)
    assert risk(never) == (30, 30)
    assert "400 天" in beside(Customer.objects.get(pk=never.pk), house.jingli).boxes[0].html


@pytest.mark.django_db
def test_the_risk_of_a_customer_whose_orders_vanished_is_worked_out_without_them(house, lost):
    score_all(TODAY)
    house.order(house.customer(house.jingli2, name="在下单"), TODAY)
    for order in lost.orders.all():
        order.delete(by=house.office())
    score_all(TODAY)
    assert risk(lost) == (12, 12)


@pytest.mark.django_db
def test_who_is_lost_or_deleted_has_no_risk_and_has_it_again_when_it_is_back(house, lost):
    binned = house.customer(house.jingli, name="删除的")
    score_all(TODAY)
    lost.churn("停产", by=house.jingli)
    binned.delete(by=house.jingli)
    score_all(TODAY)
    assert (risk(lost), risk(binned)) == ((None, None), (None, None))
    lost.reactivate("又来询价", by=house.zhuguan)
    binned.restore(by=house.jingli)
    score_all(TODAY)
    assert (risk(lost), risk(binned)) == ((72, 72), (0, 0))


@pytest.mark.django_db
def test_who_was_lost_and_came_back_before_the_night_has_its_risk_in_the_morning(house, lost):
    score_all(TODAY)
    lost.churn("停产", by=house.jingli)
    lost.reactivate("又来询价", by=house.zhuguan)
    assert risk(lost) == (None, 72)
    score_all(TODAY)
    assert risk(lost) == (72, 72)


@pytest.mark.django_db
def test_who_is_lost_while_the_night_goes_on_stays_without_a_risk(house, lost, monkeypatch):
    whole = scoring.judged

    def slowly(pks, today):
        found = whole(pks, today)
        Customer.objects.filter(pk=lost.pk).update(status="churned", churn_risk=None)
        return found

    monkeypatch.setattr(scoring, "judged", slowly)
    scoring.score([lost.pk], TODAY)
    assert Customer.objects.get(pk=lost.pk).churn_risk is None


@pytest.mark.django_db
def test_risks_stay_as_they_are_while_the_sales_system_cannot_be_read(house, lost):
    score_all(TODAY)
    SettingsChange().apply({"sales_source": "external"}, by=house.admin)
    SalesSync.objects.create(finished_at=clock.now(), ok=False)
    with pytest.raises(Unreadable):
        score_all(TODAY + timedelta(days=60))
    assert risk(lost) == (72, 72)


@pytest.mark.django_db
def test_amounts_of_one_day_are_summed_to_the_cent(house):
    customer = house.customer(house.jingli)
    for amount in ("0.10", "0.20", "12345678901.99"):
        house.order(customer, TODAY, Decimal(amount))
    [day] = rhythms_of([customer.pk], TODAY)[customer.pk].days
    assert str(day.amount) == "12345678902.29"
    assert [(str(amount), count) for _on, amount, count in bought_since(customer.pk, TODAY, TODAY)] == [
        ("12345678902.29", 3)
    ]


@pytest.mark.django_db
def test_a_thousand_customers_cost_the_questions_of_one(house, lost, django_assert_max_num_queries):
    made = [Customer(name=f"客户{n}", number=f"K{n}", owner=house.jingli, created_at=clock.now()) for n in range(30)]
    Customer.objects.bulk_create(made)
    with django_assert_max_num_queries(8):
        found = judged([lost.pk, *(one.pk for one in made)], TODAY)
    assert (len(found), found[lost.pk][0][0]) == (31, "silence")
