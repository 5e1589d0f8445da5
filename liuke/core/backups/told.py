"""What was done to the whole house, in the history of whoever did it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType

from liuke.core import audit, clock
from liuke.core.models import Event

if TYPE_CHECKING:
    from datetime import datetime


def was_told(verb: str, what: str, since: datetime) -> bool:
    """Whether it was done since then, by the event that was written in the transaction that did it."""
    told = Event.objects.filter(verb=verb, at__gte=since)
    return (told.filter(note=what) if what else told).exists()


def tell(verb: str, what: str, by: Any = None) -> None:
    """Write an event. After a restore the person need not exist any more: then the name of the backup stands alone."""
    users: Any = get_user_model()
    person = users.objects.filter(pk=by.pk).first() if by else None
    event = Event.objects.create(
        at=clock.now(), actor=person, verb=verb, content_type=ContentType.objects.get_for_model(users),
        object_id=person.pk if person else 0, object_text=str(person or what)[:200], note=what,
    )  # fmt: skip
    audit.tell([event])
