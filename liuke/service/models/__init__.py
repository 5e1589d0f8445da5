"""What customers ask for, how it is answered, what was promised to them, and what was learnt from it."""

from .agreements import ServiceAgreement, ServiceDue
from .articles import ArticleReading, KnowledgeArticle
from .complaints import Complaint
from .handlings import ServiceHandling
from .requests import ServiceRequest
from .visits import FollowUpVisit

__all__ = [
    "ArticleReading", "Complaint", "FollowUpVisit", "KnowledgeArticle", "ServiceAgreement", "ServiceDue",
    "ServiceHandling", "ServiceRequest",
]  # fmt: skip
