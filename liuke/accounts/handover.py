"""What is in a person's hands, and how it gets into others before he is disabled (PERM-07).

Modules sign in their kinds of open work: which rows are somebody's, and the verb that gives one to somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Value
from django.utils.translation import gettext as _

from liuke.core import statements
from liuke.core.errands import Outcome, Progress, errand, start
from liuke.core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

    from liuke.core.models import Errand, Record

    from .models import User

AT_ONCE = 500  # so many are handed over while somebody waits; more go to the background


@dataclass(frozen=True)
class Duty:
    """A kind of open work. `rows` are those of some users, by their ids; `hand` gives one row to somebody."""

    key: str
    label: Any
    rows: Callable[[list[int]], QuerySet]
    hand: Callable[[Any, User, str, User], None]  # record, receiver, reason, by
    holder: str  # the field that says whose a row is
    url: str  # of the list of them, with %s for the user's id
    fits: Callable[[User], bool] = lambda user: True
    misfit: Any = ""  # said of a receiver who does not fit


_duties: dict[str, Duty] = {}


def sign(duty: Duty) -> None:
    """Sign a kind of work in. They are handed over in the order they are signed in."""
    _duties[duty.key] = duty


def duties() -> list[Duty]:
    return list(_duties.values())


def open_work(user: User) -> list[tuple[Duty, int]]:
    """The kinds of work this person still has, with how many; one question."""
    if not user.pk or not _duties:
        return []
    found: dict[Any, int] = dict(statements.rows(_counted, user.pk))
    return [(duty, found[place]) for place, duty in enumerate(duties()) if found.get(place)]


def _counted(user_id: int) -> Any:
    parts = [one.rows([user_id]).order_by().annotate(_kind=Value(place)) for place, one in enumerate(duties())]
    first, *others = [rows.values("_kind").annotate(_n=Count("pk")).values_list("_kind", "_n") for rows in parts]
    return first.union(*others, all=True) if others else first


def loads(people: list[int]) -> dict[int, list[tuple[str, int]]]:
    """What each of these people has in hand: [(kind, how many)]; one question a kind."""
    found: dict[int, list[tuple[str, int]]] = {pk: [] for pk in people}
    for duty in duties():
        for pk, n in duty.rows(people).order_by().values_list(duty.holder).annotate(n=Count("pk")):
            found[pk].append((str(duty.label), n))
    return found


def must_be_free(user: User) -> None:
    """Raises Refused naming what has to be handed over first."""
    work = open_work(user)
    if work:
        what = told(work)
        message = _("%(name)s still has open work, hand it over first: %(what)s")
        kinds = [{"kind": duty.key, "label": str(duty.label), "count": n} for duty, n in work]
        url = f"/users/{user.pk}/hand_over/"
        raise Refused(message % {"name": user.name, "what": what}, "open_work", work=kinds, url=url)


def told(work: Iterable[tuple[Duty, int]]) -> str:
    return "、".join(_("%(n)s × %(kind)s") % {"n": n, "kind": duty.label} for duty, n in work)


# handing over


@dataclass
class Handed:
    """What came of it: how many of each kind, and why others were left."""

    done: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    later: bool = False  # it goes on in the background

    @property
    def text(self) -> str:
        if self.later:
            return _("It goes on in the background")
        done = told((duty, self.done[duty.key]) for duty in duties() if self.done.get(duty.key))
        parts = [_("Handed over: %(what)s") % {"what": done or 0}]
        if self.failures:
            parts.append(_("%(n)s left: %(why)s") % {"n": len(self.failures), "why": "；".join(self.failures[:5])})
        return "。".join(parts)


def hand_over(user: User, receivers: dict[str, User], reason: str, by: User, beat: Any = None) -> Handed:
    """Give every open row to the receiver of its kind, each by its verb; a row that refuses stays and is told."""
    result = Handed()
    for duty in duties():
        receiver = receivers.get(duty.key)
        if receiver is None:
            continue
        for record in list(duty.rows([user.pk]).order_by("pk")):
            if why := _give(duty, record, receiver, reason, by):
                result.failures.append(f"{record}: {why}")
            else:
                result.done[duty.key] = result.done.get(duty.key, 0) + 1
            if beat:
                beat(sum(result.done.values()) + len(result.failures))
    return result


def _give(duty: Duty, record: Record, receiver: User, reason: str, by: User) -> str:
    try:
        duty.hand(record, receiver, reason, by)
    except Refused as refused:
        return refused.message
    except ValidationError as wrong:
        return " ".join(wrong.messages)
    return ""


def later(user: User, receivers: dict[str, User], reason: str, disable: bool, by: User) -> Handed:
    ids = {key: one.pk for key, one in receivers.items()}
    label = _("Hand-over of %(name)s") % {"name": user.name}
    start("hand_over", by, label, leaver=user.pk, receivers=ids, reason=reason, disable=disable)
    return Handed(later=True)


@errand("hand_over")
def hand_over_in_background(work: Errand, progress: Progress) -> Outcome:
    """After a crash it begins again with what is left."""
    from .models import User

    params, user = work.params, User.objects.get(pk=work.params["leaver"])
    people = {one.pk: one for one in User.objects.filter(pk__in=params["receivers"].values())}
    receivers = {key: people[pk] for key, pk in params["receivers"].items()}
    total = sum(n for _duty, n in open_work(user))
    result = hand_over(user, receivers, params["reason"], work.user, lambda done: progress(done, total))
    if params["disable"] and not open_work(user):
        user.disable(by=work.user)
    return Outcome(result.text[:500], url=f"/users/{user.pk}/")
