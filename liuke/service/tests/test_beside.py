"""What stands beside a case: no more of the customer than the reader may know."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from liuke.accounts.models import Grant, Role
from liuke.commerce.models import OrderLine, Product, StockRecord, Warehouse
from liuke.service.cards import to_serve
from liuke.service.queues import HOMES, queues_of
from tests.house import page_client


@pytest.fixture
def customer(house):
    return house.customer(house.jingli, phone="0574-27691111")


def beside(person, request) -> str:
    page = page_client(person).get(f"/service-requests/{request.pk}/").content.decode()
    return page.partition('class="lk-aside"')[2].partition("</aside>")[0]


def test_a_stranger_who_is_given_a_case_learns_of_the_customer_only_what_the_case_tells(house, customer):
    Grant.objects.filter(role=Role.objects.get(code="marketing_staff"), resource="customers").delete()
    stranger = house.again("shichang")
    contact = house.contact(customer, office_phone="0574-87651234")
    given = house.service(customer, to=stranger, contact=contact)
    house.service(customer, to=house.kefu, mark=2)  # open again: only those who have to do with it see it
    seen, hidden = beside(house.jingli, given), beside(stranger, given)
    assert "0574-27691111" in seen
    assert "2 次，均分 2.0" in seen
    assert "0574-27691111" not in hidden
    assert "陈静" not in hidden
    assert "1 次<" in hidden  # the one that is his
    page = page_client(stranger).get(f"/service-requests/{given.pk}/").content.decode()
    assert f"/customers/{customer.pk}/" not in page
    assert "0574-87651234" in page  # whom to call goes with the case


def test_the_home_card_counts_what_waits_and_leaves_the_archive_alone(house, customer):
    house.service(customer, to=house.kefu, mark=5)
    house.service(customer, to=house.kefu)
    assert [queue.key for queue in queues_of(house.kefu, "", HOMES)] == ["assign", "handle", "feedback"]
    card = to_serve(house.again("kefu"))
    assert [(figure.value, figure.url) for figure in card.figures] == [
        ("0", "/service/assign/"), ("1", "/service/handle/"), ("0", "/service/feedback/"),
    ]  # fmt: skip


@pytest.fixture
def goods(house, customer):
    """The customer bought a flow meter, of which 36 are left in two warehouses; nobody bought the valve."""
    office = house.office()
    meter, valve = (Product(name=name, model=model, unit="台").create(by=office) for name, model in
                    (("电磁流量计", "LD-80"), ("调节阀", "VF-9")))  # fmt: skip
    for name, quantity in (("宁波仓", "30"), ("上海仓", "6")):
        place = Warehouse(name=name).create(by=office)
        StockRecord(product=meter, warehouse=place).create(by=office).put_in(Decimal(quantity), by=office)
    order = house.order(customer, date(2026, 5, 4), Decimal("2180.00"), external_id="SO-77")
    OrderLine(order=order, product=meter, quantity=1, unit_price=Decimal(10)).create(by=None)
    other = house.order(house.customer(house.jingli, name="别家"), date(2026, 6, 1))
    OrderLine(order=other, product=valve, quantity=1, unit_price=Decimal(10)).create(by=None)
    return meter


def test_orders_products_and_stock_of_the_customer_are_at_hand(house, customer, goods):
    seen = beside(house.jingli, house.service(customer, to=house.kefu))
    assert "SO-77" in seen
    assert "¥2,190.00" in seen
    assert "电磁流量计 LD-80" in seen
    assert "库存 36 台" in seen
    assert "调节阀" not in seen


def test_who_sees_no_orders_or_stock_has_none_at_hand(house, customer, goods):
    request = house.service(customer, to=house.shichang)
    role = Role.objects.get(code="marketing_staff")
    Grant.objects.filter(role=role, resource__in=("orders", "stock-records")).delete()
    seen = beside(house.again("shichang"), request)
    assert "SO-77" not in seen
    assert "电磁流量计" not in seen  # what was bought stands in the orders
    assert "库存" not in page_client(house.again("shichang")).get("/service/goods/?search=LD").content.decode()
    Grant.objects.filter(role=role, resource="products").delete()
    assert "产品" not in beside(house.again("shichang"), request)


def test_any_product_is_found_by_a_few_letters(house, goods):
    pages = page_client(house.kefu)
    found = pages.get("/service/goods/?search=VF", headers={"HX-Request": "true"}).content.decode()
    assert "调节阀 VF-9" in found
    assert "电磁流量计" not in found
    assert "没有找到" in pages.get("/service/goods/?search=xyz").content.decode()
    assert "调节阀" not in pages.get("/service/goods/?search=").content.decode()
