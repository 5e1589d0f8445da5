"""The work of an import in the background: first a check that writes nothing, then the rows, a thousand at a time."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from liuke.core import planner
from liuke.core.errands import Cancelled, Outcome, errand
from liuke.core.imports import cells
from liuke.core.imports.chunks import Chunk
from liuke.core.imports.matching import Matcher
from liuke.core.imports.reading import Reader
from liuke.core.imports.sheets import Source
from liuke.core.many import save_many
from liuke.core.many.pouring import pour
from liuke.core.models import Import
from liuke.core.refusals import Forbidden, Refused
from liuke.core.register import resource
from liuke.core.verbs import in_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liuke.core.errands import Progress
    from liuke.core.imports.reading import Line
    from liuke.core.many import Draft
    from liuke.core.models import Errand

AT_ONCE = 1000
PAUSE = 0.06  # seconds between two chunks
PREVIEW, TOLD = 20, 100
State = Import.State


@errand("import-check")
def check_import(errand: Errand, progress: Progress) -> Outcome:
    """Find out what would happen to each row. Nothing is written but the report."""
    of = _import_of(errand, State.CHECKING)
    check, total = Check(of), Source(of.file, of.options).estimate()
    for done, lines in _chunks(of, 0):
        check.take(lines)
        progress(done, max(total, done))
    of.step(State.CHECKED, out_of=(State.CHECKING,), report=check.report())
    return Outcome(check.words(), url=f"{of.url}check/")


class Check:
    """Counts what a file holds, and keeps the first rows and the first errors to be shown."""

    def __init__(self, of: Import) -> None:
        self.user = of.user
        self.reader, self.matcher = Reader(of, resource(of.resource)), Matcher(resource(of.resource), of.user)
        self.seen: set[int] = set()
        self.counts = {"total": 0, "fresh": 0, "double": 0, "wrong": 0}
        self.preview: list[dict[str, Any]] = []
        self.errors: list[list[Any]] = []

    def take(self, lines: list[Line]) -> None:
        drafts = self.reader.drafts(lines)
        double = self._doubles(drafts)
        fresh = [draft for draft, known in zip(drafts, double, strict=True) if not known]
        for draft in fresh:
            self.reader.fresh(draft)
        save_many(fresh, self.user, action="import", dry=True)
        for line, draft, known in zip(lines, drafts, double, strict=True):
            self._note(line, draft, "wrong" if draft.errors else "double" if known else "fresh")

    def _doubles(self, drafts: list[Draft]) -> list[bool]:
        found, double = self.matcher.found(drafts), []
        for draft in drafts:
            key = self.matcher.key(draft)
            mark = hash(key)
            double.append(key is not None and (key in found or mark in self.seen))
            self.seen.add(mark)
        return double

    def _note(self, line: Line, draft: Draft, verdict: str) -> None:
        number, row = line
        self.counts["total"] += 1
        self.counts[verdict] += 1
        reasons = draft.sentences()
        if len(self.preview) < PREVIEW:
            told = [shown(cell) for cell in row]
            self.preview.append({"line": number, "verdict": verdict, "reasons": reasons, "cells": told})
        if reasons and len(self.errors) < TOLD:
            self.errors.append([number, "；".join(reasons)])

    def report(self) -> dict[str, Any]:
        return {
            **self.counts, "preview": self.preview, "errors": self.errors, "unknown": self.reader.unknown,
        }  # fmt: skip

    def words(self) -> str:
        return _("%(fresh)s can be imported, %(double)s double, %(wrong)s with errors") % self.counts


def shown(cell: Any) -> str:
    try:
        return cells.text(cell)[:200]
    except ValueError:
        return "…"
    except Exception:  # a number Excel has rounded: the reason stands beside it
        return "#"


@errand("import")
def run_import(errand: Errand, progress: Progress) -> Outcome:
    """Save the rows. Where it was broken off it goes on: what is done is noted in the transaction of the rows."""
    of = _import_of(errand, State.IMPORTING)
    reader, matcher = Reader(of, resource(of.resource)), Matcher(resource(of.resource), of.user)
    try:
        for done, lines in _chunks(of, of.position):
            in_transaction(lambda lines=lines: _save(of, reader, matcher, lines))  # type: ignore[misc]
            progress(done, of.report.get("total") or 0)
            _let_others_in()
    except Cancelled:
        of.step(State.DONE, out_of=(State.IMPORTING,))
        raise
    of.step(State.DONE, out_of=(State.IMPORTING,))
    of.refresh_from_db()
    planner.count_anew(of.created + of.updated)
    return Outcome(result_words(of), url=f"{of.url}result/")


def _let_others_in() -> None:
    """SQLite has one lock for all who write; whoever waits for it asks every tenth of a second."""
    if connection.vendor == "sqlite":
        time.sleep(PAUSE)


def result_words(of: Import) -> str:
    counts = {"new": of.created, "updated": of.updated, "skipped": of.skipped, "failed": of.failed}
    return _("New %(new)s · Updated %(updated)s · Skipped %(skipped)s · Failed %(failed)s") % counts


def _save(of: Import, reader: Reader, matcher: Matcher, lines: list[Line]) -> None:
    chunk = Chunk(of, reader, matcher)
    chunk.save(lines)
    if chunk.rows:
        pour(chunk.rows)
    counts = {name: F(name) + count for name, count in chunk.counts.items()}
    here = Import.objects.filter(pk=of.pk, position=of.position, state=State.IMPORTING)
    if not here.update(position=lines[-1][0], **counts):
        raise Refused(_("This import is being done already"), "taken_over")
    of.position = lines[-1][0]


def _chunks(of: Import, behind: int) -> Iterator[tuple[int, list[Line]]]:
    """(rows read so far, the next rows) of everything behind a line."""
    rows, done = Source(of.file, of.options).rows(), 0
    while lines := list(islice(rows, AT_ONCE)):
        done += len(lines)
        if left := [line for line in lines if line[0] > behind]:
            yield done, left


def _import_of(errand: Errand, state: str) -> Import:
    """The import of an errand, in the state it was started in, for a person who still may do it."""
    of = Import.objects.select_related("user").get(pk=errand.params["import"])
    if of.state != state:
        raise Refused(_("This import has gone on in the meantime"), "gone_on")
    if not resource(of.resource).may(of.user, "import"):
        raise Forbidden
    return of
