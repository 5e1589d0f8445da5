"""Each entity in a file of its own; imported in the order in which they stand in menu and tabs."""

from .customers import Customers

from .contacts import Contacts  # isort: skip
from .interactions import Interactions  # isort: skip
from .credit import CreditAssessments  # isort: skip
from .groupings import CustomerCategories, CustomerStatuses  # isort: skip

__all__ = ["Contacts", "CreditAssessments", "CustomerCategories", "CustomerStatuses", "Customers", "Interactions"]
