"""What people see of churn: how much was ordered is told to those who may read the orders, and to nobody else."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from liuke.accounts.models import Role
from liuke.core import clock
from liuke.core.jobs import store
from liuke.core.models import JobRun
from liuke.customers.beside import beside
from liuke.retention.cards import churn as card
from liuke.retention.life import churn_tab
from liuke.retention.models import ChurnAlert
from liuke.retention.scoring import score_all
from liuke.retention.screens import pulse_of
from liuke.retention.silence import months_before
from tests.house import page_client

pytestmark = pytest.mark.django_db
TODAY = clock.today()
SHANGHAI = ZoneInfo("Asia/Shanghai")
FALL = (81_000, 80_000, 82_000, 80_000, 61_000, 42_000, 23_000)


@pytest.fixture
def falling(house):
    """A customer of jingli whose orders became smaller, and then none came for seven months."""
    customer = house.customer(house.jingli, name="台州椒江泵业")
    last = months_before(TODAY, 7)
    for place, amount in enumerate(reversed(FALL)):
        house.order(customer, last - timedelta(days=30 * place), Decimal(amount))
    alert = house.alert(customer)
    score_all(TODAY)
    customer.refresh_from_db()
    return customer, alert


AMOUNTS = ("¥6.1", "¥4.2", "¥2.3", "¥449,000")


@pytest.mark.parametrize(("who", "reads"), [("jingli", True), ("zhuguan", True), ("gaoguan", True), ("admin", False)])
def test_an_alert_tells_amounts_to_those_who_read_the_orders(house, falling, who, reads):
    _customer, alert = falling
    page = page_client(getattr(house, who)).get(f"/churn-alerts/{alert.pk}/").content.decode()
    assert "台州椒江泵业" in page
    assert ("近两年订单额" in page, "?tab=orders" in page) == (reads, reads)
    assert [word for word in AMOUNTS if word in page] == (list(AMOUNTS) if reads else [])
    assert ("最近三次金额连续下降" in page, "最近三次订单比平时小" in page) == (reads, not reads)


@pytest.mark.parametrize(("who", "reads"), [("jingli", True), ("kefu", True), ("jingli3", False), ("shichang", False)])
def test_the_risk_beside_a_customer_tells_amounts_to_those_who_read_its_orders(house, falling, who, reads):
    customer, _alert = falling
    [box] = beside(customer, getattr(house, who)).boxes
    assert ("¥6.1" in box.html, "最近三次订单比平时小" in box.html) == (reads, not reads)
    assert f">{customer.churn_risk}<" in box.html


FRESH = """
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
from liuke.retention.signals import signals
print(*sorted(one.key for one in signals()))
"""


def test_a_process_that_only_serves_pages_knows_all_signs_and_tells_no_risk_without_its_reasons():
    known = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True).stdout
    assert known.split() == ["amounts", "complaints", "satisfaction", "silence", "unheard"]


def test_the_drawing_for_those_without_amounts_has_bars_of_one_height_and_no_sums(falling):
    _customer, alert = falling
    told, untold = pulse_of(alert, TODAY, True), pulse_of(alert, TODAY, False)
    assert (told["sum"], untold["sum"]) == (Decimal(sum(FALL)), None)
    assert len({bar.high for bar in told["wide"].bars}) > 3
    assert {(bar.high, bar.label) for bar in untold["wide"].bars} == {(36.0, "")}
    assert [bar.title for bar in untold["wide"].bars] == [bar.title.split()[0] for bar in told["wide"].bars]
    assert [bar.x for bar in untold["wide"].bars] == [bar.x for bar in told["wide"].bars]


def test_nobody_is_told_that_there_was_no_alert_where_he_may_not_see_it(house, falling):
    customer, _alert = falling

    def page(who):
        return page_client(who).get(f"/customers/{customer.pk}/?tab=churn").content.decode()

    assert "LS2" in page(house.jingli)
    assert "没有你可以查看的流失预警" in page(house.jingli3)
    assert "?tab=churn" not in page(house.kefu)


def test_an_administrator_who_is_an_account_manager_too_sees_his_alerts_at_home(house, falling):
    assert card(house.admin) is None
    house.admin.roles.add(Role.objects.get(code="account_manager"))
    customer, _alert = falling
    customer.transfer(house.admin, by=house.jingli)
    shown = card(house.again("admin"))
    assert [line.text for line in shown.lines] == ["台州椒江泵业"]
    house.alert(house.customer(house.jingli3, name="别人的"))
    [warning, postponed] = card(house.again("admin")).figures
    assert (warning.value, postponed.value) == ("1", "0")
    listed = page_client(house.admin).get(warning.url).content.decode()  # he sees all, the figure counts his
    assert ("台州椒江泵业" in listed, "别人的" in listed) == (True, False)


def test_the_check_can_be_asked_for_by_an_administrator_and_waits_once(house):
    client = page_client(house.admin)
    for _twice in range(2):
        assert client.post("/churn-alerts/check/").headers["Location"] == "/churn-alerts/"
    assert list(JobRun.objects.values_list("name", "state")) == [("churn-check", store.State.QUEUED)]
    assert page_client(house.jingli).post("/churn-alerts/check/").status_code == 403
    assert JobRun.objects.count() == 1


def test_a_loss_confirmed_after_midnight_in_shanghai_is_told_with_the_day_there(house, falling):
    customer, alert = falling
    alert.postpone("打过电话", by=house.jingli)
    with clock.at(datetime(2026, 11, 22, 0, 30, tzinfo=SHANGHAI)):  # still the 21st in UTC
        alert.confirm("停产", by=house.jingli)
    customer.refresh_from_db()
    assert "2026-11-22" in beside(customer, house.jingli).banners[0].text


def test_an_early_hint_of_the_day_of_the_warning_is_told_though_it_is_the_day_before_in_utc(house, falling):
    customer, alert = falling
    since = months_before(datetime(2026, 11, 21).date(), 5) - timedelta(days=1)
    at = datetime(2026, 11, 21, 0, 30, tzinfo=SHANGHAI)
    ChurnAlert.objects.filter(pk=alert.pk).update(silent_since=since, created_at=at)
    [case] = churn_tab(customer, house.jingli)["churn_cases"]
    assert [turn.what for turn in case.turns if turn.icon == "bell"] == [
        "早期提示：5 个月未下单",
        "早期提示：3 个月未下单",
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "0001-03-31"])
def test_an_order_of_the_first_year_of_all_is_a_silence_like_any_other(house, falling, day):
    house.ordered(house.customer(house.jingli, name="年代久远"), day)
    house.alert(house.customer(house.jingli, name="七个月"))
    [old] = ChurnAlert.objects.filter(customer__name="年代久远")
    assert old.silent_since.isoformat() == day
    client = page_client(house.jingli)
    for url in ("/", "/churn-alerts/", f"/churn-alerts/{old.pk}/", f"/customers/{old.customer_id}/?tab=churn",
                f"/customers/{old.customer_id}/", f"/customers/{old.customer_id}/?tab=orders"):  # fmt: skip
        assert client.get(url).status_code == 200, url


def test_help_says_what_the_list_of_alerts_is(house):
    page = page_client(house.jingli).get("/help/").content.decode()
    assert 'id="churn-alerts"' in page
    assert "太久没有下单的客户，每周检查一次" in page
