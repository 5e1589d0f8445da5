"""What was done to the whole house, in the history of whoever did it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType

from liuke.core import clock
from liuke.core.models import Event


def tell(verb: str, what: str, by: Any = None) -> None:
    """Write an event. After a restore the person need not exist any more: then the name of the backup stands alone."""
    users: Any = get_user_model()
    person = users.objects.filter(pk=by.pk).first() if by else None
    Event.objects.create(
        at=clock.now(), actor=person, verb=verb, content_type=ContentType.objects.get_for_model(users),
        object_id=person.pk if person else 0, object_text=str(person or what)[:200], note=what,
    )  # fmt: skip
