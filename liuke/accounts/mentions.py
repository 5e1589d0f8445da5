"""Colleagues called by name in a text: `@陈静 看一下`."""

from __future__ import annotations

import re

from .models import User

CALLED = re.compile(r"@(\S{1,50})")


def mentioned(text: str) -> list[User]:
    """The people meant, each once. Nothing needs to end a name in Chinese: the longest one that fits is taken."""
    calls = CALLED.findall(text or "")
    starts = {call[:length] for call in calls for length in range(1, len(call) + 1)}
    if not starts:
        return []
    people = User.objects.alive().filter(name__in=starts, status=User.Status.NORMAL)
    by_name: dict[str, list[User]] = {}
    for person in people:
        by_name.setdefault(person.name, []).append(person)
    meant = {max((name for name in by_name if call.startswith(name)), key=len, default="") for call in calls}
    return [person for name in meant for person in by_name.get(name, [])]
