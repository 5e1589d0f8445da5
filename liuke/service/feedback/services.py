"""What customers say to services: each round that has its answer."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from ..models import ServiceHandling
from .sources import Source, sign

sign(Source(
    "service", pgettext_lazy("feedback", "Service"), ServiceHandling,
    at="answered_at", customer="request__customer", staff="handler", text="result", title="request__summary",
    satisfaction="satisfaction", page="/service-requests/%s/", page_of="request", only=Q(answered_at__isnull=False),
))  # fmt: skip
