"""Customer churn analysis (RPT-04): confirmed losses with their reasons and measures, month by month in the chart."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from liuke.accounts.models import Grant
from liuke.core import clock
from liuke.retention.models import ChurnAlert

from .proof import file_rows, lines, listed, texts

HOME = "/reports/churn/"
TODAY = clock.today()


@pytest.fixture
def losses(house):
    """Lost: 甲泵业 of jingli today, 乙阀门 of jingli3 last month · 丙仪表 of jingli is silent, and postponed."""
    house.alert(house.customer(house.jingli, name="甲泵业"), "上门拜访", "给了优惠", reason="停产")
    second = house.alert(house.customer(house.jingli3, name="乙阀门"), "换了联系人", reason="被同行低价抢走")
    house.alert(house.customer(house.jingli, name="丙仪表"), "寄了样本")
    house.last_month = TODAY.replace(day=1) - timedelta(days=1)
    at = timezone.make_aware(datetime(house.last_month.year, house.last_month.month, house.last_month.day, 23, 30))
    ChurnAlert.objects.filter(pk=second.pk).update(confirmed_at=at)
    return house


def test_each_confirmed_loss_with_its_reason_and_what_was_done_the_latest_first(losses, as_):
    assert texts(as_(losses.gaoguan), HOME) == [
        ["甲泵业", losses.jingli.name, f"{TODAY}", "停产", f"{TODAY} 上门拜访\n{TODAY} 给了优惠"],
        ["乙阀门", losses.jingli3.name, f"{losses.last_month}", "被同行低价抢走", f"{TODAY} 换了联系人"],
        ["合计：流失客户 2 家", "", "", "", ""],
    ]


@pytest.mark.parametrize(("query", "names"), [
    ("name=阀", ["乙阀门"]),
    ("name=无此", []),
    ("confirmed_at__gte={today}", ["甲泵业"]),
    ("confirmed_at__lte={last_month}", ["乙阀门"]),
    ("owner={jingli}", ["甲泵业"]),
    ("owner={jingli}&name=阀", []),
])  # fmt: skip
def test_it_is_filtered_by_name_manager_and_day(query, names, losses, as_, api):
    query = query.format(today=TODAY, last_month=losses.last_month, jingli=losses.jingli.pk)
    assert [row[0] for row in texts(as_(losses.gaoguan), f"{HOME}?{query}")][:-1] == names
    assert [one["customer__text"] for one in api(losses.gaoguan).get(f"reports/churn?{query}").json()["items"]] == names


def test_each_month_of_the_chart_leads_to_its_losses(losses, as_):
    client = as_(losses.gaoguan)
    chart = _chart(client.get(HOME))
    assert (len(chart["labels"]), chart["labels"][-2:]) == (12, [f"{losses.last_month:%Y-%m}", f"{TODAY:%Y-%m}"])
    assert chart["series"][0]["values"][-3:] == [0, 1, 1]
    assert [listed(client, url) for url in chart["urls"][-3:]] == [0, 1, 1]


def _chart(page) -> dict:
    return json.loads(page.content.decode().partition('<script type="application/json">')[2].partition("</script>")[0])


def test_the_chart_of_a_long_period_is_that_of_its_last_two_years_and_says_so(losses, as_):
    page = as_(losses.gaoguan).get(f"{HOME}?confirmed_at__gte=2001-01-01&confirmed_at__lte=2019-06-15")
    chart = _chart(as_(losses.gaoguan).get(f"{HOME}?confirmed_at__gte=2001-01-01"))
    assert (len(chart["labels"]), sum(chart["series"][0]["values"])) == (24, 2)
    assert "没有符合条件的记录" in page.content.decode()


def test_a_head_is_told_of_his_own_people_as_in_the_list_of_alerts(losses, as_):
    assert [line[0][1] for line in lines(as_(losses.bumen), HOME)][:-1] == ["乙阀门"]
    assert [line[0][1] for line in lines(as_(losses.zhuguan), HOME)][:-1] == ["甲泵业"]


def test_whoever_sees_more_alerts_than_his_reports_tell_of_is_led_to_those_they_tell_of(losses, as_):
    Grant.objects.filter(role__code="department_head", resource="churn-alerts", action="view").update(scope="all")
    client = as_(losses.again("bumen"))
    total = lines(client, HOME)[-1][0]
    assert (total[1], listed(client, total[0])) == ("合计：流失客户 1 家", 1)


def test_the_file_and_the_paper_say_the_same(losses, as_):
    client = as_(losses.gaoguan)
    rows = file_rows(client.get(f"{HOME}export.csv"))
    assert rows[1] == ["甲泵业", losses.jingli.name, f"{TODAY}", "停产", f"{TODAY} 上门拜访\n{TODAY} 给了优惠"]
    assert len(rows) == 3
    paper = client.get(f"{HOME}print/?limit=1").content.decode()
    assert "甲泵业" in paper
    assert "乙阀门" in paper


def test_a_customer_in_the_recycle_bin_is_left_out_as_in_the_list(losses, as_):
    from liuke.customers.models import Customer

    Customer.objects.filter(name="甲泵业").update(deleted_at=clock.now())
    assert [row[0] for row in texts(as_(losses.gaoguan), HOME)] == ["乙阀门", "合计：流失客户 1 家"]


def test_its_help_stands_where_the_page_leads(house, as_):
    client = as_(house.gaoguan)
    assert 'href="/help/#reports/churn"' in client.get(HOME).content.decode()
    assert 'id="reports/churn"' in client.get("/help/").content.decode()


def test_the_api_tells_whose_loss_it_is(losses, api):
    told = api(losses.gaoguan).get("reports/churn?limit=1").json()
    alert = ChurnAlert.objects.get(customer__name="甲泵业")
    assert told["items"][0] == {
        "customer__text": "甲泵业", "owner__text": losses.jingli.name, "confirmed_at": f"{TODAY}", "reason": "停产",
        "measures": f"{TODAY} 上门拜访\n{TODAY} 给了优惠",
        "id": alert.pk, "customer": alert.customer_id, "owner": losses.jingli.pk,
    }  # fmt: skip
    assert (told["count"], told["total"]["count"]) == (2, 2)
    second = api(losses.gaoguan).get(told["next"]).json()
    assert [one["customer__text"] for one in second["items"]] == ["乙阀门"]


@pytest.mark.parametrize(("name", "query"), [
    ("owner", "owner=abc"),
    ("confirmed_at__gte", "confirmed_at__gte=2026-02-30"),
    ("confirmed_at__gte", "confirmed_at__gte=2026-03-02&confirmed_at__lte=2026-03-01"),
    ("name", "name=%00"),
    ("nonsense", "nonsense=1"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name_and_never_becomes_a_file(name, query, losses, api, as_):
    answer = api(losses.gaoguan).get(f"reports/churn?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])
    assert as_(losses.gaoguan).get(f"{HOME}export.csv?{query}").status_code == 422
