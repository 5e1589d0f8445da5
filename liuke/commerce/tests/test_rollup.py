"""Sums kept beside the orders equal sums taken from them, whatever is done to orders and lines (S-04, R49)."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from liuke.base.models import SettingsChange
from liuke.commerce import events, rollup
from liuke.commerce.jobs import orders_due, rebuild_rollups
from liuke.commerce.models import CustomerMonth, CustomerYear, Order, OrderLine
from liuke.commerce.models.orders import read_statuses
from liuke.core import clock
from liuke.core.jobs.runner import run_now
from liuke.core.models import JobRun

from .orders import line, order

TODAY = clock.today()


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


def kept():
    months = {(m.customer_id, m.month): (m.amount, m.orders) for m in CustomerMonth.objects.all()}
    years = {(y.customer_id, y.year): (y.amount, y.orders) for y in CustomerYear.objects.all()}
    return months, years


def summed():
    """The same straight from the lines, in Python."""
    months, years = defaultdict(lambda: (Decimal(0), 0)), defaultdict(lambda: (Decimal(0), 0))
    for one in Order.objects.filter(deleted_at=None).exclude(status="invalid"):
        if one.fulfilment in read_statuses():
            amount = sum((x.amount for x in OrderLine.objects.filter(order=one, deleted_at=None)), Decimal(0))
            day = one.order_date
            for sums, key in ((months, day.replace(day=1)), (years, day.year), (years, 0)):
                total, count = sums[one.customer_id, key]
                sums[one.customer_id, key] = (total + amount, count + 1)
    return dict(months), dict(years)


def last_days():
    rows = Order.objects.filter(deleted_at=None, order_date__lte=TODAY).exclude(status="invalid")
    found: dict[int, date] = {}
    for one in rows:
        found[one.customer_id] = max(one.order_date, found.get(one.customer_id, date.min))
    return found


def is_true(customers):
    assert kept() == summed()
    for one in customers:
        one.refresh_from_db()
    assert {one.pk: one.last_order_on for one in customers if one.last_order_on} == last_days()


def test_after_a_thousand_random_edits_the_sums_are_those_of_the_orders(house):
    dice = Random(20261125)
    customers = [house.customer(house.jingli, f"客户{n}") for n in range(4)]
    orders = [order(dice.choice(customers), "10.05", order_date=TODAY) for _ in range(12)]
    for n in range(1000):
        one = Order.objects.get(pk=dice.choice(orders).pk)
        lines = list(one.lines.alive())
        act = dice.randrange(8) if not one.deleted_at else 7
        if act == 0:
            one.update({"customer": dice.choice(customers)}, by=None)
        elif act == 1:
            one.update({"status": dice.choice(["valid", "invalid", "completed"])}, by=None)
        elif act == 2:
            one.update({"fulfilment": dice.randrange(1, 7)}, by=None)
        elif act == 3:
            one.update({"order_date": TODAY - timedelta(days=dice.randrange(-40, 900))}, by=None)
        elif act == 4:
            line(one, f"{dice.randrange(0, 10**8)}.{dice.randrange(100):02d}", f"0.{dice.randrange(1, 1000):03d}")
        elif act == 5 and lines:
            dice.choice(lines).update({"quantity": Decimal(dice.randrange(1, 10**6)) / 1000}, by=None)
        elif act == 6 and len(lines) > 1:
            dice.choice(lines).delete(by=None)
        elif act == 7:
            one.restore(by=None) if one.deleted_at else one.delete(by=None)
        if n % 100 == 99:
            is_true(customers)
        if n == 500:
            SettingsChange().apply({"order_read_statuses": ["3", "4", "6"]}, by=house.admin)
            rebuild_rollups(TODAY)
            is_true(customers)
    before = kept()
    assert before[0]
    CustomerMonth.objects.all().delete()
    CustomerYear.objects.update(amount=1)
    rollup.rebuild()
    assert kept() == before


def test_tenths_add_up_to_the_cent(customer):
    made = order(customer, "0.10", "0.20", "9999999999.99", "0.01", fulfilment=6)
    assert made.amount == Decimal("10000000000.30")
    assert CustomerYear.objects.get(customer=customer, year=0).amount == Decimal("10000000000.30")


def test_a_change_of_the_setting_works_the_sums_out_anew_in_the_background(house, customer):
    order(customer, "7", fulfilment=2)
    assert not CustomerMonth.objects.exists()
    SettingsChange().apply({"order_read_statuses": ["2"]}, by=house.admin)
    assert JobRun.objects.filter(name="rebuild-rollups", state="queued").count() == 1
    rebuild_rollups(TODAY)
    assert CustomerMonth.objects.get().amount == 7


def test_an_order_in_the_future_counts_from_its_day(customer):
    heard = []
    order(customer, "5", order_date=TODAY - timedelta(days=9))
    order(customer, "5", order_date=TODAY + timedelta(days=2))
    customer.refresh_from_db()
    assert customer.last_order_on == TODAY - timedelta(days=9)
    events.on_orders(heard.append)
    try:
        with clock.at(clock.now() + timedelta(days=2)):
            orders_due(clock.today())
            orders_due(clock.today())  # what is settled is not due again
    finally:
        events._listeners.remove(heard.append)
    customer.refresh_from_db()
    assert customer.last_order_on == TODAY + timedelta(days=2)
    assert heard == [{customer.pk}]


@pytest.mark.parametrize("remembered", [True, False])
def test_orders_whose_day_came_while_the_server_slept_are_made_up(remembered, customer):
    """Runs are forgotten after a month; a house may sleep for longer."""
    order(customer, "5", order_date=TODAY + timedelta(days=2))
    if remembered:
        run_now("orders-due")
    with clock.at(clock.now() + timedelta(days=300)):
        run_now("orders-due")
    customer.refresh_from_db()
    assert customer.last_order_on == TODAY + timedelta(days=2)


def test_only_what_came_since_the_last_run_is_looked_for(customer, monkeypatch):
    asked = []
    monkeypatch.setattr(rollup, "due", lambda since, today: asked.append(since) or set())
    run_now("orders-due")
    run_now("orders-due")
    assert asked == [date.min, TODAY - timedelta(days=40)]


def test_an_invalid_order_is_no_last_order(customer):
    order(customer, "5", order_date=TODAY - timedelta(days=30))
    newest = order(customer, "5", order_date=TODAY)
    newest.update({"status": "invalid"}, by=None)
    customer.refresh_from_db()
    assert customer.last_order_on == TODAY - timedelta(days=30)


def test_whoever_listens_hears_of_both_customers_of_a_moved_order(house, customer):
    other, heard = house.customer(house.jingli, "另一家"), []
    made = order(customer, "5")
    listener = events.on_orders(heard.append)
    made.update({"customer": other}, by=None)
    events._listeners.remove(listener)
    assert heard == [{customer.pk, other.pk}]
