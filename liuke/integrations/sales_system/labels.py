"""What the mapping's words mean, in words of people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

LABELS: dict[str, Any] = {
    "products": lazy("Products"), "warehouses": lazy("Warehouses"), "stock": lazy("Stock"), "orders": lazy("Orders"),
    "order_lines": lazy("Order lines"), "external_id": pgettext_lazy("sales system", "Number"), "name": lazy("Name"),
    "model": pgettext_lazy("product", "Model"), "batch": lazy("Batch"), "unit": lazy("Unit"), "price": lazy("Price"),
    "notes": lazy("Notes"), "address": lazy("Address"), "product": lazy("Product"), "warehouse": lazy("Warehouse"),
    "bin": pgettext_lazy("stock", "Bin"), "quantity": lazy("Quantity"), "order": pgettext_lazy("entity", "Order"),
    "order_date": lazy("Order date"), "customer_number": lazy("Customer number"),
    "customer_name": lazy("Customer name"),
    "fulfilment": lazy("Fulfilment"), "status": lazy("Status"), "delivery_address": lazy("Delivery address"),
    "amount": lazy("Amount"), "product_name": lazy("Product name"), "unit_price": lazy("Unit price"),
    "changed_at": lazy("Changed at"),
}  # fmt: skip


def words(name: str) -> str:
    return str(LABELS.get(name, name))
