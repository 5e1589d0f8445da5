"""Stock is moved by verbs that leave a journal, and never falls below zero (PROD-02, PROD-03)."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from liuke.commerce.models import Product, StockMovement, StockRecord, Warehouse
from liuke.core.refusals import Refused


@pytest.fixture
def stock(house):
    product = Product(name="电磁流量计", model="LD-80", price=Decimal("2180")).create(by=house.admin)
    warehouse = Warehouse(name="宁波仓").create(by=house.admin)
    made = StockRecord(product=product, warehouse=warehouse, bin="A-01").create(by=house.admin)
    made.put_in(Decimal("10"), "到货", by=house.admin)
    return made


def journal(stock):
    return list(stock.movements.order_by("id").values_list("kind", "change_by", "balance", "note"))


def test_each_movement_changes_the_quantity_and_stands_in_the_journal(house, stock):
    stock.take_out(Decimal("2.5"), "发货", by=house.admin)
    stock.correct(Decimal("7"), "盘点", by=house.admin)
    assert stock.quantity == 7
    assert journal(stock) == [
        ("in", 10, 10, "到货"),
        ("out", Decimal("-2.5"), Decimal("7.5"), "发货"),
        ("adjust", Decimal("-0.5"), 7, "盘点"),
    ]
    assert sum(stock.movements.values_list("change_by", flat=True)) == stock.quantity


def test_nobody_takes_out_more_than_is_there(house, stock):
    twin = StockRecord.objects.get(pk=stock.pk)
    stock.take_out(Decimal("6"), by=house.admin)
    with pytest.raises(Refused, match="4"):
        twin.take_out(Decimal("6"), by=house.admin)
    twin.refresh_from_db()
    assert (twin.quantity, StockMovement.objects.count()) == (4, 2)


@pytest.mark.parametrize("wrong", ["0", "-1", "0.0005", "1.2345", "NaN", "Infinity", "三"])
def test_a_quantity_that_makes_no_sense_moves_nothing(house, stock, wrong):
    with pytest.raises(ValidationError):
        stock.put_in(wrong, by=house.admin)
    stock.refresh_from_db()
    assert (stock.quantity, StockMovement.objects.count()) == (10, 1)


def test_the_journal_is_never_changed(house, stock):
    entry = StockMovement.objects.get()
    for act in (lambda: entry.update({"note": "别的"}, by=house.admin), lambda: entry.delete(by=house.admin)):
        with pytest.raises(Refused):
            act()
    assert StockMovement.objects.get().note == "到货"


def test_a_product_has_one_record_in_a_bin(house, stock):
    with pytest.raises(ValidationError):
        StockRecord(product=stock.product, warehouse=stock.warehouse, bin="A-01").create(by=house.admin)


def test_stock_is_called_after_its_product_and_warehouse_whatever_they_are_called_now(house, stock):
    assert str(stock) == "电磁流量计 · 宁波仓 A-01"
    stock.product.update({"name": "涡街流量计"}, by=house.admin)
    stock.warehouse.update({"name": "杭州仓"}, by=house.admin)
    stock.refresh_from_db()
    assert str(stock) == "涡街流量计 · 杭州仓 A-01"


def test_stock_of_the_longest_names_has_room(house):
    product = Product(name="长" * 100).create(by=None)
    place = Warehouse(name="仓" * 100).create(by=None)
    made = StockRecord(product=product, warehouse=place, bin="格" * 50).create(by=None)
    made.refresh_from_db()
    assert len(made.title) == 250
