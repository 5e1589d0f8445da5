from .audit import AuditBatch, AuditEntry
from .errands import Errand, Undone
from .event import Event
from .fault import Fault
from .house_sign import HouseSign
from .imports import Import, ImportedRow
from .jobs import JobRun, Slot, WorkerSign
from .keys import OneTimeKey
from .list_settings import ListSetting
from .notice import Notice
from .numbers import NumberSequence, next_number, next_numbers
from .record import Record, RecordQuerySet
from .search_entry import SearchEntry, SearchWords

__all__ = [
    "AuditBatch",
    "AuditEntry",
    "Errand",
    "Event",
    "Fault",
    "HouseSign",
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
    "WorkerSign",
    "next_number",
    "next_numbers",
]
