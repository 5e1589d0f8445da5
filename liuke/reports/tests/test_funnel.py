"""The sales funnel (BI-02): by stage, owner and month; told by hand, and equal to the lists for every role."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from liuke.core import clock
from liuke.marketing.models import Opportunity, SalesStage

from .proof import texts

HOME = "/reports/funnel/"


@pytest.fixture
def sales(house):
    """Of jingli: one in stage 1, two in 3 (one lost there), one won out of 2; one of jingli3 in 2; one unassigned."""
    stages = list(SalesStage.objects.alive().order_by("position"))
    house.stages = stages

    def one(stage: int, assignee=house.jingli, amount=1000, **values):
        made = house.opportunity(house.jingli, assignee, customer_name=f"机会{stage}", amount=amount, **values)
        if stage > 1:
            made.set_stage(stages[stage - 1], by=house.gaoguan)
        return made

    one(1)
    one(3, amount=500)
    one(3).lose("没有预算", by=house.gaoguan)
    one(2, amount=7000).win("new", by=house.gaoguan)
    one(2, house.jingli3)
    one(1, None)
    return house


def test_each_stage_tells_how_many_came_so_far_and_how_many_went_on(sales, as_):
    names = [stage.name for stage in sales.stages]
    assert texts(as_(sales.gaoguan), HOME)[:4] == [
        [names[0], "6", "66.7%", "1", "¥1,000.00", "0"],
        [names[1], "4", "75.0%", "1", "¥1,000.00", "0"],
        [names[2], "3", "33.3%", "1", "¥500.00", "1"],
        [names[3], "1", "100.0%", "0", "¥0.00", "0"],
    ]


def test_a_supervisor_sees_his_people_and_what_is_open_to_all(sales, as_):
    """OPP-13: what belongs to another department is not even counted."""
    assert texts(as_(sales.zhuguan), HOME)[0][1] == "5"
    assert texts(as_(sales.bumen), HOME)[0][1] == "1"  # jingli3's; the open one was entered outside his department


def test_by_owner_with_the_rate_of_wins(sales, as_):
    assert texts(as_(sales.gaoguan), f"{HOME}?by=owner") == [
        [sales.jingli.name, "4", "2", "1", "1", "50.0%", "¥7,000.00"],
        [sales.jingli3.name, "1", "1", "0", "0", "--", "¥0.00"],
        ["尚未指派", "1", "0", "0", "0", "--", "¥0.00"],
    ]


def test_by_month_of_the_period(sales, as_):
    today = clock.today()
    last_month = today.replace(day=1) - timedelta(days=1)
    Opportunity.objects.filter(status="lost").update(created_at=clock.now() - (today - last_month))
    query = f"by=month&created_at__gte={last_month.replace(day=1)}&created_at__lte={today}"
    found = texts(as_(sales.gaoguan), f"{HOME}?{query}")
    assert [line[:5] for line in found] == [
        [f"{last_month:%Y-%m}", "1", "0", "0", "1"],
        [f"{today:%Y-%m}", "5", "3", "1", "0"],
    ]


def test_with_a_last_day_alone_the_period_is_the_twelve_months_up_to_it(sales, as_):
    """It began at the twelve months before today once, which could lie after that day."""
    found = texts(as_(sales.gaoguan), f"{HOME}?by=month&created_at__lte={clock.today()}")
    assert len(found) == 12
    Opportunity.objects.filter(status="lost").update(created_at=timezone.make_aware(datetime(2019, 3, 5, 12)))
    found = texts(as_(sales.gaoguan), f"{HOME}?by=month&created_at__lte=2019-03-31")
    assert [line[:2] for line in found][::11] == [["2018-04", "0"], ["2019-03", "1"]]


def test_a_period_that_runs_backwards_is_refused(sales, api, as_):
    query = "created_at__gte=2026-03-02&created_at__lte=2026-03-01"
    answer = api(sales.gaoguan).get(f"reports/funnel?{query}")
    assert answer.json()["errors"] == {"created_at__gte": ["起始日期晚于截止日期 2026-03-01"]}
    assert "创建时间：起始日期晚于截止日期" in as_(sales.gaoguan).get(f"{HOME}?{query}").content.decode()
    assert as_(sales.gaoguan).get(f"{HOME}export.csv?{query}").status_code == 422
    assert as_(sales.gaoguan).get(f"{HOME}print/?{query}").status_code == 422


def test_more_than_36_months_are_refused_one_by_one_and_told_together(sales, api, as_):
    query = "created_at__gte=2020-01-01&created_at__lte=2023-01-31"
    answer = api(sales.gaoguan).get(f"reports/funnel?by=month&{query}")
    assert answer.json()["errors"] == {"created_at__gte": ["按月最多显示 36 个月，此处为最近的月份"]}
    page = as_(sales.gaoguan).get(f"{HOME}?by=month&{query}").content.decode()
    assert "按月最多显示 36 个月" in page
    assert 'value="2020-02-01"' in page  # the period the figures are of
    assert (
        api(sales.gaoguan)
        .get("reports/funnel?by=month&created_at__gte=2020-02-01&created_at__lte=2023-01-31")
        .status_code
        == 200
    )
    assert api(sales.gaoguan).get(f"reports/funnel?by=owner&{query}").status_code == 200


def test_a_period_without_any_says_so(sales, as_):
    page = as_(sales.gaoguan).get(f"{HOME}?created_at__gte=2001-01-01&created_at__lte=2001-12-31")
    assert "没有符合条件的记录" in page.content.decode()


def test_the_api_tells_it_with_ids(sales, api):
    told = api(sales.gaoguan).get("reports/funnel").json()
    assert told["items"][2] == {
        "stage": sales.stages[2].name, "reached": 3, "conversion": "33.3", "developing": 1, "amount": "500.00",
        "lost": 1, "id": sales.stages[2].pk,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["created_at__gte", "created_at__lte", "assignee", "by", "nonsense"])
def test_what_cannot_be_read_is_refused_by_name(name, sales, api):
    answer = api(sales.gaoguan).get(f"reports/funnel?{name}=2026-13-45")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])
