"""Run in the surroundings of one database: make its tables and rows, and tell the client whom and what to ask."""

from __future__ import annotations

import json
import sys
from typing import Any

import django

PEOPLE = ("gaoguan", "zhuguan", "jingli")  # sees everything, leads a department, has his own


def main(rows: int) -> None:
    django.setup()
    from django.db import connection

    from bench import data
    from liuke.config import upkeep

    upkeep.prepare()
    data.fill(rows)
    _settle(connection)
    print(json.dumps({name: _person(name) for name in PEOPLE}))


def _settle(connection: Any) -> None:
    """What the database does by itself after such a growth: numbers go on behind the last, statistics are known."""
    from django.apps import apps
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _person(username: str) -> dict[str, Any]:
    """How to ask in his name, and by which values to filter: of each, one that is common and one that is rare."""
    from liuke.accounts.models import User
    from liuke.accounts.services import issue_token
    from liuke.core.register import resource
    from liuke.marketing.models import Opportunity

    user = User.objects.get(username=username)
    seen = Opportunity.objects.visible_to(user)
    return {
        "session": _session(user),
        "token": issue_token(username),
        "scope": _scope(user),
        "scenes": [scene.key for scene in resource("opportunities").scenes],
        "sorts": _sorts(),
        "filters": _filters(seen),
        "creates": resource("opportunities").may(user, "create"),
        "record": seen.filter(status="assigned").order_by("-id").values_list("pk", flat=True).first(),
    }


def _session(user: Any) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _scope(user: Any) -> list[int]:
    """Whose opportunities he sees, for the floor, which knows no permissions."""
    from liuke.accounts.models import User

    led = User.objects.filter(department__in=user.led_departments).values_list("pk", flat=True)
    return sorted({user.pk, *led})


def _sorts() -> list[str]:
    """Every column of the list that can be sorted, both ways."""
    from liuke.core.listing import sortable
    from liuke.core.register import resource

    opportunities = resource("opportunities")
    names = [name for name in opportunities.columns if name in sortable(opportunities) and not _is_reference(name)]
    return ["", *names, *(f"-{name}" for name in names)]


def _is_reference(name: str) -> bool:
    from liuke.marketing.models import Opportunity

    return bool(Opportunity._meta.get_field(name).is_relation)


def _filters(seen: Any) -> dict[str, list[str]]:
    """Query strings: {declared filter: [with a common value, with a rare one]}."""
    from bench import words
    from liuke.core.conditions import TEXTS
    from liuke.core.display import shown
    from liuke.core.register import resource

    found = {}
    for name in resource("opportunities").filters:
        known = shown(seen.model, name)
        if known.kind in TEXTS:
            found[name] = [f"{name}__contains={words.COMMON[name]}", f"{name}__contains={words.RARE}"]
        elif known.kind in ("date", "datetime"):
            found[name] = [f"{name}__gte=2000-01-01", f"{name}__gte={_last(seen, name)}"]
        else:
            found[name] = [f"{name}={value}" for value in _common_and_rare(seen, name)]
    return found


def _common_and_rare(seen: Any, name: str) -> list[Any]:
    from django.db.models import Count

    counted = seen.exclude(**{name: None}).order_by().values(name).annotate(n=Count("pk")).order_by("n")
    values = [row[name] for row in counted]
    return [values[-1], values[0]]


def _last(seen: Any, name: str) -> str:
    """A day behind which hardly anything lies."""
    days = seen.exclude(**{name: None}).order_by(f"-{name}").values_list(name, flat=True)
    return str(days[20])


if __name__ == "__main__":
    main(int(sys.argv[1]))
