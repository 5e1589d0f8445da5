"""Which jobs there are. Each module names its own in its `jobs.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from croniter import croniter
from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., str | None]")


@dataclass(frozen=True)
class Job:
    """A function that gets the day and perhaps a payload, and tells in one line what it did."""

    name: str
    work: Callable[..., str | None]
    cron: str | None = None  # in the company's time zone
    label: Any = ""


_jobs: dict[str, Job] = {}


def job(name: str, cron: str | None = None, label: Any = "") -> Callable[[F], F]:
    """Sign a function in: `(today: date) -> str | None`, for queue jobs `(today, *, key=…)` with their payload.

    With `cron` ("0 2 * * 6": Saturdays at two) the schedule runs it; without, only `enqueue` and people do.
    """
    if cron and not croniter.is_valid(cron):
        raise ValueError(f"{name}: {cron!r} is no cron line of five fields")

    def sign_in(work: F) -> F:
        _jobs[name] = Job(name, work, cron, label or name)
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
    from . import upkeep  # noqa: F401

    autodiscover_modules("jobs")
