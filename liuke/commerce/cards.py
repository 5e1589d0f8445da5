"""What orders show on the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from liuke.workspace.briefing import Brief, brief

from .source import standing

VALID = {"where": ("status~not~invalid",)}
brief(Brief(50, "orders", lazy("New orders"), "order_date", VALID, "amount", lazy("Order amount"), standing=standing))
