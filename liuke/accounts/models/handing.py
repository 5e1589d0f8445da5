"""Nobody leaves with work in his hands (PERM-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liuke.core.models import Record
from liuke.core.verbs import verb

if TYPE_CHECKING:
    from ..handover import Handed
    from .users import User


class HandsOver(Record):
    class Meta:
        abstract = True

    @verb
    def hand_over(
        self, to: User | None = None, reason: str = "", disable: bool = False, *, by: Any, **receivers: User | None
    ) -> Handed:
        """Give all open work to others: to one for everything, or to one of each kind (`to_customers` …).

        More than some hundreds go to the background. With `disable` the user is disabled when nothing is left.
        """
        from .. import handover

        user: Any = self
        work = handover.open_work(user)
        wanted = {duty.key: receivers.get(f"to_{duty.key}") or to for duty, _n in work}
        people = {key: one for key, one in wanted.items() if one is not None}
        if sum(n for _duty, n in work) > handover.AT_ONCE:
            return handover.later(user, people, reason, disable, by)
        result = handover.hand_over(user, people, reason, by)
        if disable and not handover.open_work(user):
            user.disable(by=by)
        return result
