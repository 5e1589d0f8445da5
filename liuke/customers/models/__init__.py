from .checks import NameCheck
from .contacts import Contact
from .credit import CreditAssessment
from .customers import Customer
from .groupings import CustomerCategory, CustomerStatus
from .interactions import Interaction
from .ownership import Ownership

__all__ = [
    "Contact",
    "CreditAssessment",
    "Customer",
    "CustomerCategory",
    "CustomerStatus",
    "Interaction",
    "NameCheck",
    "Ownership",
]
