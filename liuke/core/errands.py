"""Background work that a person asked for: `@errand` names a kind, `start` asks for it, the worker does it.

@errand("export")
def export(errand, progress):          # may run twice, after a crash: go on from `errand.notes`
    for done, rows in ...:
        progress(done, total)          # raises Cancelled when the person has stopped it
    return Outcome(_("%(n)s rows") % …, file=path, file_name="客户.xlsx")
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, Value
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import audit, clock, files, statements
from liuke.core.jobs.registry import job
from liuke.core.jobs.store import PASSING, enqueue
from liuke.core.listing import Question, arms_of
from liuke.core.models.errands import Errand
from liuke.core.models.jobs import JobRun
from liuke.core.models.notice import Notice
from liuke.core.notices import MANY, declare_kind, notify
from liuke.core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[Errand, "Progress"], "Outcome | str"]

REMEMBERED = timedelta(days=30)
logger = logging.getLogger("liuke.errands")
BROKEN_OFF: Any = lazy("It was broken off too often")
_kinds: dict[str, Work] = {}

declare_kind("errand.done", "progress-check", "green", text=lazy("%(record)s: %(result)s"))
declare_kind("errand.failed", "alert-circle", "red", text=lazy("%(record)s did not work: %(result)s"))


@dataclass(frozen=True)
class Outcome:
    """What came of it: a line of words, and a file to fetch or a page that shows more."""

    text: str
    file: str = ""
    file_name: str = ""
    url: str = ""


class Cancelled(Exception):
    """The person has stopped the work."""


class Progress:
    """Tells how far an errand is, and learns that it has been stopped."""

    def __init__(self, errand: Errand) -> None:
        self.errand = errand

    def __call__(self, done: int, total: int | None = None) -> None:
        values = {"done": done} if total is None else {"done": done, "total": total}
        for name, value in values.items():
            setattr(self.errand, name, value)
        if not Errand.objects.filter(pk=self.errand.pk, state=Errand.State.RUNNING).update(**values):
            raise Cancelled


def errand(kind: str) -> Callable[[Work], Work]:
    """Sign the function in that does errands of this kind."""

    def sign_in(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return sign_in


def start(kind: str, user: Any, label: str, /, **params: Any) -> Errand:
    """Ask for an errand; with the caller's transaction it exists or does not."""
    assert kind in _kinds, kind
    with transaction.atomic():
        made = Errand.objects.create(kind=kind, user=user, label=label[:200], params=params)
        made.run = enqueue("errand", errand=made.pk)
        made.save(update_fields=["run"])
    return made


def corner_counts(user: Any, waiting: tuple[tuple[Any, Q], ...] = ()) -> tuple[int, int, list[int]]:
    """(unread notices, open errands, rows that wait in each of these) in one question.

    Notices are counted up to 100, what waits up to 99 each.
    """
    found = Counter(kind for (kind,) in statements.rows(_corner, user.pk, waiting))
    return min(found[0], MANY + 1), found[1], [min(found[2 + place], MANY) for place in range(len(waiting))]


def _corner(user_id: int, waiting: tuple[tuple[Any, Q], ...]) -> Any:
    """Errands, of which there are few, and what waits stand in front: a limit leaves them in."""
    errands = Errand.objects.filter(user=user_id, ended_at=None).values_list(Value(1))
    notices = Notice.objects.filter(user=user_id, read_at=None).values_list(Value(0))
    arms = []
    for place, (model, rows) in enumerate(waiting, start=2):
        for arm in arms_of(Question(model, (rows,))):  # each goes by an index of its own
            some = arm.rows().order_by().values("pk")[:MANY]
            arms.append(model._base_manager.filter(pk__in=some).order_by().values_list(Value(place)))
    return errands.union(*arms, notices, all=True)[: (2 + len(arms)) * MANY]


def give_up_lost() -> None:
    """Errands whose job was given up, because every worker died of it, end as well."""
    for lost in Errand.objects.filter(ended_at=None, run__state=JobRun.State.FAILED):
        _fail(lost, str(BROKEN_OFF))


def is_lost(errand: Errand) -> bool:
    return bool(errand.is_open and errand.run and errand.run.state == JobRun.State.FAILED)


@job("errand", label=lazy("Background tasks"), quiet=True)
def run_errand(today: date, *, errand: int) -> str:
    """Do one errand, or go on with it after a crash."""
    found = _take(errand)
    if found is None:
        return _("Nothing left to do")
    with translation.override(found.user.language):
        _do(found)
    return f"{found.kind} {found.pk}"


def _take(pk: int) -> Errand | None:
    rows = Errand.objects.filter(pk=pk, state__in=Errand.OPEN)
    if not rows.update(state=Errand.State.RUNNING, started_at=clock.now()):
        return None
    return rows.select_related("user").first()


def _do(errand: Errand) -> None:
    try:
        outcome = _kinds[errand.kind](errand, Progress(errand))
    except Cancelled:
        return
    except Refused as refused:
        _fail(errand, refused.message)
    except PASSING:
        raise  # the queue tries again
    except Exception:
        number = f"E-{secrets.token_hex(3).upper()}"
        logger.exception("%s Errand %s of kind %s failed", number, errand.pk, errand.kind)
        _fail(errand, _("Something went wrong, number %(number)s") % {"number": number})
    else:
        _finish(errand, outcome if isinstance(outcome, Outcome) else Outcome(outcome))


def _finish(errand: Errand, outcome: Outcome) -> None:
    kept = {"file": outcome.file, "file_name": outcome.file_name, "url": outcome.url}
    with transaction.atomic():
        if not errand.end(Errand.State.DONE, outcome.text, **kept):
            files.remove(outcome.file)  # cancelled in the last moment
            return
        _note(errand, "done", outcome.text)
        notify(errand.user, "errand.done", record=errand, url=outcome.url or "/errands/", result=outcome.text)


def _fail(errand: Errand, reason: str) -> None:
    with transaction.atomic():
        if errand.end(Errand.State.FAILED, reason):
            _note(errand, "failed", reason)
            notify(errand.user, "errand.failed", record=errand, url="/errands/", result=reason)


def _note(errand: Errand, outcome: str, result: str) -> None:
    """Many rows in one entry; what became of each is told by its own event."""
    audit.note(errand.kind, by=errand.user, kind="core.Errand", text=errand.label, outcome=outcome,
               details={"result": result[:500], **_asked(errand.params)})  # fmt: skip


def _asked(params: dict[str, Any]) -> dict[str, Any]:
    return {name: params[name] for name in ("resource", "report", "act", "columns", "import") if name in params}


@job("forget-errands", cron="50 3 * * *", label=lazy("Remove old files of background tasks"))
def forget_errands(today: date) -> str:
    """Files go when their time is over, their lines a month later."""
    give_up_lost()
    now, count = clock.now(), 0
    for old in Errand.objects.filter(expires_at__lte=now).exclude(file=""):
        with suppress(OSError):
            files.remove(old.file)
        Errand.objects.filter(pk=old.pk).update(file="")
        count += 1
    Errand.objects.filter(expires_at__lte=now - REMEMBERED).delete()
    return _("%(count)s files removed") % {"count": count}
