"""What happened to a silent customer, newest first: measures, what the system did, early hints, earlier alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from liuke.core import formats

from .early import steps
from .models import ChurnAlert, ChurnMeasure
from .silence import alarm_on, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Turn:
    at: datetime
    who: str
    what: str
    icon: str
    tone: str = ""
    text: str = ""
    day_only: bool = False
    lasting: bool = False  # written by a person, to be read in full


@dataclass(frozen=True)
class Case:
    """One alert with all its turns."""

    alert: ChurnAlert
    turns: list[Turn]


def cases_of(alert: ChurnAlert, today: date) -> list[Case]:
    """This alert first, then the earlier ones of the customer."""
    rows = ChurnAlert.objects.filter(customer=alert.customer_id, pk__lte=alert.pk).order_by("-pk")[:10]
    alerts = list(rows)
    measures: dict[int, list[ChurnMeasure]] = {}
    found = ChurnMeasure.objects.filter(alert__in=[one.pk for one in alerts]).select_related("created_by")
    for one in found.order_by("pk"):
        measures.setdefault(one.alert_id, []).append(one)
    return [Case(one, _turns(one, measures.get(one.pk, []), today)) for one in alerts]


def _turns(alert: ChurnAlert, measures: list[ChurnMeasure], today: date) -> list[Turn]:
    turns = [*_hints(alert, today), *_system(alert), *_measures(measures)]
    return sorted(turns, key=lambda turn: turn.at, reverse=True)


def _measures(measures: list[ChurnMeasure]) -> Iterator[Turn]:
    for number, one in enumerate(measures, start=1):
        what = _("Measure %(n)s") % {"n": number}
        yield Turn(one.created_at, _name(one.created_by), what, "notes", "blue", one.measure, lasting=True)


def _system(alert: ChurnAlert) -> Iterator[Turn]:
    yield Turn(alert.created_at, _("System"), _("Churn warning"), "alert-triangle", "amber", _ground(alert))
    if alert.recovered_at:
        words = _("Last order %(day)s") % {"day": formats.day(alert.last_order_on)}
        yield Turn(alert.recovered_at, _("System"), _("The customer ordered, the alert is over"), "heart-handshake",
                   "green", words)  # fmt: skip
    if alert.confirmed_at:
        yield Turn(alert.confirmed_at, "", _("Loss confirmed"), "user-off", "red", alert.reason, lasting=True)


def _ground(alert: ChurnAlert) -> str:
    day = formats.day(alert.silent_since)
    if alert.last_order_on is None:
        return _("Never ordered since it was entered on %(day)s") % {"day": day}
    return _("No order since %(day)s") % {"day": day}


def _hints(alert: ChurnAlert, today: date) -> Iterator[Turn]:
    """When the silence reached the earlier steps: counted, for nothing was written then."""
    for months in steps():
        day = alarm_on(alert.silent_since, months)
        if day <= min(today, timezone.localdate(alert.created_at)):
            what = _("Early warning: no order for %(months)s months") % {"months": months}
            yield Turn(start_of(day), _("System"), what, "bell", day_only=True)


def _name(person: Any) -> str:
    return person.name if person else _("System")
