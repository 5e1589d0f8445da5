"""After whatever happens there, what changed since the mark and everything anew come to the same (INTG-01)."""

import random
import sqlite3
from decimal import Decimal

import pytest
from django.utils import translation

from liuke.commerce.models import CustomerMonth, Order, SalesSync
from liuke.integrations.sales_system import jobs
from liuke.integrations.sales_system.models import SourceCustomer, SyncState, WaitingOrder
from liuke.integrations.sales_system.refusing import SalesSystemError
from liuke.integrations.sales_system.sync import Run

from .small import Small

pytestmark = pytest.mark.django_db
SUN, MOON, NOBODY = "北京太阳科技有限公司", "Mond GmbH", "无名"
WHERE = 'table = "so"\nwhere = ["void = 0"]'


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def small(sales, tmp_path):
    """One that marks what is deleted, and writes no time of change on what is new."""
    made = Small(tmp_path)
    made.do("ALTER TABLE so ADD COLUMN void INTEGER DEFAULT 0")
    made.insert = made.insert.replace("so VALUES", "so (no, buyer, day, state, touched) VALUES")
    sales(made.mapping().replace('table = "so"', WHERE), made.url)
    return made


@pytest.fixture
def known(house):
    return {name: house.customer(house.jingli, name=name) for name in (SUN, MOON)}


def there(small):
    """{(customer, month): (amount, orders)} by plain SQL on their file; lines of whole cents."""
    asked = """
        SELECT buyer, substr(day, 1, 7) || '-01', SUM(n * price), COUNT(DISTINCT so.no) FROM so JOIN line ON so = no
        WHERE void = 0 AND CAST(state AS INTEGER) IN (5, 6) GROUP BY 1, 2
    """
    db = sqlite3.connect(small.path)
    found = {tuple(row[:2]): (Decimal(str(row[2])).quantize(Decimal("0.01")), row[3]) for row in db.execute(asked)}
    db.close()
    return found


def here(known):
    rows = CustomerMonth.objects.values_list("customer__name", "month", "amount", "orders")
    return {(name, month.isoformat()): (amount, orders) for name, month, amount, orders in rows}


def of_known(sums, known):
    return {key: value for key, value in sums.items() if key[0] in known}


class Days:
    """What people do there, one act at a time; each change is stamped, a new order is not."""

    def __init__(self, small, seed):
        self.small, self.dice, self.count = small, random.Random(seed), 0

    def act(self, minute):
        now = f"2026-03-{1 + minute // 1440:02} {minute // 60 % 24:02}:{minute % 60:02}:00"
        order = f"A{self.dice.randint(0, max(self.count - 1, 0))}"
        getattr(self, self.dice.choice(["new", "new", "state", "buyer", "void", "line", "back", "day"]))(order, now)

    def new(self, _order, _now):
        buyer = self.dice.choice([SUN, MOON, NOBODY])
        day = f"2026-0{self.dice.randint(1, 3)}-10"
        self.small.order(
            f"A{self.count}", buyer, day=day, state=self.dice.randint(4, 6), touched=None, n=3, price="1.25"
        )
        self.count += 1

    def change(self, what, order, now):
        self.small.do(f"UPDATE so SET {what}, touched = '{now}' WHERE no = '{order}'")

    def state(self, order, now):
        self.change(f"state = {self.dice.randint(1, 6)}", order, now)

    def buyer(self, order, now):
        self.change(f"buyer = '{self.dice.choice([SUN, MOON, NOBODY])}'", order, now)

    def void(self, order, now):
        self.change("void = 1", order, now)

    def back(self, order, now):
        self.change("void = 0", order, now)

    def day(self, order, now):
        self.change(f"day = '2026-0{self.dice.randint(1, 3)}-11'", order, now)

    def line(self, order, now):
        self.small.do(f"INSERT INTO line VALUES ('{order}', 'G2', {self.dice.randint(1, 9)}, 0.5)")
        self.change("state = 5", order, now)


@pytest.mark.parametrize("seed", [1, 2])
def test_reading_what_has_changed_agrees_with_their_own_sums_and_with_reading_everything(small, known, seed):
    days = Days(small, seed)
    for turn in range(5):
        for step in range(12):
            days.act(turn * 600 + step * 40)
        assert Run().run().whole is (turn == 0)
        assert here(known) == of_known(there(small), known)
    waiting = sorted(WaitingOrder.objects.values_list("external_id", "amount"))
    sums, orders = here(known), sorted(Order.objects.values_list("external_id", "status", "amount", "customer"))
    Run(full=True).run()
    assert (here(known), sorted(WaitingOrder.objects.values_list("external_id", "amount"))) == (sums, waiting)
    assert sorted(Order.objects.values_list("external_id", "status", "amount", "customer")) == orders


# whose an order becomes


def test_an_order_that_becomes_that_of_somebody_unknown_counts_for_nobody_until_he_is_known(small, known, house):
    small.order("A1", SUN)
    Run().run()
    small.do("UPDATE so SET buyer = '无名', touched = '2026-03-01 10:00:00'")
    Run().run()
    assert Order.objects.get().status == "invalid"
    assert WaitingOrder.objects.get().external_id == "A1"
    SourceCustomer.objects.get(key=NOBODY).link(known[MOON], by=house.admin)
    order = Order.objects.get()
    assert (order.status, order.customer) == ("valid", known[MOON])


def test_a_customer_who_was_found_keeps_its_orders_under_another_name_here(small, known, house):
    small.order("A1", SUN)
    Run().run()
    assert SourceCustomer.objects.get(key=SUN).status == "matched"
    known[SUN].update({"name": "太阳集团总部"}, by=house.jingli)
    Run(full=True).run()
    order = Order.objects.get()
    assert (order.status, order.customer, WaitingOrder.objects.count()) == ("valid", known[SUN], 0)


def test_a_wrong_match_is_mended_by_linking_and_the_next_reading_moves_what_was_written(small, known, house):
    small.order("A1", SUN, touched="2026-01-01 09:00:00")
    small.order("A2", SUN)
    Run().run()
    SourceCustomer.objects.get(key=SUN).link(known[MOON], by=house.admin)
    Run().run()
    assert set(Order.objects.values_list("customer", flat=True)) == {known[MOON].pk}


def test_whom_a_person_ignores_is_nobody_even_when_the_name_fits(small, house):
    small.order("A1", SUN)
    Run().run()
    SourceCustomer.objects.get().ignore(by=house.admin)
    house.customer(house.jingli, name=SUN)
    Run(full=True).run()
    assert not Order.objects.exists()
    assert WaitingOrder.objects.count() == 1


def test_who_has_been_entered_since_waits_no_more(small, house):
    small.order("A1", SUN)
    Run().run()
    customer = house.customer(house.jingli, name=SUN)
    Run().run()
    one = SourceCustomer.objects.get()
    assert (one.status, one.customer, one.orders, Order.objects.count()) == ("matched", customer, 0, 1)


# what is gone


def test_an_order_that_is_marked_as_deleted_there_is_gone_at_the_next_reading(small, known):
    small.order("A1", SUN)
    small.order("A2", NOBODY)
    Run().run()
    small.do("UPDATE so SET void = 1, touched = '2026-03-01 09:10:00'")
    assert Run().run().gone == 2
    assert Order.objects.get().status == "invalid"
    assert not WaitingOrder.objects.exists()
    assert SourceCustomer.objects.get(key=NOBODY).orders == 0


def test_a_waiting_order_that_is_deleted_there_is_not_written_when_its_customer_comes(small, house):
    small.order("A1", SUN)
    small.order("A2", SUN)
    Run().run()
    small.do("DELETE FROM so WHERE no = 'A1'")
    house.customer(house.jingli, name=SUN)
    Run(full=True).run()
    assert list(Order.objects.values_list("external_id", flat=True)) == ["A2"]


def test_many_that_are_marked_at_once_are_not_believed(small, known):
    for n in range(25):
        small.order(f"A{n}", SUN)
    Run().run()
    small.do("UPDATE so SET void = 1, touched = '2026-03-01 09:10:00'")
    with pytest.raises(SalesSystemError, match="25 of 25 orders are missing"):
        Run().run()
    assert Order.objects.exclude(status="invalid").count() == 25


# the mark


def test_a_row_without_a_time_of_change_is_read_every_time(small, known):
    small.order("A1", SUN)
    Run().run()
    small.order("A2", SUN, touched=None)
    assert Run().run().read.rows["orders"] == 2
    assert Order.objects.count() == 2


@pytest.mark.parametrize("texts", [("01.03.2026 10:00", "31.12.2025 10:00"), ("2026-03-01 10:00", "2026-03-01T09:00")])
def test_times_that_do_not_sort_are_no_mark_and_everything_is_read(small, known, texts):
    for n, text in enumerate(texts):
        small.order(f"A{n}", SUN, touched=text)
    done = Run().run()
    assert "the times of change do not sort" in str(done)
    assert "orders" not in SyncState.the_one().marks
    small.order("A9", SUN, touched="02.01.2026 10:00")
    assert Run().run().read.rows["orders"] == 3


def test_their_database_is_read_outside_of_our_transactions(small, known, monkeypatch):
    from django.db import connection

    from liuke.integrations.sales_system.source import Source

    small.order("A1", SUN)
    depth, seen, rows = len(connection.savepoint_ids), [], Source.rows

    def watched(self, select):
        for row in rows(self, select):
            seen.append(len(connection.savepoint_ids))
            yield row

    monkeypatch.setattr(Source, "rows", watched)
    Run().run()
    assert set(seen) == {depth}


# a run that ends otherwise


def test_what_a_killed_run_left_on_disk_is_removed_by_the_next(small, known, tmp_path):
    left = tmp_path / "sales-system" / "tmp-killed"
    left.mkdir(parents=True)
    (left / "spool.sqlite3").write_text("orders of customers")
    Run().run()
    assert list((tmp_path / "sales-system").iterdir()) == []


def test_a_stop_by_a_person_is_no_failure_of_the_sales_system(small, known):
    from liuke.core.errands import Cancelled

    def stop(_done, _total):
        raise Cancelled

    small.order("A1", SUN)
    with pytest.raises(Cancelled):
        Run(told=stop).run()
    state, sync = SyncState.the_one(), SalesSync.objects.get()
    assert (state.failures, state.claim, sync.ok, sync.message) == (0, "", False, "Stopped by a person")


def test_the_job_that_meets_another_reading_leaves_it_alone(small, known):
    claim = SyncState.take()
    assert jobs.sales_sync(None) == "The sales system is being read at this moment"
    assert SyncState.beat(claim)


def test_the_whole_is_read_by_the_weekly_job_and_what_was_deleted_is_gone(small, known):
    for n in range(3):
        small.order(f"A{n}", SUN)
    jobs.sales_sync(None)
    small.do("DELETE FROM so WHERE no = 'A1'")
    jobs.sales_sync(None)
    assert not Order.objects.filter(status="invalid").exists()
    jobs.sales_sync_full(None)
    assert Order.objects.get(status="invalid").external_id == "A1"
