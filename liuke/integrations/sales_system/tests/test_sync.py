"""What a reading does, and what it leaves alone when something is wrong (INTG-01, R31)."""

from decimal import Decimal

import pytest
from django.utils import translation

from liuke.base.models import SystemSetting
from liuke.commerce import orders_bulk
from liuke.commerce.models import Order, OrderLine, Product, SalesSync, StockRecord, Warehouse
from liuke.commerce.source import last_sync
from liuke.integrations.sales_system import jobs, sync
from liuke.integrations.sales_system.models import SourceCustomer, SyncState, WaitingOrder
from liuke.integrations.sales_system.refusing import SalesSystemError, Unreachable
from liuke.integrations.sales_system.sync import Run

from .small import Small

pytestmark = pytest.mark.django_db
TABLES = (Product, Warehouse, StockRecord, Order, OrderLine, SourceCustomer, WaitingOrder)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def small(sales, tmp_path):
    made = Small(tmp_path)
    sales(made.mapping(), made.url)
    return made


@pytest.fixture
def sun(house):
    return house.customer(house.jingli, name="北京太阳科技有限公司")


def rows():
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def refused(code, **asked):
    before, marks = rows(), SyncState.the_one().marks
    with pytest.raises(SalesSystemError) as refusal:
        Run(**asked).run()
    assert rows() == before
    assert SyncState.the_one().marks == marks
    assert refusal.value.code == code
    return refusal.value.message


def test_products_stock_and_orders_are_read(small, sun):
    small.order("A1", "北京太阳科技有限责任公司")
    Run().run()
    order = Order.objects.get()
    assert (order.external_id, order.customer_id, order.fulfilment, order.amount) == ("A1", sun.pk, 5, Decimal("2.01"))
    line = order.lines.get()
    assert (line.product_name, line.unit_price, line.quantity) == ("阀门", Decimal("1.005"), 2)
    assert list(StockRecord.objects.order_by("pk").values_list("product__name", "warehouse__name", "quantity")) == [
        ("阀门", "一号库", 7), ("法兰", "一号库", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("n", "price", "amount"),
    [
        (10000, "0.0125", "125.00"),  # cut to the cent before, it would be 100.00
        ("0.0125", "800", "10.00"),
        ("1", "0.015", "0.02"),  # half a cent up
        ("1", "0.014999999999999999999999999999", "0.01"),  # rounded once
        ("99999999999", "0.1000000000000000000000000005", "9999999999.90"),
    ],
)
def test_an_amount_is_worked_out_with_every_digit_and_rounded_once(small, sun, n, price, amount):
    for buyer, no in (("北京太阳科技有限公司", "A1"), ("无名", "A2")):
        small.order(no, buyer, n=n, price=price)
    Run().run()
    order = Order.objects.get()
    assert (order.amount, order.lines.get().amount, WaitingOrder.objects.get().amount) == (Decimal(amount),) * 3
    before = rows()
    Run(full=True).run()
    assert rows() == before


@pytest.mark.parametrize(
    ("price", "kept"),
    [
        ("0.0125", "0.0125"), ("19.999", "19.999"), ("7", "7.00"), ("1.5", "1.50"),
        ("1234567.123456", "1234567.123456"), ("0.0000005", "0.000001"), ("1234567890.123456", "1234567890.12346"),
    ],
)  # fmt: skip
def test_a_unit_price_is_kept_as_it_was_delivered(small, sun, price, kept):
    """With six digits after the point at most, and 15 in all."""
    small.order("A1", "北京太阳科技有限公司", n=1, price=price)
    Run().run()
    assert str(Order.objects.get().lines.get().unit_price) == kept
    before = rows()
    Run(full=True).run()
    assert rows() == before


def test_an_order_of_more_than_money_holds_is_left_out_alone(small, sun, sales):
    sales(small.mapping(bad="skip"), small.url)
    for no in ("A1", "A2"):
        small.order(no, "北京太阳科技有限公司", n=100, price="6e9")
    small.do("INSERT INTO line VALUES ('A2', 'G1', 100, 6e9)")  # each is money, both together are not
    done = Run().run()
    assert list(Order.objects.values_list("external_id", "amount")) == [("A1", 600000000000)]
    assert SyncState.the_one().wrong == ["orders: A2: its lines come to more than 999,999,999,999.99"]
    assert done.read.wrong_count == 1


def test_what_waits_for_one_customer_may_come_to_more_than_one_order_can(small):
    for n in range(3):
        small.order(f"A{n}", "无名", n=100, price="6e9")
    Run().run()
    assert SourceCustomer.objects.get().amount == 1_800_000_000_000


def test_the_second_reading_of_the_same_changes_nothing(small, sun):
    small.order("A1", "北京太阳科技有限公司")
    small.order("A2", "无名")
    Run().run()
    before = rows()
    Run(full=True).run()
    Run().run()
    assert rows() == before


def test_only_what_has_changed_is_read_and_a_little_before_it(small, sun):
    small.order("A1", "北京太阳科技有限公司", touched="2026-03-01 08:00:00")
    small.order("A2", "北京太阳科技有限公司", touched="2026-03-01 09:00:00")
    assert Run().run().read.rows["orders"] == 2
    small.do("UPDATE so SET state = 6, touched = '2026-03-01 10:00:00' WHERE no = 'A1'")
    small.order("A3", "北京太阳科技有限公司", touched="2026-03-01 08:55:00")  # was being saved while we read
    again = Run().run()
    assert (again.read.rows["orders"], again.read.rows["order_lines"]) == (3, 3)
    assert Order.objects.get(external_id="A1").fulfilment == 6
    assert SyncState.the_one().marks["orders"] == ["text", "2026-03-01 10:00:00"]
    assert Run().run().read.rows["orders"] == 1


def test_a_mark_in_the_future_does_not_hide_what_comes_before_it(small, sun):
    small.order("A1", "北京太阳科技有限公司", touched="2126-01-01 00:00:00")
    small.order("A2", "北京太阳科技有限公司", touched="2026-03-01 09:00:00")
    Run().run()
    assert SyncState.the_one().marks["orders"] == ["text", "2026-03-01 09:00:00"]


def test_a_reading_says_whether_orders_were_part_of_it(small, sun, sales):
    Run().run()
    sales(small.mapping().split("[orders]")[0], small.url)
    Run().run()
    assert list(SalesSync.objects.order_by("id").values_list("ok", "orders")) == [(True, True), (True, False)]


def test_another_mapping_reads_everything_anew(small, sun, sales):
    small.order("A1", "北京太阳科技有限公司", touched="2026-01-01 09:00:00")
    small.order("A2", "北京太阳科技有限公司")
    Run().run()
    assert not Run().run().whole
    sales(small.mapping(overlap=9), small.url)
    assert Run().run().read.rows["orders"] == 2


# wrong rows


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"day": "0000-00-00"}, "orders: order_date = '0000-00-00': this is no date"),
        ({"day": ""}, "orders: order_date is empty in the row A9"),
        ({"state": "paid?"}, "orders: fulfilment = 'paid?': the mapping does not say what this state means"),
        ({"n": "-1"}, "order_lines: quantity = '-1': this number is below 0"),
        ({"n": "0"}, "order_lines: quantity = '0': a quantity has to be above 0"),
        ({"price": "-0.01"}, "order_lines: unit_price = '-0.01': this number is below 0"),
        ({"price": "ten"}, "order_lines: unit_price = 'ten': this is no number"),
        ({"price": "1e20"}, "order_lines: unit_price = '1e20': this number is too large"),
        ({"price": "0." + "1" * 41}, "this number has too many digits"),
        ({"n": "1000", "price": "1e9"}, "the amount of the row A9 | G1 | 1000 | 1e9 is larger than 999,999,999,999.99"),
        ({"buyer": "x" * 201}, "longer than 200 characters"),
    ],
)  # fmt: skip
def test_a_wrong_row_stops_the_reading_and_is_named(small, sun, sales, wrong, told):
    small.order("A1", "北京太阳科技有限公司")
    Run().run()
    small.order("A2", "北京太阳科技有限公司")
    small.order("A9", **{"buyer": "北京太阳科技有限公司", **wrong})
    assert told in refused("bad_rows")
    assert not SalesSync.objects.order_by("-id")[0].ok
    # the mapping may say that such rows are left out; then the whole order is
    sales(small.mapping(bad="skip"), small.url)
    done = Run().run()
    assert set(Order.objects.values_list("external_id", flat=True)) == {"A1", "A2"}
    assert (done.read.wrong_count, len(SyncState.the_one().wrong)) == (1, 1)


def test_one_order_that_comes_twice_counts_once_and_two_different_ones_stop_the_reading(small, sun):
    small.order("A1", "北京太阳科技有限公司")
    small.do("INSERT INTO so SELECT * FROM so")  # a page that was answered twice
    Run().run()
    assert Order.objects.count() == 1
    small.do("INSERT INTO so VALUES ('A1', '北京太阳科技有限公司', '2026-03-02', '5', '2026-03-01 09:00:00')")
    assert "A1 comes twice, with different values" in refused("bad_rows")


def test_a_column_that_is_gone_is_named_with_those_like_it(small, sun):
    small.order("A1", "北京太阳科技有限公司")
    Run().run()
    small.do("ALTER TABLE so RENAME COLUMN buyer TO buyers")
    message = refused("mapping")
    assert message == "[orders.columns.customer_name] The table so has no column “buyer”; near: buyers"


# half an answer


def test_orders_that_are_gone_there_become_invalid_but_many_at_once_are_not_believed(small, sun):
    for n in range(30):
        small.order(f"A{n}", "北京太阳科技有限公司")
    Run().run()
    small.do("DELETE FROM so WHERE no = 'A0'")
    assert Run(full=True).run().gone == 1
    assert list(Order.objects.filter(status="invalid").values_list("external_id", flat=True)) == ["A0"]
    small.do("DELETE FROM so; DELETE FROM line")
    assert "29 of 29 orders are missing" in refused("gone", full=True)
    Run(full=True, accept_gone=True).run()
    assert not Order.objects.exclude(status="invalid").exists()
    sun.refresh_from_db()
    assert sun.last_order_on is None


def test_fewer_rows_than_are_counted_are_half_an_answer(small, sun, monkeypatch):
    small.order("A1", "北京太阳科技有限公司")
    monkeypatch.setattr("liuke.integrations.sales_system.source.Source.count", lambda self, select: 3)
    assert "not all rows came" in refused("sales_system")


def test_a_fault_while_writing_leaves_the_mark_and_the_next_run_ends_right(small, sun, monkeypatch):
    small.order("A1", "北京太阳科技有限公司")
    Run().run()
    marks = SyncState.the_one().marks
    small.order("A2", "北京太阳科技有限公司", touched="2026-03-02 09:00:00")
    with monkeypatch.context() as broken:
        broken.setattr(orders_bulk, "_enter_lines", lambda orders: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Run().run()
    assert Order.objects.count() == 1
    assert SyncState.the_one().marks == marks
    assert SalesSync.objects.order_by("-id")[0].ok is False
    Run().run()
    assert Order.objects.count() == 2


# when it may run


def test_nothing_is_read_while_orders_are_kept_here(small, sun):
    SystemSetting.objects.filter(key="sales_source").delete()
    refused("builtin")
    assert not SalesSync.objects.exists()
    assert jobs.sales_sync(None).startswith("Nothing to read")


def test_one_reading_at_a_time_until_it_is_dead(small, sun, monkeypatch):
    assert SyncState.take()
    refused("busy")
    SyncState.objects.update(beat_at=None)
    SyncState.objects.update(claim="")
    Run().run()


def test_the_last_good_reading_stays_what_is_shown_after_a_failure(small, sun):
    Run().run()
    good = last_sync()
    small.path.unlink()
    refused("sales_system")
    assert last_sync() == good
    assert SyncState.the_one().failures == 1


def test_the_job_tries_again_and_after_three_failures_only_once(small, sun, monkeypatch):
    pauses, tries = [], []

    def run(self):
        tries.append(1)
        raise Unreachable("gone")

    monkeypatch.setattr(jobs.time, "sleep", pauses.append)
    monkeypatch.setattr(sync.Run, "run", run)
    for failures, expected in ((0, 3), (3, 1)):
        SyncState.the_one()
        SyncState.objects.update(failures=failures)
        tries.clear()
        with pytest.raises(Unreachable):
            jobs.sales_sync(None)
        assert len(tries) == expected
    assert pauses == [2, 15]


# whose it is


def test_two_customers_of_one_name_leave_the_order_waiting(small, house):
    for who in (house.jingli, house.jingli2):
        house.customer(who, name="北京太阳科技有限公司")
    small.order("A1", "北京太阳科技有限公司")
    Run().run()
    assert not Order.objects.exists()
    assert SourceCustomer.objects.get().orders == 1


def test_a_link_made_by_hand_stays_and_its_orders_come(small, sun, house):
    small.order("A1", "太阳总部")
    Run().run()
    source = SourceCustomer.objects.get()
    source.link(sun, by=house.admin)
    assert Order.objects.get().customer == sun
    assert (source.orders, WaitingOrder.objects.count()) == (0, 0)
    small.order("A2", "太阳总部", touched="2026-03-01 09:30:00")
    Run().run()
    assert set(Order.objects.values_list("customer", flat=True)) == {sun.pk}
