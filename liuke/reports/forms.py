"""The form of a management report: its figures stand beside the comments on them."""

from __future__ import annotations

from typing import Any

from liuke.core.forms import RecordForm

from .models import ManagementReport
from .parts import told


def executives() -> list[int]:
    """Whom a report goes to unless its author chooses otherwise (2.3)."""
    return list(ManagementReport.readers().filter(roles__code="executive").order_by("pk").values_list("pk", flat=True))


class ManagementForm(RecordForm):
    def prepare(self) -> None:
        field: Any = self.fields["recipients"]
        field.queryset = ManagementReport.readers().exclude(pk=self.user.pk).order_by("name", "pk")

    @property
    def figures(self) -> dict[str, Any]:
        """By the name of a comment's field: the tables it is about."""
        if self.errors or not self.instance.pk:
            return {}
        return {part.note: sheets for part, _note, sheets in told(self.instance, self.user)}
