"""What the house's own data does in the background."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core.jobs import job

from .reindexing import write_again


@job("search-again", label=lazy("Search follows added fields"))
def search_again(today: date, **asked: Any) -> str:
    """After a field of administrators came or went, or a choice got another name: `field=` or `item=`; else for all."""
    return _("%(count)s records looked through") % {"count": f"{write_again(asked):,}"}
