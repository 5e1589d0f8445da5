"""How the house is doing: figures, what failed and what took long, each found by its number (BI-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liuke.core import formats
from liuke.core.backups import folder
from liuke.core.display import badge
from liuke.core.doors.common import page_title, screen
from liuke.core.models import Fault
from liuke.core.pages import Action, Fact, FactGroup, Link, Stat
from liuke.core.refusals import Forbidden
from liuke.core.vitals import Vitals, vitals

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from markupsafe import Markup

HERE = "/monitor/"
NEWEST = 50


@require_safe
def monitor_page(request: HttpRequest) -> HttpResponse:
    if request.user.reach("monitor", "view") is None:
        raise Forbidden
    kinds, kind = dict(Fault.Kind.choices), request.GET.get("kind", "")
    number = request.GET.get("number", "").strip().upper()
    now = vitals()
    context = {
        "page_title": page_title(_("Monitor")),
        "title": _("Monitor"),
        "crumbs": [Link(_("Monitor"), HERE, current=True)],
        "commands": [Action("help", _("Help"), "/help/#monitor", "help-circle", access_key="h")],
        "stats": _stats(now),
        "worries": _worries(now),
        "groups": _facts(now),
        "faults": [(one, _badge(one)) for one in _found(kind if kind in kinds else "", number)],
        "number": number,
        "kind": kind if kind in kinds else "",
        "scenes": [Link(_("All"), HERE, current=kind not in kinds)]
        + [Link(str(label), f"{HERE}?kind={key}", current=key == kind) for key, label in kinds.items()],
    }
    return screen(request, "workspace/monitor.html", context)


def _found(kind: str, number: str) -> list[Fault]:
    """The newest first; by number also a part of it, as it is read out over the telephone."""
    rows = Fault.objects.select_related("user").order_by("-id")
    if kind:
        rows = rows.filter(kind=kind)
    if number:
        rows = rows.filter(number__contains=number)
    return list(rows[:NEWEST])


def _badge(fault: Fault) -> Markup:
    return badge(Fault.TONES["kind"][fault.kind], fault.get_kind_display())


def _stats(now: Vitals) -> list[Stat]:
    return [
        Stat(_("Errors within a day"), formats.number(now.errors), f"{HERE}?kind=error", "red" if now.errors else ""),
        Stat(_("Slow requests within a day"), formats.number(now.slow), f"{HERE}?kind=slow"),
        Stat(_("Waiting in the queue"), formats.number(now.queue.waiting), "/jobs/?state=queued"),
        Stat(_("Failed jobs within a day"), formats.number(now.queue.failed), "/jobs/?state=failed",
             "red" if now.queue.failed else ""),
        Stat(_("Sessions"), formats.number(now.sessions), HERE),
    ]  # fmt: skip


def _worries(now: Vitals) -> list[str]:
    """What somebody should see to now."""
    told = []
    if not now.worker_is_alive:
        told.append(_("No worker shows a sign of life: nothing runs in the background. Start `liuke worker`"))
    if now.disk_is_short:
        told.append(_("Little room on the disk: %(free)s are left") % {"free": formats.size(now.disk_free)})
    return told


def _facts(now: Vitals) -> list[FactGroup]:
    newest = next(iter(folder.all_kept()), None)
    waits = formats.ago(now.queue.oldest) if now.queue.oldest else "--"
    return [
        FactGroup(
            _("State"),
            [
                Fact(_("Version"), now.version),
                Fact(_("Database"), f"{now.database}, {formats.size(now.database_size)}"),
                Fact(_("Free on the disk"), formats.size(now.disk_free)),
                Fact(_("Load of the machine"), "--" if now.load is None else f"{now.load:.2f}"),
                Fact(_("Worker seen"), formats.ago(now.worker_seen_at) if now.worker_seen_at else "--"),
                Fact(_("Runs at work"), formats.number(now.queue.running)),
                Fact(_("Longest wait in the queue"), waits),
                Fact(_("Last backup"), formats.moment(newest.made_at) if newest else "--"),
            ],
        )
    ]


monitor_urls = [path("monitor/", monitor_page)]
