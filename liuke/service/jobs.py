"""What service does by itself."""

from __future__ import annotations

import logging
from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.base.workdays import end_of_work
from liuke.core import clock
from liuke.core.jobs import job
from liuke.core.refusals import Refused
from liuke.core.verbs import in_transaction

from .models import ServiceDue
from .promises import tell, waiting

logger = logging.getLogger(__name__)


@job("service-due", cron="*/5 * * * *", label=lazy("Warnings of promised service times"), moment=end_of_work)
def service_due(today: date) -> str:
    """Whoever runs it for a day sees it as it is when the house closes.

    Each promise by itself: one that cannot be told of holds back no other. Raises RuntimeError afterwards."""
    told, failed = 0, []
    for one in list(waiting(clock.now())):
        try:
            in_transaction(partial(tell, one))
            told += 1
        except (Refused, ServiceDue.DoesNotExist):
            continue  # settled meanwhile
        except Exception:
            logger.exception("Promise %s cannot be told of", one.pk)
            failed.append(str(one.pk))
    if failed:
        raise RuntimeError(_("Promises that could not be told of: %(list)s") % {"list": ", ".join(failed)})
    return _("%(n)s promises run out") % {"n": told}
