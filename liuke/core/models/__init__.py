from .errands import Errand, Undone
from .event import Event
from .imports import Import, ImportedRow
from .jobs import JobRun, Slot
from .keys import OneTimeKey
from .list_settings import ListSetting
from .notice import Notice
from .numbers import NumberSequence, next_number, next_numbers
from .record import Record, RecordQuerySet
from .search_entry import SearchEntry, SearchWords

__all__ = [
    "Errand",
    "Event",
    "Import",
    "ImportedRow",
    "JobRun",
    "ListSetting",
    "Notice",
    "NumberSequence",
    "OneTimeKey",
    "Record",
    "RecordQuerySet",
    "SearchEntry",
    "SearchWords",
    "Slot",
    "Undone",
    "next_number",
    "next_numbers",
]
