"""Looking for silent customers at once, for those who may run jobs (CHURN-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_POST

from liuke.core.doors.common import go
from liuke.workspace.jobs_page import start

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    start(request, "churn-check")
    return go(request, "/churn-alerts/")
