"""What the customer file does by itself every night."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import options
from liuke.core.jobs import job

from .models import NameCheck
from .recycling import recycle, remind


@job("pool-recycle", cron="30 0 * * *", label=lazy("Customers not followed up go to the pool"))
def pool_recycle(today: date) -> str:
    """Move what is due, remind of what is due soon (POOL-03). Nothing happens while the pool is switched off."""
    if not options.get("pool_days"):
        return _("The pool is switched off")
    return _("%(moved)s moved to the pool, %(soon)s close to it") % {"moved": recycle(today), "soon": remind(today)}


@job("forget-name-checks", cron="10 4 * * *", label=lazy("Forget old duplicate checks"))
def forget_name_checks(today: date) -> str:
    return _("%(n)s forgotten") % {"n": NameCheck.forget_old()}
