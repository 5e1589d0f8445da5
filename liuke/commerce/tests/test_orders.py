"""Orders and their lines: amounts, what is refused, what comes from the sales system (ORD-01, ORD-03, C-02, R49)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from liuke.base.models import SystemSetting
from liuke.commerce import source
from liuke.commerce.models import CustomerYear, Order, OrderLine, Product, SalesSync
from liuke.commerce.orders_bulk import LineRow, OrderRow, Written, write_orders
from liuke.core import clock
from liuke.core.models import Event
from liuke.core.refusals import Refused

from .orders import line, order


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


@pytest.fixture
def external():
    SystemSetting.objects.update_or_create(key="sales_source", defaults={"value": "external"})


def test_the_amount_is_the_sum_of_the_lines_half_a_cent_up(customer):
    made = order(customer)
    line(made, "0.05", "0.1")  # 0.005
    line(made, "19.99", "3")
    made.refresh_from_db()
    assert [one.amount for one in made.lines.order_by("id")] == [Decimal("0.01"), Decimal("59.97")]
    assert made.amount == Decimal("59.98")
    made.lines.last().delete(by=None)
    made.refresh_from_db()
    assert made.amount == Decimal("0.01")


@pytest.mark.parametrize(
    ("price", "quantity", "field"),
    [("-0.01", "1", "unit_price"), ("1.0000005", "1", "unit_price"), ("1234567890.123456", "1", "unit_price"),
     ("1", "-1", "quantity"), ("1", "0", "quantity"),
     ("1", "1.0005", "quantity"), ("999999999999.99", "2", "quantity")],
)  # fmt: skip
def test_amounts_that_make_no_sense_are_refused_by_name(customer, price, quantity, field):
    made = order(customer, "5")
    with pytest.raises(ValidationError) as wrong:
        line(made, price, quantity)
    assert list(wrong.value.message_dict) == [field]
    made.refresh_from_db()
    assert made.amount == 5


def test_an_order_of_more_than_money_holds_is_refused(customer):
    made = order(customer, "999999999999.98")
    with pytest.raises(ValidationError):
        line(made, "0.02")
    made.refresh_from_db()
    assert (made.amount, made.lines.count()) == (Decimal("999999999999.98"), 1)


def test_a_line_takes_name_unit_and_price_from_its_product(customer):
    product = Product(name="涡街流量计", unit="台", price=Decimal("1980")).create(by=None)
    made = OrderLine(order=order(customer), product=product, quantity=Decimal(2)).create(by=None)
    assert (made.product_name, made.unit, made.amount) == ("涡街流量计", "台", 3960)


def test_a_churned_customer_may_order_again_a_deleted_one_not(house, customer):
    customer.status = "churned"
    customer.save(update_fields=["status"])
    order(customer, "5")
    other = house.customer(house.jingli, "已删除的客户")
    other.delete(by=house.jingli)
    with pytest.raises(ValidationError):
        Order(customer=other).create(by=None)
    assert Order.objects.count() == 1


def test_marks_lead_to_shipped_and_paid(customer):
    made = order(customer, "5")
    made.ship(by=None)
    made.pay(by=None)
    assert (made.fulfilment, made.status) == (6, "completed")
    for act in (made.ship, made.pay):
        with pytest.raises(Refused):
            act(by=None)


def test_what_comes_from_the_sales_system_is_not_changed_by_hand(house, customer, external):
    with pytest.raises(Refused) as refused:
        order(customer, by=house.jingli)
    assert refused.value.code == "read_only"
    product = Product(name="涡街流量计").create(by=None)
    with pytest.raises(Refused):
        product.disable(by=house.admin)
    assert (Order.objects.count(), Product.objects.get().status) == (0, "normal")


def test_the_last_sync_is_the_last_one_that_succeeded(db):
    assert source.last_sync() is None
    done = clock.now()
    SalesSync.objects.create(finished_at=done, ok=True, rows=7)
    SalesSync.objects.create(finished_at=clock.now(), ok=False, message="time-out")
    SalesSync.objects.create()
    assert source.last_sync() == done


# by the thousand


def row(customer, key="SO-1", **values):
    lines = [LineRow("阀门", "2", "199.50", "只"), LineRow("法兰", "1.5", "10")]
    return OrderRow(key, customer.pk, date(2026, 3, 1), **{"fulfilment": 5, "lines": lines, **values})


def test_orders_of_the_sales_system_are_entered_once(customer, django_assert_max_num_queries):
    rows = [row(customer, f"SO-{n}") for n in range(300)]
    with django_assert_max_num_queries(40):
        assert write_orders(rows) == Written(300, 0, 0)
    events = Event.objects.count()
    assert write_orders(rows) == Written(0, 0, 300)
    assert (Order.objects.count(), OrderLine.objects.count(), Event.objects.count()) == (300, 600, events)
    assert Order.objects.first().amount == Decimal("414.00")
    assert CustomerYear.objects.get(customer=customer, year=0).amount == Decimal("124200")
    customer.refresh_from_db()
    assert customer.last_order_on == date(2026, 3, 1)


def test_a_changed_order_moves_with_its_lines_to_its_new_customer(house, customer):
    other = house.customer(house.jingli, "另一家")
    write_orders([row(customer), row(customer, "SO-2")])
    changed = row(other, lines=[LineRow("阀门", 1, "5")], fulfilment=6)
    assert write_orders([changed, row(customer, "SO-2")]) == Written(0, 1, 1)
    moved = Order.objects.get(external_id="SO-1")
    assert (moved.customer, moved.amount, moved.lines.count()) == (other, 5, 1)
    sums = {one.customer_id: one.amount for one in CustomerYear.objects.filter(year=0)}
    assert sums == {customer.pk: Decimal("414"), other.pk: 5}


@pytest.mark.parametrize(
    "wrong", [{"fulfilment": 9}, {"status": "?"}, {"lines": [LineRow("阀门", "-2", "1")]},
              {"lines": [LineRow("阀门", "x", "1")]}, {"order_date": "gestern"}],
)  # fmt: skip
def test_garbage_is_refused_and_nothing_written(customer, wrong):
    with pytest.raises(ValidationError):
        write_orders([row(customer, "SO-0"), row(customer, **wrong)] if "order_date" not in wrong else
                     [OrderRow("SO-0", customer.pk, **wrong)])  # fmt: skip
    assert Order.objects.count() == 0
