"""Two at once at one silent customer, on a database that lets them: nobody waits for somebody who waits for him."""

from __future__ import annotations

import time
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from liuke.commerce.models import Order
from liuke.core import clock
from liuke.core.models import Event as Happened
from liuke.core.refusals import Refused
from liuke.core.verbs import hold
from liuke.customers.models import Customer
from liuke.retention.check import check
from liuke.retention.models import ChurnAlert, ChurnMeasure
from liuke.retention.silence import months_before

PATIENCE = 20
TODAY = clock.today()
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def customer():
    """One that last ordered seven months ago; nobody is needed for what the system and the database do."""
    made = Customer(name="台州椒江泵业").create(by=None)
    Order(customer=made, order_date=months_before(TODAY, 7)).create(by=None)
    return made


@pytest.fixture
def alert(customer):
    check(TODAY)
    return ChurnAlert.objects.get()


class Other(Thread):
    """Somebody who works on a connection of his own; `error` is what came to him."""

    def __init__(self, work) -> None:
        super().__init__()
        self.work, self.error, self.begun = work, None, Event()

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self.begun.set()
            self.work()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def until_it_waits(self) -> None:
        """For a lock that we hold."""
        self.begun.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self.pid])
                if cursor.fetchone()[0]:
                    return
        pytest.fail("it never waited")


def while_it_orders(customer: Customer, work) -> Exception | None:
    """Somebody writes an order of this customer and has its lock; another begins `work`; what comes to that one."""
    with transaction.atomic():
        hold(customer)
        other = Other(work)
        other.start()
        other.until_it_waits()
        Order(customer=customer, order_date=TODAY).create(by=None)
    other.join(PATIENCE)
    return other.error


@pytest.mark.parametrize("act", ["postpone", "confirm"])
def test_who_acts_on_an_alert_waits_for_the_order_and_learns_of_it(customer, alert, act):
    alert.postpone("打过电话", by=None)
    error = while_it_orders(customer, lambda: getattr(ChurnAlert.objects.get(), act)("再谈一次", by=None))
    assert isinstance(error, Refused), error
    assert error.code == "is_recovered"
    assert ChurnAlert.objects.get().status == "recovered"
    assert (ChurnMeasure.objects.count(), Customer.objects.get().status) == (1, "normal")


def test_the_check_waits_for_the_order_before_it_closes_the_alert_itself(customer, alert):
    Customer.objects.update(last_order_on=TODAY)  # as a night makes it, when the day of an order has come
    assert while_it_orders(customer, lambda: check(TODAY)) is None
    assert ChurnAlert.objects.get().status == "recovered"
    assert Happened.objects.filter(verb="recover").count() == 1


def test_the_check_warns_of_nobody_who_orders_at_this_moment(customer):
    assert while_it_orders(customer, lambda: check(TODAY)) is None
    assert not ChurnAlert.objects.exists()


def test_two_checks_at_once_warn_of_each_customer_once(customer):
    checks = [Other(lambda: check(TODAY)) for _ in range(2)]
    with transaction.atomic():
        hold(customer)
        for one in checks:
            one.start()
            one.until_it_waits()
    for one in checks:
        one.join(PATIENCE)
        assert one.error is None
    assert (ChurnAlert.objects.count(), Happened.objects.filter(verb="warn").count()) == (1, 1)
