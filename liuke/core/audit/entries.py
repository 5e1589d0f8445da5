"""Entries of the audit log. Whoever writes an event writes an entry; what has no event says it here itself.

An entry is written in the transaction of its act: it is there when the act is, and not when that is taken back.
A refusal is noted after the act was taken back.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from liuke.core.models.audit import AuditEntry

from .acting import present

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db import models

    from liuke.core.models import Event

SECRETS = (
    "password|passwd|secret|token|hash|session|session_key|cookie|credential|credentials|recovery_codes|totp|api_key"
)
SECRET = re.compile(rf"(\w*_)?({SECRETS})(_\w*)?", re.I)  # names of fields; those of acts have a point in them
HIDDEN = "***"
LONGEST = 1000  # signs of a value; the event has all of it
COLUMNS = (
    "at", "act", "outcome", "who", "name", "door", "address", "kind", "object_id", "number", "text", "details",
)  # fmt: skip


def note(
    act: str, *, by: Any = None, record: Any = None, kind: str = "", text: str = "", outcome: str = "done",
    details: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write an entry. `record` is what it was done to; `kind` and `text` say so of what is no record."""
    _insert(
        act, by, outcome, kind or (record._meta.label if record is not None else ""),
        record.pk if record is not None else None, str(getattr(record, "number", None) or ""),
        text or (str(record) if record is not None else ""), details or {},
    )  # fmt: skip


def tell(events: Sequence[Event], record: models.Model | None = None) -> None:
    """Entries of events just written: one for one, and one for all rows of a kind that a batch did the same to."""
    if len(events) == 1:
        _tell_one(events[0], record)
        return
    by_act: dict[tuple[str, int, Any], list[Event]] = defaultdict(list)
    for event in events:
        by_act[event.verb, event.content_type_id, event.actor_id].append(event)
    for several in by_act.values():
        _tell_many(several)


def _tell_one(event: Event, record: models.Model | None) -> None:
    number = str(getattr(record, "number", None) or "")
    details: dict[str, Any] = {"changes": event.changes} if event.changes else {}
    if event.note:
        details["note"] = event.note
    _insert(event.verb, event.actor, "done", _label(event), event.object_id or None, number, event.object_text, details)


def _tell_many(events: Sequence[Event]) -> None:
    """The rows of it, with what was in them, are told by their events."""
    first = events[0]
    details: dict[str, Any] = {"rows": len(events), "ids": ranges(sorted(event.object_id for event in events))}
    if first.note:
        details["note"] = first.note
    _insert(first.verb, first.actor, "done", _label(first), None, "", "", details)


def _label(event: Event) -> str:
    model = ContentType.objects.get_for_id(event.content_type_id).model_class()
    return model._meta.label if model else ""


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Rising numbers as [[first, last]] of each row without a gap."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def _insert(
    act: str, by: Any, outcome: str, kind: str, object_id: int | None, number: str, text: str, details: dict[str, Any]
) -> None:
    """By hand: this runs with every write of the house, and Django's way costs three times as much."""
    here = present()
    known = by is not None and by.pk is not None
    name = f"{by.name} ({by.username})" if known else here.name
    at = connection.ops.adapt_datetimefield_value(timezone.now())  # the real time, whatever day a job runs for
    words = (act[:40], outcome, by.pk if known else None, _plain(name, 120), here.door, _plain(here.address, 45))
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(),
            [at, *words, kind[:60], object_id, _plain(number, 40), _plain(text, 200), _written(details)],
        )


@cache
def _statement() -> str:
    table, marks = AuditEntry._meta.db_table, ", ".join(["%s"] * len(COLUMNS))
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608  names of ours


def _plain(text: str, most: int) -> str:
    """No NUL, which PostgreSQL does not keep, and no half signs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:most]


def _written(details: dict[str, Any]) -> str:
    return _plain(json.dumps(_safe(details), ensure_ascii=False, sort_keys=True, default=str), 100_000)


def _safe(value: Any) -> Any:
    """Without the values of secrets, whoever hands them in, and without more than an entry needs of long texts."""
    if isinstance(value, dict):
        return {str(key): HIDDEN if _is_secret(str(key), one) else _safe(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(one) for one in value]
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}…"
    return value


def _is_secret(key: str, value: Any) -> bool:
    """A yes or no is none, such as whether a password has to be changed."""
    plain = all(isinstance(one, bool | int | None) for one in (value if isinstance(value, list) else [value]))
    return not plain and SECRET.fullmatch(key) is not None
