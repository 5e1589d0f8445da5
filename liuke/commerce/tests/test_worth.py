"""What a customer is worth, told with the lists that prove it, and to whom (CUST-24, HORD-04)."""

from datetime import timedelta
from decimal import Decimal

from liuke.core import clock
from liuke.customers import value
from liuke.marketing.models import Opportunity

from .orders import order


def figures(customer, user):
    return {label: (text, url) for label, text, url in value.figures_of(customer, user).figures}


def test_orders_that_count_are_told_to_who_reads_history_and_won_opportunities_to_who_sees_them(house):
    customer, today = house.customer(house.jingli), clock.today()
    order(customer, "100", fulfilment=6, order_date=today.replace(month=1, day=1) - timedelta(days=1))
    order(customer, "50.5", fulfilment=5, order_date=today)
    order(customer, "7", fulfilment=1)
    for amount in (1000, 200):
        won = house.opportunity(house.jingli, house.jingli, amount=Decimal(amount))
        Opportunity.objects.filter(pk=won.pk).update(customer=customer, status="won")
    customer.refresh_from_db()
    told = figures(customer, house.jingli)
    list_of_history = f"/orders/?scene=history&customer={customer.pk}"
    assert told["累计订单额"] == ("¥150.50", list_of_history)
    assert told["本年订单额"][0] == "¥50.50"
    assert told["历史订单"] == ("2", list_of_history)
    assert told["最近下单"][0] == today.isoformat()
    assert told["成交机会金额"][0] == "¥1,200.00"
    hidden = figures(customer, house.yewu)
    assert not {"累计订单额", "本年订单额", "历史订单"} & hidden.keys()


def test_a_customer_without_orders_that_count_has_no_turnover(house):
    customer = house.customer(house.jingli)
    order(customer, "7", fulfilment=1)
    assert "累计订单额" not in figures(customer, house.jingli)
