"""Whom a submitted report is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from liuke.core.events import on
from liuke.core.notices import declare_kind, notify

from .models import ManagementReport

if TYPE_CHECKING:
    from liuke.core.models import Event

declare_kind("report.submitted", "report-analytics", "blue", text=_("%(actor)s sent you the report “%(record)s”"))


@on(ManagementReport, "submit")
def submitted(report: ManagementReport, event: Event) -> None:
    notify(report.recipients.all(), "report.submitted", record=report, event=event)
