"""Telling people: modules declare kinds of notices, and their listeners call `notify` inside the verb's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from liuke.core import clock, statements
from liuke.core.display import record_url
from liuke.core.many.pouring import insert_new
from liuke.core.models.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db import models

    from liuke.core.models import Event

ROW = ("user", "kind", "event", "occasion", "params", "url", "created_at")
MANY = 99  # above this nobody counts: the bell says 99+


@dataclass(frozen=True)
class Kind:
    """A kind of notice: its sentence with named words in it, and how it looks."""

    code: str
    text: Any
    icon: str = "bell"
    tone: str = ""


_kinds: dict[str, Kind] = {}


def declare_kind(code: str, icon: str = "bell", tone: str = "", *, text: Any) -> Kind:
    """Declare a kind, such as "opportunity.assigned". `text` is lazily translated and may use %(actor)s, %(record)s
    and whatever else `notify` is given."""
    _kinds[code] = Kind(code, text, icon, tone)
    return _kinds[code]


def kind_of(code: str) -> Kind:
    """The kind, or a plain one for notices whose module is gone."""
    return _kinds.get(code) or Kind(code, _("About %(record)s"))


def notify(
    users: Any, kind: str, *, record: models.Model | None = None, event: Event | None = None,
    day: date | None = None, url: str = "", **params: Any,
) -> int:  # fmt: skip
    """Tell people, each once for the event, or without one once for the record and day. Returns how many were asked.

    Whoever did it himself, and whoever cannot sign in, is left out. Raises KeyError for an undeclared kind.
    """
    _kinds[kind]
    words = {"record": str(record)[:200] if record else "", "actor": _actor(event), **params}
    told = {
        "kind": kind, "event": event, "occasion": _occasion(record, event, day), "params": words,
        "url": url or (record_url(record) if record else ""), "created_at": clock.now(),
    }  # fmt: skip
    rows = [Notice(user=user, **told) for user in _readers(users, event)]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@dataclass(frozen=True)
class Told:
    """One notice among many: to whom, about what, for which event, or once for the day."""

    user: Any
    record: models.Model
    event: Event | None = None
    day: date | None = None
    words: dict[str, Any] = field(default_factory=dict)


def notify_many(kind: str, told: Iterable[Told]) -> None:
    """The same for many records at once, in a few statements. Raises KeyError for an undeclared kind."""
    _kinds[kind]
    now = clock.now()
    insert_new(Notice, ROW, [
        (one.user.pk, kind, one.event.pk if one.event else None, _occasion(one.record, one.event, one.day),
         {"record": str(one.record)[:200], "actor": _actor(one.event), **one.words}, record_url(one.record), now)
        for one in told
        if _reads(one.user, one.event)
    ])  # fmt: skip


def _actor(event: Event | None) -> str:
    return event.actor.name if event and event.actor else ""


def _occasion(record: models.Model | None, event: Event | None, day: date | None) -> str:
    if event:
        return f"event {event.pk}"
    about = f"{record._meta.label} {record.pk} " if record else ""
    return f"{about}{day or clock.today()}"


def _readers(users: Any, event: Event | None) -> list[Any]:
    asked: Iterable[Any] = [users] if hasattr(users, "is_active") else users or []
    return list({user.pk: user for user in asked if _reads(user, event)}.values())


def _reads(user: Any, event: Event | None) -> bool:
    return bool(user and user.is_active and not (event and event.actor_id == user.pk))


def unread_count(user: Any) -> int:
    """Unread notices, counted up to 100: one short walk over an index that holds nothing else."""
    return statements.count(_unread, user.pk)


def _unread(user_id: int) -> Any:
    return Notice.objects.filter(user=user_id, read_at=None).values_list("pk")[: MANY + 1]


def mark_read(user: Any, ids: Iterable[int] | None = None, *, up_to: int | None = None) -> int:
    """Mark these notices of the person as read, or all, or all up to an id: what came later was not seen yet.

    Another person's ids do nothing. Returns how many changed.
    """
    unread = Notice.objects.filter(user=user, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=clock.now())
