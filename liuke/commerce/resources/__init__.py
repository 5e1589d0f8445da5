"""Each entity in a file of its own; imported in the order in which they stand in the menu."""

from .products import Products
from .stock import StockRecords, Warehouses

from .orders import OrderLines, Orders  # isort: skip

__all__ = ["OrderLines", "Orders", "Products", "StockRecords", "Warehouses"]
