"""The mark a blacklisted customer carries wherever its name stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liuke.core.resource import Flag

from ..models import Customer

BLACKLISTED = Flag("type__value", Customer.BLACKLIST, "red", _("Blacklist"))
BLACKLISTED_CUSTOMER = Flag("customer__type__value", Customer.BLACKLIST, "red", _("Blacklist"))
