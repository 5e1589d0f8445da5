"""Early warnings: managers hear of it while there is time (CHURN-07)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liuke.base.models import SettingsChange
from liuke.core import clock
from liuke.core.models import Notice
from liuke.retention.check import check
from liuke.retention.silence import months_before

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def hints(user):
    """(step, how many customers) of each early warning the person got."""
    rows = Notice.objects.filter(user=user, kind__startswith="churn.early").order_by("pk")
    return [(one.params["months"], one.params["count"]) for one in rows]


def test_managers_hear_of_the_first_check_who_is_at_three_and_at_five_months(house, silent):
    house.ordered(house.customer(house.jingli, name="三个月"), months_before(TODAY, 3) - timedelta(days=2))
    house.ordered(house.customer(house.jingli, name="五个月"), months_before(TODAY, 5) - timedelta(days=2))
    house.ordered(house.customer(house.jingli, name="刚好三个月"), months_before(TODAY, 3))
    house.ordered(house.customer(house.jingli3, name="别人的"), months_before(TODAY, 4))
    check(TODAY)
    check(TODAY)
    first = Notice.objects.get(kind="churn.early_first", user=house.jingli)
    assert first.text == "你有 1 个客户已 3 个月未下单"
    assert (hints(house.jingli), hints(house.jingli3)) == ([(3, 1), (5, 1)], [(3, 1)])


@pytest.mark.parametrize("gap", [1, 7, 24])
def test_between_two_checks_nobody_is_missed_and_nobody_told_twice_however_far_apart(house, silent, gap):
    """A server that was off for three weeks, or a house that checks every day."""
    check(TODAY)
    for days in (0, 1, 2, 12):  # they come to more than three months tomorrow, the day after and so on
        house.ordered(house.customer(house.jingli, name=f"{days} 天后"), months_before(TODAY, 3) + timedelta(days=days))
    for day in range(gap, 25, gap):
        check(TODAY + timedelta(days=day))
    assert sum(count for months, count in hints(house.jingli) if months == 3) == 4


def test_a_step_that_is_set_anew_is_told_from_its_beginning(house, silent):
    check(TODAY)
    house.ordered(house.customer(house.jingli, name="两个半月"), months_before(TODAY, 3) + timedelta(days=15))
    check(TODAY)
    assert hints(house.jingli) == []
    SettingsChange().apply({"churn_early_first": 2}, by=house.admin)
    check(TODAY)
    assert hints(house.jingli) == [(2, 1)]
