"""What the house's own data does in the background."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.accounts.models import User
from liuke.core.jobs import job
from liuke.core.notices import notify

from .models import CalendarDay
from .reindexing import write_again

DECEMBER = 12


@job("calendar-reminder", cron="0 9 * 12 *", label=lazy("Remind of next year’s working calendar"))
def remind_of_the_calendar(today: date) -> str:
    """In December, once a year, whoever may enter its days: without them promised hours run on over holidays."""
    year = today.year + 1
    if today.month != DECEMBER or CalendarDay.objects.alive().filter(date__year=year).exists():
        return _("The calendar needs nothing")
    granted = {"roles__deleted_at": None, "roles__grants__resource": "calendar-days", "roles__grants__action": "create"}
    keepers = User.objects.alive().filter(status="normal", **granted).distinct()
    told = notify(keepers, "calendar.empty", day=date(year, 1, 1), url="/calendar-days/", year=year)
    return _("%(n)s reminders checked") % {"n": told}


@job("search-again", label=lazy("Search follows added fields"))
def search_again(today: date, **asked: Any) -> str:
    """After a field of administrators came or went, or a choice got another name: `field=` or `item=`; else for all."""
    return _("%(count)s records looked through") % {"count": f"{write_again(asked):,}"}
