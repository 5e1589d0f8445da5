"""What stands empty because nobody could read it is no silence of customers (S-06, R31)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liuke.base.models import SettingsChange
from liuke.commerce.models import Order, SalesSync
from liuke.core import clock
from liuke.core.jobs import runner
from liuke.core.models import JobRun
from liuke.retention.check import check
from liuke.retention.models import ChurnAlert
from liuke.retention.source import Unreadable
from tests.house import Api

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def from_elsewhere(house):
    SettingsChange().apply({"sales_source": "external"}, by=house.admin)
    Order.objects.update(origin="external")


def read_well(ago=timedelta(0), **values):
    ended = clock.now() - ago
    SalesSync.objects.create(started_at=ended, finished_at=ended, ok=True, **values)


def test_without_any_order_data_nobody_is_warned_and_the_run_says_so(house):
    with clock.at(clock.now() - timedelta(days=400)):
        house.customer(house.jingli)
    assert str(check(TODAY)) == "没有任何订单数据，未对任何客户预警"
    assert not ChurnAlert.objects.exists()


@pytest.mark.parametrize("orders", [{"status": "invalid"}, {"day": TODAY + timedelta(days=3)}])
def test_orders_that_do_not_count_are_no_order_data(house, orders):
    with clock.at(clock.now() - timedelta(days=400)):
        customer = house.customer(house.jingli)
    house.order(customer, orders.pop("day", TODAY), **orders)
    assert not check(TODAY).any_orders
    assert not ChurnAlert.objects.exists()


@pytest.mark.parametrize("reading", [None, {"ok": False, "message": "timed out"}, {"ok": True, "ago": 8}])
def test_an_unread_sales_system_is_no_silence_of_customers(house, silent, reading):
    """R31: the run fails, and nobody is warned."""
    from_elsewhere(house)
    if reading:
        ended = clock.now() - timedelta(days=reading.get("ago", 0))
        SalesSync.objects.create(
            started_at=ended, finished_at=ended, ok=reading["ok"], message=reading.get("message", "")
        )
    with pytest.raises(Unreadable):
        runner.run_now("churn-check")
    assert JobRun.objects.get(name="churn-check").state == "failed"
    assert not ChurnAlert.objects.exists()
    read_well()
    assert check(TODAY).warned == 1


def test_stock_that_was_sent_is_no_reading_of_orders(house, silent):
    from_elsewhere(house)
    send = Api(house.admin).post
    assert send("sales-system/push", products=[{"external_id": "P1", "name": "流量计"}]).status_code == 200
    with pytest.raises(Unreadable, match="从未读到"):
        check(TODAY)
    read_well(ago=timedelta(days=8))
    with pytest.raises(Unreadable, match="间隔太久"):
        check(TODAY)
    assert not ChurnAlert.objects.exists()
    assert send("sales-system/push", orders=[]).status_code == 200  # there is nothing new
    assert check(TODAY).warned == 1


def test_orders_kept_here_before_say_nothing_of_a_sales_system_that_shows_none(house, silent):
    SettingsChange().apply({"sales_source": "external"}, by=house.admin)
    read_well()
    assert not check(TODAY).any_orders
    Order.objects.filter(customer=silent).update(origin="external")
    assert check(TODAY).warned == 1
