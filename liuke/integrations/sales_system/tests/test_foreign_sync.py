"""A sales system nobody has seen, in MariaDB: what is here afterwards equals plain SQL there (INTG-01, R31)."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from liuke.commerce.models import CustomerMonth, Order, OrderLine, Product, SalesSync
from liuke.integrations.sales_system.models import SourceCustomer, SyncState, WaitingOrder
from liuke.integrations.sales_system.refusing import SalesSystemError
from liuke.integrations.sales_system.sync import Run

from .foreign import STATES
from .proxy import Proxy

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db]


def there(foreign, condition=""):
    """{number of the customer: (orders, amount)} by plain SQL on the foreign database."""
    n = {word: f"`{name}`" for word, name in foreign.names.items()}
    sql = f"""
        SELECT h.{n["buyer"]}, COUNT(DISTINCT h.{n["no"]}), SUM(ROUND(l.{n["qty"]} * l.{n["each"]}, 2))
        FROM {n["head"]} h JOIN {n["lines"]} l ON l.{n["of"]} = h.{n["no"]} {condition} GROUP BY 1
    """
    with foreign.engine.connect() as db:
        return {row[0]: (row[1], row[2]) for row in db.execute(sa.text(sql.replace(":state", n["state"])
                                                                        .replace(":void", n["void"])))}  # fmt: skip


def here(known):
    found = {}
    for number, customer in known.items():
        orders = Order.objects.filter(customer=customer)
        found[number] = (orders.count(), sum((one.amount for one in orders), Decimal(0)))
    return found


def test_everything_there_is_here_and_the_unknown_wait(foreign, sales, known, house):
    sales(foreign.mapping(), foreign.url)
    done = Run().run()
    every = there(foreign)
    assert here(known) == {number: every[number] for number in known}
    assert Product.objects.get(external_id="S-7").name == "货品7"
    assert OrderLine.objects.filter(product=None).count() == 0
    # contribution counts shipped and paid ones that are valid
    counted = there(foreign, f"WHERE h.:state IN ('{STATES[5]}', '{STATES[6]}') AND h.:void = 0")
    for number, customer in known.items():
        months = CustomerMonth.objects.filter(customer=customer)
        assert sum(m.amount for m in months) == counted[number][1]
        assert sum(m.orders for m in months) == counted[number][0]
    # strangers, and Acme whom nobody has entered yet
    waiting = {one.key: (one.orders, one.amount) for one in SourceCustomer.objects.filter(status="waiting")}
    assert waiting == {number: every[number] for number in every.keys() - known.keys()}
    assert (done.orders, done.waiting) == (Order.objects.count(), 20_000 - Order.objects.count())
    sync = SalesSync.objects.get()
    assert (sync.ok, sync.rows) == (True, done.read.total)

    # entered under its name, Acme gets its orders at the next run; only what may have changed is read for that
    known["K4"] = house.customer(house.jingli, name="Acme Ltd.")
    again = Run().run()
    assert here(known)["K4"] == every["K4"]
    assert again.read.rows["orders"] < 200
    # linked and created by hand
    known["X0"] = house.customer(house.jingli, name="另一个名字")
    SourceCustomer.objects.get(key="X0").link(known["X0"], by=house.admin)
    SourceCustomer.objects.get(key="X1").create_customer(by=house.admin)
    known["X1"] = SourceCustomer.objects.get(key="X1").customer
    assert known["X1"].incomplete
    assert here(known) == {number: every[number] for number in known}
    assert WaitingOrder.objects.count() == sum(every[number][0] for number in every.keys() - known.keys())


@pytest.mark.parametrize("mood", ["cut", "stall", "garble"])
def test_a_line_that_breaks_in_the_middle_changes_nothing_and_the_next_run_ends_right(
    foreign, sales, known, mood, monkeypatch
):
    monkeypatch.setattr("liuke.integrations.sales_system.patience.Patience.MORE", 0.5)
    small = f"where = [\"[{foreign.names['no']}] < 'SO000900'\"]"
    seconds = "4" if mood == "stall" else "1"  # on a busy machine it must come as far as the middle
    mapping = foreign.mapping(timeout=seconds).replace("[orders.columns]", f"{small}\n[orders.columns]", 1)
    host, port = foreign.engine.url.host, foreign.engine.url.port or 3306
    with Proxy(host, port, mood, after=20_000) as line:
        sales(mapping, foreign.engine.url.set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False))
        with pytest.raises(SalesSystemError):
            Run().run()
        assert line.seen > 20_000
    assert not Order.objects.exists()
    assert not SourceCustomer.objects.exists()
    state = SyncState.the_one()
    assert (state.marks, state.claim, state.failures) == ({}, "", 1)
    assert not SalesSync.objects.get().ok
    sales(mapping, foreign.url)
    Run().run()
    assert Order.objects.exists()
    assert SyncState.the_one().failures == 0
