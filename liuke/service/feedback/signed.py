"""The sources of this module: what customers say to services, each round that has its answer, in complaints, and when
they are called back."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from ..models import Complaint, FollowUpVisit, ServiceHandling
from .sources import Source, sign

sign(Source(
    "service", pgettext_lazy("feedback", "Service"), ServiceHandling,
    at="answered_at", customer="request__customer", staff="handler", text="result", title="request__summary",
    satisfaction="satisfaction", page="/service-requests/%s/", page_of="request", only=Q(answered_at__isnull=False),
))  # fmt: skip
sign(Source(
    "complaint", pgettext_lazy("feedback", "Complaint"), Complaint,
    at="complained_at", customer="customer", staff="staff", text="content", title="category__entry",
))  # fmt: skip
sign(Source(
    "visit", pgettext_lazy("feedback", "Call-back"), FollowUpVisit,
    at="answered_at", customer="customer", staff="staff", text="suggestions", title="about",
    satisfaction="satisfaction", only=Q(status="answered"),
))  # fmt: skip
