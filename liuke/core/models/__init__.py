from .event import Event
from .jobs import JobRun, Slot
from .keys import OneTimeKey
from .notice import Notice
from .numbers import NumberSequence, next_number, next_numbers
from .record import Record, RecordQuerySet

__all__ = [
    "Event",
    "JobRun",
    "Notice",
    "NumberSequence",
    "OneTimeKey",
    "Record",
    "RecordQuerySet",
    "Slot",
    "next_number",
    "next_numbers",
]
