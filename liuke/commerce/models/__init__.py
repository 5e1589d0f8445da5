from .lines import OrderLine
from .orders import Order
from .products import Product
from .rollups import CustomerMonth, CustomerYear
from .stock import StockMovement, StockRecord, Warehouse
from .syncs import SalesSync

__all__ = [
    "CustomerMonth",
    "CustomerYear",
    "Order",
    "OrderLine",
    "Product",
    "SalesSync",
    "StockMovement",
    "StockRecord",
    "Warehouse",
]
