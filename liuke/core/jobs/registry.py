"""Which jobs there are. Each module names its own in its `jobs.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from croniter import croniter
from django.utils.module_loading import autodiscover_modules

from liuke.core import options

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

F = TypeVar("F", bound="Callable[..., str | None]")


@dataclass(frozen=True)
class Job:
    """A function that gets the day and perhaps a payload, and tells in one line what it did."""

    name: str
    work: Callable[..., str | None]
    cron: str | None = None  # in the company's time zone
    label: Any = ""
    setting: str = ""  # the key of an option that holds a cron line of the house's own
    moment: Callable[[date], datetime] | None = None  # of a day it is run for by hand; else noon
    asked_back: bool = False  # started by the page that asks back alone, never by a name
    quiet: bool = False  # runs so often that only a failure is news

    @property
    def line(self) -> str | None:
        """The cron line in force. A setting that makes no sense, written past the settings page, counts for nothing."""
        own = str(options.get(self.setting)) if self.setting else ""
        return own if is_cron(own) else self.cron


_jobs: dict[str, Job] = {}


def is_cron(line: str) -> bool:
    """Whether this is a cron line of five fields."""
    return len(line.split()) == 5 and bool(croniter.is_valid(line))


def job(
    name: str, cron: str | None = None, label: Any = "", setting: str = "",
    moment: Callable[[date], datetime] | None = None, asked_back: bool = False, quiet: bool = False,
) -> Callable[[F], F]:  # fmt: skip
    """Sign a function in: `(today: date) -> str | None`, for queue jobs `(today, *, key=…)` with their payload.

    With `cron` ("0 2 * * 6": Saturdays at two) the schedule runs it; without, only `enqueue` and people do.
    `setting` names an option with which a house may choose another time, `moment` tells which moment of a day the
    clock shows when somebody runs it for that day. What is `asked_back` replaces or empties the house: only the page
    that asks back starts it, and two such runs never meet. Of a `quiet` one only failures are told.
    """
    if cron and not is_cron(cron):
        raise ValueError(f"{name}: {cron!r} is no cron line of five fields")

    def sign_in(work: F) -> F:
        _jobs[name] = Job(name, work, cron, label or name, setting, moment, asked_back, quiet)
        return work

    return sign_in


def known() -> list[Job]:
    """All jobs of the installed modules, by name."""
    _discover()
    return sorted(_jobs.values(), key=lambda job: job.name)


def find(name: str) -> Job:
    """The job of this name. Raises KeyError that lists the known ones."""
    _discover()
    if name not in _jobs:
        raise UnknownJob(name)
    return _jobs[name]


class UnknownJob(KeyError):
    """A name nobody has signed in. Prints as words: a KeyError would show them in quotes."""

    def __str__(self) -> str:
        from django.utils.translation import gettext as _

        names = ", ".join(job.name for job in known())
        return _("There is no job “%(name)s”. Known: %(names)s") % {"name": self.args[0], "names": names}


@cache
def _discover() -> None:
    from liuke.core import errands, exports  # noqa: F401
    from liuke.core.audit import jobs as _audit  # noqa: F401
    from liuke.core.imports import running, undoing  # noqa: F401
    from liuke.core.imports import upkeep as _imports  # noqa: F401

    from . import upkeep  # noqa: F401

    autodiscover_modules("jobs")
