"""The addresses of every report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from liuke.core.api.door import api

from .api import report_answer
from .files import report_file
from .pages import report_page, report_print
from .report import Report, reports


def report_addresses() -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in reports():
        here = one.home.lstrip("/")
        found += [
            path(here, _safe(report_page, one)),
            path(f"{here}print/", _safe(report_print, one)),
            path(f"{here}export.csv", _safe(report_file, one, kind="csv")),
            path(f"{here}export.xlsx", _safe(report_file, one, kind="xlsx")),
        ]
        if one.in_api:
            found.append(path(f"api/v1/{here.rstrip('/')}", api({"GET": _answer(one)})))
    return found


def _safe(view: Callable[..., Any], one: Report, **kwargs: str) -> Callable[..., HttpResponse]:
    return require_safe(partial(view, report=one, **kwargs))


def _answer(one: Report) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        return report_answer(request, one)

    return answer
