"""What hangs on a customer and goes with it: read by whoever reads it, read-only once it has churned or is deleted."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core.models import Record
from liuke.core.verbs import hold

from .customers import Customer


class PartOfCustomer(Record):
    """A record with a `customer`: nothing is added to or changed about one that is closed."""

    customer: Any
    customer_id: int | None

    class Meta:
        abstract = True

    def guard_create(self, by: Any) -> None:
        if self.customer_id:
            self._customer_must_be_open(by)

    def guard_update(self, by: Any) -> None:
        self._customer_must_be_open(by)

    guard_delete = guard_restore = guard_update

    def clean(self) -> None:
        moved = self.pk and self.customer_id  # a new one is refused by `guard_create`
        if moved and self.customer.status != Customer.Status.NORMAL:
            raise ValidationError({"customer": _("Choose a customer in status normal")})

    def _customer_must_be_open(self, by: Any) -> None:
        hold(self.customer)
        self.customer.must_allow("update", by)
