"""What the administration area says of each of its lines: the one figure, or state, that is worth a glance."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.accounts.models import Role, SignInAttempt, User
from liuke.accounts.separation import people_with_several
from liuke.core import clock, formats, options
from liuke.core.backups import folder
from liuke.core.jobs.monitor import ALIVE, overview_of, worker_seen_at
from liuke.core.models import AuditBatch, AuditEntry, Fault, JobRun
from liuke.core.register import resources

from .administration import State, tell

A_DAY = timedelta(days=1)
LATE_BACKUP = timedelta(hours=36)  # one is made each night
LATE_SEAL = timedelta(minutes=10)  # new entries are sealed each minute


def _people() -> State:
    states = dict(User.objects.alive().order_by().values_list("status").annotate(Count("pk")))
    normal, off = states.get("normal", 0), states.get("disabled", 0)
    text = _("%(n)s normal, %(off)s disabled") if off else _("%(n)s normal")
    if locked := SignInAttempt.locked_names():
        return State(
            _("%(n)s locked") % {"n": locked},
            "amber",
            _("%(n)s user names are locked after failed sign-ins, for a quarter of an hour") % {"n": locked},
        )
    return State(text % {"n": formats.number(normal), "off": formats.number(off)})


def _roles() -> State:
    several = people_with_several() if options.get("separated_duties") else []
    if several:
        names = "、".join(person.name for person in several[:5])
        return State(
            _("%(n)s conflicts") % {"n": len(several)},
            "amber",
            _("Several of the three duties are held by: %(names)s") % {"names": names},
        )
    return State(formats.number(Role.objects.alive().count()))


def _jobs() -> State:
    failed = JobRun.objects.filter(state=JobRun.State.FAILED, finished_at__gt=clock.now() - A_DAY).count()
    seen = worker_seen_at()
    if seen is None or clock.now() - seen >= ALIVE:
        return State(
            _("No worker"),
            "red",
            _("No worker shows a sign of life: nothing runs in the background. Start `liuke worker`"),
        )
    if failed:
        return State(
            _("%(n)s failed") % {"n": formats.number(failed)},
            "red",
            _("%(n)s jobs failed within a day") % {"n": formats.number(failed)},
        )
    return State(_("All well"), "green")


def _faults() -> State:
    since = Fault.objects.filter(at__gt=clock.now() - A_DAY).order_by()
    errors = since.exclude(kind=Fault.Kind.SLOW).count()
    if errors:
        return State(
            _("%(n)s errors") % {"n": formats.number(errors)},
            "red",
            _("%(n)s errors within a day, each with its number") % {"n": formats.number(errors)},
        )
    return State(_("No errors"), "green")


def _backups() -> State:
    newest = next(iter(folder.all_kept()), None)
    if newest is None:
        return State(_("None yet"), "amber", _("There is no backup yet"))
    text = formats.ago(newest.made_at)
    if clock.now() - newest.made_at > LATE_BACKUP:
        return State(text, "amber", _("The last backup is of %(at)s") % {"at": formats.moment(newest.made_at)})
    return State(text)


def _audit() -> State:
    verified = overview_of("verify-audit").last
    if verified and verified.state == JobRun.State.FAILED:
        return State(_("Seals broken"), "red", _("The last look at the audit log found something wrong"))
    top = AuditBatch.objects.aggregate(top=Max("top"))["top"] or 0
    waiting = AuditEntry.objects.filter(pk__gt=top).aggregate(n=Count("pk"), oldest=Min("at"))
    text = _("%(n)s unsealed") % {"n": formats.number(waiting["n"])}
    if waiting["oldest"] and timezone.now() - waiting["oldest"] > LATE_SEAL:
        return State(text, "amber", _("Entries of the audit log wait for their seal longer than they should"))
    return State(text)


def _settings() -> State:
    if options.get("level_protection"):
        return State(_("MLPS rules on"), "blue")
    return State("")


def _bin() -> State:
    gone = sum(one.model.objects.exclude(deleted_at=None)[:1000].count() for one in resources() if one.fields)
    return State(formats.number(gone))


tell("/users/", "people", lazy("Enter, disable with hand-over, one-time passwords, sessions and tokens"), _people)
tell("/departments/", "people", lazy("The tree by which ranges and superiors are told"))
tell("/positions/", "people", lazy("What people are called in the house"))
tell("/roles/", "people", lazy("Who may what, field by field; preview; the three administrators of MLPS"), _roles)
tell("/jobs/", "running", lazy("What runs by itself, with its last and next run"), _jobs)
tell("/monitor/", "running", lazy("Queue, database, disk; errors by their number, slow requests"), _faults)
tell("/backups/", "running", lazy("Make, download, restore; clear business data"), _backups)
tell("/recycle-bin/", "running", lazy("Put back, or delete for good"), _bin)
tell("/audit/", "rules", lazy("Who did what, when and from where; search, export, seals"), _audit)
tell("/settings/", "rules", lazy("Sign-in, sessions, password rules, limits, required fields"), _settings)
tell("/dictionary-items/", "base", lazy("What forms offer to choose from"))
tell("/custom-fields/", "base", lazy("Fields of the house's own"))
tell("/calendar-days/", "base", lazy("Holidays and working weekends"))
tell("/industries/", "base", lazy("What customers do"))
tell("/cities/", "base", lazy("Where customers are"))
