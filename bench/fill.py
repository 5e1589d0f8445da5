"""Run in the surroundings of one database: make its tables and rows, and tell the client whom and what to ask."""

from __future__ import annotations

import json
import sys
from typing import Any

import django

from bench.sections import SECTIONS, Section


def main(name: str, rows: int) -> None:
    django.setup()
    from django.db import connection

    from bench import customers, data
    from liuke.config import upkeep
    from liuke.core.search import rebuild

    upkeep.prepare()
    (customers if name == "customers" else data).fill(rows)
    rebuild.complete()
    _settle(connection)
    tell(SECTIONS[name])


def tell(section: Section) -> None:
    print(json.dumps({name: _person(section, username) for name, username in section.people.items()}))


def _settle(connection: Any) -> None:
    """What the database does by itself after such a growth: numbers go on behind the last, statistics are known."""
    from django.apps import apps
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _person(section: Section, username: str) -> dict[str, Any]:
    """How to ask in his name, and by which values to filter: of each, one that is common and one that is rare."""
    from liuke.accounts.models import User
    from liuke.accounts.services import issue_token
    from liuke.core.register import resource

    user, entity = User.objects.get(username=username), resource(section.name)
    seen: Any = entity.model.objects.visible_to(user)
    usual = seen.filter(status="assigned" if section.name == "opportunities" else "normal")
    return {
        "section": section.name,
        "session": _session(user),
        "token": issue_token(username),
        "scope": _scope(user, section.name),
        "scenes": [scene.key for scene in entity.scenes],
        "sorts": _sorts(entity),
        "filters": _filters(entity, seen),
        "words": _words(section.name, seen),
        "creates": entity.may(user, "create"),
        "record": next((one.pk for rows in (usual, seen) for one in rows.order_by("-id")[:1]), None),
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


def _scope(user: Any, name: str) -> list[int]:
    """Whose rows he sees, for the floor, which knows no permissions; empty for everybody's."""
    from liuke.accounts.models import User

    reach = user.reach(name, "view")
    if name == "customers" and reach.everything:
        return []
    led = User.objects.filter(department__in=user.led_departments).values_list("pk", flat=True)
    return sorted({user.pk, *led})


def _sorts(entity: Any) -> list[str]:
    """Every column of the list that can be sorted, both ways."""
    from liuke.core.listing import sortable

    known = sortable(entity)
    columns = [name for name in entity.columns if name in known]
    names = [name for name in columns if not entity.model._meta.get_field(name).is_relation]
    return ["", *names, *(f"-{name}" for name in names)]


def _filters(entity: Any, seen: Any) -> dict[str, list[str]]:
    """Query strings: {declared filter: [with a common value, with a rare one]}."""
    from bench import words
    from liuke.core.conditions import TEXTS
    from liuke.core.display import shown

    found = {}
    for name in entity.filters:
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
    return [values[-1], values[0]] if values else []


def _last(seen: Any, name: str) -> str:
    """A day behind which hardly anything lies."""
    days = seen.exclude(**{name: None}).order_by(f"-{name}").values_list(name, flat=True)[:21]
    return f"{list(days)[-1]:%Y-%m-%d}" if days else "2026-01-01"


def _words(name: str, seen: Any) -> list[str]:
    """What people type: two characters, their pinyin and initials, a whole name, a number, the end of a phone."""
    if name != "customers":
        return []
    one = seen.order_by("-id").first()
    return ["机械", "华鑫", "jixie", "jx", "huaxin", "华x", "上海 机械", one.name[:6], one.number, one.phone[-6:]]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
