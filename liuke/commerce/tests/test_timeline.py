"""Orders on the timeline of their customer: each once, page by page (CUST-25)."""

from datetime import date, timedelta

from django.utils import timezone

from liuke.commerce.models import Order
from liuke.commerce.orders_bulk import LineRow, OrderRow, write_orders
from liuke.core import clock
from liuke.customers import timeline


def test_a_day_of_many_orders_loses_none_from_page_to_page(house):
    customer, day = house.customer(house.jingli), date(2026, 3, 2)
    write_orders([OrderRow(f"SO-{n}", customer.pk, day, lines=[LineRow("阀门", 1, 1)]) for n in range(75)])
    morning = timezone.make_aware(timezone.datetime(2026, 3, 2, 8))
    orders = list(Order.objects.order_by("pk"))
    for n, one in enumerate(orders[:40]):  # entered on their day; the earlier ones later, for the numbers tell nothing
        one.created_at = morning + timedelta(minutes=400 - n)
    for one in orders[40:]:  # entered afterwards
        one.created_at = morning + timedelta(days=3)
    Order.objects.bulk_update(orders, ["created_at"])
    seen, cursor = [], ""
    while True:
        page = timeline.page_of(customer, house.jingli, clock.now(), "orders", after=cursor)
        seen += [entry.pk for entry in page.entries]
        if not (cursor := page.older):
            break
    assert seen == [one.pk for one in orders[:40]] + [one.pk for one in reversed(orders[40:])]
