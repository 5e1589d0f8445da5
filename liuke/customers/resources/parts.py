"""What hangs on customers and goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from liuke.core.resource import Resource

from ..models import Customer

if TYPE_CHECKING:
    from liuke.accounts.models import User

# Few customers are deleted: to leave theirs out is quicker than to ask each row's customer whether it is alive.
OF_DELETED = Q(customer__in=Customer.objects.filter(deleted_at__isnull=False).values("pk"))


class PartsOfCustomers(Resource):
    """Who reads a customer reads these, unless it lies in the recycle bin."""

    own = ("customer__owner",)

    def range(self, user: User, action: str) -> Q:
        return super().range(user, action) & ~OF_DELETED

    def tab_url(self, record: Any, tab: str) -> str:
        return f"/customers/{record.customer_id}/?tab={tab}"
