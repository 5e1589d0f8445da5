"""The house's working time: its hours, the days that differ from their weekday, how far so many hours reach (S-13).

A day of the working calendar says of one date that it is free (a holiday) or worked (a weekend made up for one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, options
from liuke.core.options import Option

HOURS, USUAL = "working_hours", "9:00-12:00 13:30-18:00"
WIDE = str.maketrans("：－–～，；", ":---,;")  # as an input method writes them
DAY = timedelta(hours=24)
SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]|24):([0-5]\d)")
LOOKED_AHEAD = timedelta(days=3700)  # a calendar without a working day for ten years is a mistake, not a promise
Spans = tuple[tuple[timedelta, timedelta], ...]  # from and to, since midnight


@dataclass(frozen=True)
class WorkingTime:
    """When the house works, in the company's time zone."""

    spans: Spans
    differ: Mapping[date, bool] = field(default_factory=dict)  # True: worked

    def works_on(self, day: date) -> bool:
        return self.differ.get(day, day.weekday() < 5)

    def after(self, moment: datetime, hours: float) -> datetime:
        """The moment when so many working hours will have passed. Raises ValueError where none ever will."""
        left = timedelta(hours=hours)
        for begin, end in self._stretches(moment):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise ValueError("no working time")

    def _stretches(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of working time from a moment on, in order."""
        local = timezone.localtime(moment)
        day, last = local.date(), local.date() + LOOKED_AHEAD
        while day < last:
            midnight = timezone.make_aware(datetime.combine(day, time()))
            for begin, end in self.spans if self.works_on(day) else ():
                if midnight + end > moment:
                    yield max(midnight + begin, moment), midnight + end
            day += timedelta(days=1)


def working_time(day: date) -> WorkingTime:
    """As the settings and the working calendar have it now, from a day on.

    A setting that makes no sense, written past the settings page, counts for nothing.
    """
    from .models import CalendarDay

    days = CalendarDay.objects.alive().filter(date__gte=day).values_list("date", "kind")
    worked = {day: kind == CalendarDay.Kind.WORKED for day, kind in days}
    try:
        spans = spans_of(str(options.get(HOURS)))
    except ValidationError:
        spans = spans_of(USUAL)
    return WorkingTime(spans, worked)


def end_of_work(day: date) -> datetime:
    """When the house closes on a day, also on one that is free; of today not later than now."""
    midnight = timezone.make_aware(datetime.combine(day, time()))
    end = midnight + working_time(day).spans[-1][1]
    return min(end, clock.now()) if day == clock.today() else end


def spans_of(text: str) -> Spans:
    """The spans of a line such as "9:00-12:00 13:30-18:00". Raises ValidationError, with the way it is written."""
    plain = text.translate(WIDE)
    found = [tuple(int(part) for part in one.groups()) for one in SPAN.finditer(plain)]
    spans = tuple((timedelta(hours=a, minutes=b), timedelta(hours=c, minutes=d)) for a, b, c, d in found)
    rest = SPAN.sub("", plain).strip(" ,;、")
    apart = all(one[1] <= other[0] for one, other in pairwise(spans))
    if not spans or rest or not apart or any(begin >= end for begin, end in spans) or spans[-1][1] > DAY:
        raise ValidationError(_("Write working hours as 9:00-12:00 13:30-18:00, one after the other"))
    if sum((end - begin for begin, end in spans), timedelta()) < timedelta(hours=1):
        raise ValidationError(_("A working day has at least one hour"))
    return spans


options.declare(
    Option(HOURS, USUAL, "text", lazy("Working hours"),
           lazy("Of a working day, such as 9:00-12:00 13:30-18:00; promised hours are counted in them"),
           check=spans_of)
)  # fmt: skip
