"""What customers ask for, how it is answered, and what was promised to them."""

from .agreements import ServiceAgreement, ServiceDue
from .handlings import ServiceHandling
from .requests import ServiceRequest

__all__ = ["ServiceAgreement", "ServiceDue", "ServiceHandling", "ServiceRequest"]
