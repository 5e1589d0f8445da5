"""What retention does by itself: the weekly check, and the risk of every night."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as lazy

from liuke.core.jobs import job

from .check import check
from .scoring import score_all


@job("churn-check", cron="0 2 * * 6", label=lazy("Look for silent customers"), setting="churn_cron")
def churn_check(today: date) -> str:
    """CHURN-01: Saturdays at two, by the company's clock."""
    return str(check(today))


@job("churn-risk", cron="20 3 * * *", label=lazy("Work out the churn risk"))
def churn_risk(today: date) -> str:
    return score_all(today)
