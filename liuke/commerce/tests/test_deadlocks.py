"""Of two who wait for each other one is thrown out by the database: he starts again and ends right."""

from datetime import date

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from liuke.accounts.models import Department, Role, User
from liuke.commerce import events
from liuke.commerce.models import CustomerYear, Order, OrderLine
from liuke.commerce.orders_bulk import LineRow, OrderRow, Written, write_orders
from liuke.customers.models import Customer
from tests.house import page_client


class Deadlock(Exception):
    sqlstate = "40P01"


@pytest.fixture
def thrown_out():
    """`thrown_out(n)`: PostgreSQL throws out whoever writes orders for the n-th time; returns how often they wrote."""
    calls, listeners = [], []

    def at(place):
        @events.on_orders
        def once(_customers):
            calls.append(1)
            if len(calls) == place:
                raise OperationalError("deadlock detected") from Deadlock()

        listeners.append(once)
        return calls

    yield at
    for one in listeners:
        events._listeners.remove(one)


@pytest.fixture
def customer():
    return Customer(name="台州椒江泵业").create(by=None)


@pytest.fixture
def clerk():
    """Somebody who enters orders."""
    role = Role(code="clerk", name="录单员").create(by=None)
    acts = [(name, act) for name in ("customers", "orders", "order-lines") for act in ("view", "create")]
    role.set_grants(dict.fromkeys(acts, "all"), by=None)
    department = Department(name="商务部").create(by=None)
    made = User(username="ludan", name="陆丹", department=department).create(by=None)
    made.roles.add(role)
    return made


def rows(customer):
    lines = [LineRow("阀门", "2", "199.50"), LineRow("法兰", "1.5", "10")]
    return [OrderRow(f"SO-{n}", customer.pk, date(2026, 3, 1), fulfilment=5, lines=lines) for n in range(3)]


@pytest.mark.django_db(transaction=True)
def test_orders_by_the_thousand_are_written_at_the_second_try(customer, thrown_out):
    calls = thrown_out(1)
    assert write_orders(rows(customer)) == Written(3, 0, 0)
    assert (len(calls), Order.objects.count(), OrderLine.objects.count()) == (2, 3, 6)
    assert CustomerYear.objects.get(customer=customer, year=0).amount == 1242


@pytest.mark.django_db(transaction=True)
def test_a_page_saves_an_order_and_its_lines_at_the_second_try(customer, clerk, thrown_out):
    calls = thrown_out(2)  # the order is there, its first line is being written
    line = {"lines": 1, "line-0-product_name": "阀门", "line-0-quantity": 2, "line-0-unit_price": "9.99"}
    sent = {"customer": customer.pk, "order_date": "2026-03-01", "once": "a key", **line}
    answer = page_client(clerk).post("/orders/new/", sent)
    order = Order.objects.get()
    assert (answer.status_code, answer["Location"], len(calls)) == (302, f"/orders/{order.pk}/", 4)
    assert [(str(one.amount), one.order_id) for one in OrderLine.objects.all()] == [("19.98", order.pk)]


def test_customers_are_locked_before_numbers_are_taken_as_by_whoever_enters_an_order(db, customer):
    with CaptureQueriesContext(connection) as asked:
        write_orders(rows(customer))
    texts = [one["sql"] for one in asked]
    locked = next(n for n, text in enumerate(texts) if "SELECT id FROM customers_customer" in text)
    numbered = next(n for n, text in enumerate(texts) if "core_numbersequence" in text)
    assert locked < numbered
