"""What a sales system sends: taken whole or not at all, as often as it likes (INTG-01)."""

from decimal import Decimal

import pytest

from liuke.base.models import SystemSetting
from liuke.commerce.models import Order, OrderLine, Product, SalesSync, StockRecord, Warehouse
from liuke.commerce.source import EXTERNAL
from liuke.integrations.sales_system import push
from liuke.integrations.sales_system.models import SourceCustomer, WaitingOrder

pytestmark = pytest.mark.django_db
PATH = "/api/v1/sales-system/push"
GOODS = {"external_id": "G1", "name": "阀门", "price": 12.5}
DEPOT = {"external_id": "D1", "name": "一号库"}


@pytest.fixture(autouse=True)
def _external(db):
    SystemSetting.objects.update_or_create(key="sales_source", defaults={"value": EXTERNAL})


@pytest.fixture
def send(house, api):
    return sender(api, house.admin)


def sender(api, user):
    program = api(user)
    program.headers["Accept-Language"] = "en"
    return lambda body: program.post(PATH, body)


def rows():
    models = (Product, Warehouse, StockRecord, Order, OrderLine, SourceCustomer, WaitingOrder)
    return [list(model.objects.order_by("pk").values()) for model in models]


def order(number="A1", **values):
    line = {"product": "G1", "quantity": 2, "unit_price": "12.50"}
    told = {"external_id": number, "customer_name": "北京太阳科技有限公司", "order_date": "2026-03-01", "fulfilment": 5}
    return told | {"lines": [line]} | values


def test_what_is_sent_is_here_and_sent_again_changes_nothing(house, send):
    customer = house.customer(house.jingli, name="北京太阳科技有限公司")
    stock = {"product": "G1", "warehouse": "D1", "quantity": 7}
    body = {
        "products": [GOODS],
        "warehouses": [DEPOT],
        "stock": [stock],
        "orders": [order(), order("A2", customer_name="无名")],
    }
    assert send(body).json() == {"products": 1, "warehouses": 1, "stock": 1, "orders": 1, "waiting": 1}
    one = Order.objects.get()
    assert (one.customer, one.amount, one.fulfilment, WaitingOrder.objects.count()) == (
        customer,
        Decimal("25.00"),
        5,
        1,
    )
    before = rows()
    assert send(body).status_code == 200
    assert rows() == before
    assert SalesSync.objects.filter(ok=True).count() == 2


@pytest.mark.parametrize("name", ["jingli", "zhuguan", "gaoguan"])
def test_only_who_may_send_sends(house, api, unchanged, name):
    send = sender(api, getattr(house, name))
    with unchanged():
        assert send({"products": [GOODS]}).status_code == 403


def test_nothing_is_taken_while_orders_are_kept_here(send, unchanged):
    SystemSetting.objects.filter(key="sales_source").delete()
    with unchanged():
        assert send({"products": [GOODS]}).json()["code"] == "builtin"


@pytest.mark.parametrize(
    ("body", "place", "told"),
    [
        ({"orders": [order(), order("A2", order_date="31.12.2025")]}, "orders.1.order_date", "this is no date"),
        ({"orders": [order(lines=[{"quantity": 1, "unit_price": -1}])]}, "orders.0.lines.0.unit_price", "below 0"),
        ({"orders": [order(colour="red")]}, "orders.0.colour", "There is no such field"),
        ({"orders": [order(customer_name="")]}, "orders.0", "needed to know whose order it is"),
        ({"orders": [order(), order(notes="other")]}, "orders.1", "A1 comes twice, with different values"),
        ({"products": [GOODS, {"name": "x"}]}, "products.1.external_id", "required"),
        ({"products": "all"}, "products", "A list of at most 1000 rows"),
        ({"products": [GOODS], "stock": [{"product": "G1", "warehouse": "D9", "quantity": 1}]}, "stock.0", "not known"),
        ({"customers": []}, "customers", "There is no such field"),
        ({}, "body", "Nothing was sent"),
    ],
)  # fmt: skip
def test_one_wrong_row_refuses_all_and_is_told_with_its_place(send, body, place, told):
    answer = send(body)
    assert answer.status_code == 422
    assert told in " ".join(answer.json()["errors"][place])
    assert not any(model.objects.exists() for model in (Order, WaitingOrder, Product, StockRecord))
    failed = SalesSync.objects.get()
    assert (failed.ok, place in failed.message) == (False, True)


def test_every_wrong_row_is_told_up_to_a_limit_that_is_told(send, monkeypatch):
    monkeypatch.setattr(push, "TOLD", 2)
    errors = send({"products": [{"name": "x"}] * 5}).json()["errors"]
    assert list(errors) == ["products.0.external_id", "products.1.external_id", "more"]


def test_more_rows_than_the_limit_are_refused(send, monkeypatch):
    monkeypatch.setattr(push, "MOST", 1)
    assert "orders.0.lines" in send({"orders": [order(lines=[order()["lines"][0]] * 2)]}).json()["errors"]
    assert "orders" in send({"orders": [order(), order("A2")]}).json()["errors"]
