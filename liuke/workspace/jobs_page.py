"""What runs by itself: each job with its last and next run, and the list of runs (SYS-06, SYS-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liuke.core import toasts
from liuke.core.display import badge
from liuke.core.doors.common import go, page_title, screen
from liuke.core.jobs import enqueue, known
from liuke.core.jobs.monitor import overview, seconds
from liuke.core.jobs.store import is_waiting
from liuke.core.models import JobRun
from liuke.core.pages import Action, Link
from liuke.core.refusals import Forbidden

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from markupsafe import Markup

NEWEST = 50


@require_safe
def jobs_page(request: HttpRequest) -> HttpResponse:
    _require(request, "view")
    states = dict(JobRun.State.choices)
    state = request.GET.get("state", "")
    quiet = [job.name for job in known() if job.quiet and job.cron]  # one of each minute
    runs = JobRun.objects.exclude(name__in=quiet, state=JobRun.State.DONE).order_by("-id")
    if state in states:
        runs = runs.filter(state=state)
    context = {
        "page_title": page_title(_("Jobs")),
        "title": _("Jobs"),
        "crumbs": [Link(_("Jobs"), "/jobs/", current=True)],
        "commands": [Action("help", _("Help"), "/help/#jobs", "help-circle", access_key="h")],
        "jobs": [(row, _badge(row.last) if row.last else "") for row in overview()],
        "may_run": request.user.reach("jobs", "run") is not None,
        "runs": [(run, _badge(run), seconds(run)) for run in runs[:NEWEST]],
        "scenes": [Link(_("All"), "/jobs/", current=state not in states)]
        + [Link(str(label), f"/jobs/?state={key}", current=key == state) for key, label in states.items()],
    }
    return screen(request, "workspace/jobs.html", context)


def _badge(run: JobRun) -> Markup:
    return badge(JobRun.TONES["state"][run.state], run.get_state_display())


@require_POST
def run_job(request: HttpRequest, name: str) -> HttpResponse:
    start(request, name)
    return go(request, "/jobs/")


def start(request: HttpRequest, name: str) -> None:
    """Put a run into the queue, unless one waits there; the worker takes it within a second or two.

    Raises Forbidden for whoever may not run jobs, Http404 for a job nobody knows.
    """
    _require(request, "run")
    if name not in {job.name for job in known() if not job.asked_back}:
        raise Http404
    if is_waiting(name):
        toasts.add(request, _("A run of this job is waiting already"))
    else:
        enqueue(name)
        toasts.add(request, _("The job has been started"))


def _require(request: HttpRequest, action: str) -> None:
    if request.user.reach("jobs", action) is None:
        raise Forbidden


job_urls = [path("jobs/", jobs_page), path("jobs/<slug:name>/run/", run_job)]
