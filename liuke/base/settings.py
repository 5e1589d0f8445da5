"""Where settings are kept: read once a request at most, at every question outside of one."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.core.signals import request_finished, request_started
from django.utils.translation import gettext_lazy as lazy

from liuke.core import options, statements
from liuke.core.options import Option
from liuke.core.remembered import remembered

_memory: ContextVar[dict[str, Any] | None] = ContextVar("settings", default=None)
_in_request: ContextVar[bool] = ContextVar("in_request", default=False)


def stored() -> dict[str, Any]:
    return remembered("settings", _stored)


def _stored() -> dict[str, Any]:
    from .models import SystemSetting

    known = _memory.get()
    if known is None:
        known = dict(statements.rows(SystemSetting.objects.values_list, "key", "value"))
        if _in_request.get():
            _memory.set(known)
    return known


def forget(**_signal: Any) -> None:
    """Settings changed, or the request is over: ask again next time."""
    _memory.set(None)


def _begin(**_signal: Any) -> None:
    _memory.set(None)
    _in_request.set(True)


def _end(**_signal: Any) -> None:
    _memory.set(None)
    _in_request.set(False)


def declare() -> None:
    """Sign in the store and the settings that belong to the whole house."""
    options.keep_in(stored)
    request_started.connect(_begin, dispatch_uid="settings.begin")
    request_finished.connect(_end, dispatch_uid="settings.end")
    for option in (
        Option("company_name", "留客", "text", lazy("Company name")),
        Option("page_size", 20, "int", lazy("Rows on a page"), lazy("20, 50 or 100 suit most screens")),
        Option("demo_logins", [], "hidden", ""),  # [user name, text] of those the sign-in page of a demo house offers
    ):
        options.declare(option)


def declare_required() -> None:
    """Each entity with fields that people must fill in gets a setting for them (C-31)."""
    from liuke.core.register import resources

    for resource in resources():
        if resource.required_when_entered:
            key = options.required_key(resource.name)
            options.declare(Option(key, list(resource.required_when_entered), "fields", "", resource=resource.name))
