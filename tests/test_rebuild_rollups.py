"""`liuke rebuild-rollups` works out anew what is kept beside orders and customers."""

from __future__ import annotations

from argparse import Namespace

from liuke.cli import COMMANDS
from liuke.commerce.models import CustomerYear
from liuke.core import clock
from liuke.reports.models import CustomerTally


def test_sums_of_orders_and_numbers_of_customers_are_right_again(house, capsys):
    house.order(house.customer(house.jingli), clock.today(), 100, fulfilment=5)
    before = _kept()
    CustomerYear.objects.update(amount=1)
    CustomerTally.objects.update(n=7)
    COMMANDS["rebuild-rollups"](Namespace())
    assert _kept() == before
    assert capsys.readouterr().out == "订单汇总：1 个客户\n客户构成：1 个客户\n"


def _kept() -> list:
    sums = CustomerYear.objects.values_list("customer", "year", "amount")
    numbers = CustomerTally.objects.exclude(n=0).values_list("by", "value", "owner", "status", "n")
    return [sorted(sums), sorted(numbers)]
