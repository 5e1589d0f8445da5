"""Credit assessments: added, read, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from liuke.core import clock
from liuke.core.register import register

from ..models import CreditAssessment
from .parts import PartsOfCustomers

if TYPE_CHECKING:
    from liuke.accounts.models import User


@register
class CreditAssessments(PartsOfCustomers):
    model = CreditAssessment
    icon = "shield-check"
    columns = ("customer", "score", "basis", "date", "created_by", "created_at")
    search = ("customer__name", "basis")
    filters = ("score", "date", "created_by")
    fields = ((_("Credit assessment"), ("customer", "score", "date", "basis")),)

    @property
    def actions(self) -> list[str]:
        """What can be granted: history is neither changed nor deleted."""
        return ["view", "create", "export"]

    def initial(self, user: User) -> dict[str, Any]:
        return {"date": clock.today()}

    def keys(self, record: Any) -> tuple[str, ...]:
        return ("customer", "score", "date", "created_by")

    def after_save(self, user: User, record: Any) -> str:
        return self.tab_url(record, "credit")
